package dev.llmmem.workload;

/** Which implementation computes attention. */
public enum AttentionKernel {
    /** Matrix products and a softmax, score matrices and all ({@code attn_implementation="eager"}). */
    EAGER,
    /**
     * {@code torch.nn.functional.scaled_dot_product_attention}: flash for 16-bit without a mask, memory-efficient with
     * a mask or in fp32, plain arithmetic otherwise.
     */
    SDPA,
    /**
     * The package flash-attn ({@code attn_implementation="flash_attention_2"}, arXiv 2307.08691): never a score matrix nor a
     * mask of tokens by tokens, windows and soft caps included. For 16-bit arithmetic, heads of at most 256 elements and
     * one document a row.
     *
     * <p>What it allocates is that of flash-attn 2.8 (csrc/flash_attn/flash_api.cpp). Launches of few blocks split the keys by
     * the number of multiprocessors; meant are the 132 of an H100.
     */
    FLASH_ATTENTION_2
}
