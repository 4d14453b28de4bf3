package dev.llmmem.workload;

/** Which implementation computes attention. */
public enum AttentionKernel {
    /** Matrix products and a softmax, score matrices and all ({@code attn_implementation="eager"}). */
    EAGER,
    /**
     * {@code torch.nn.functional.scaled_dot_product_attention}: flash for 16-bit without a mask, memory-efficient with
     * a mask or in fp32, plain arithmetic otherwise.
     */
    SDPA
}
