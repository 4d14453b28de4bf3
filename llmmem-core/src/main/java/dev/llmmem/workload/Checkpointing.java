package dev.llmmem.workload;

/**
 * Gradient checkpointing (arXiv 1604.06174): whether a layer's activations are kept for the backward pass or computed
 * again from the layer's input.
 */
public enum Checkpointing {
    /** Everything is kept. */
    NONE,
    /** PyTorch's {@code use_reentrant=True}: a nested backward pass per layer. */
    REENTRANT,
    /**
     * PyTorch's {@code use_reentrant=False}, the default of current Hugging Face: saved tensors are rebuilt on demand.
     */
    NON_REENTRANT,
    /**
     * As {@link #NON_REENTRANT}, but the results of matrix products and of the kernels behind
     * {@code scaled_dot_product_attention} are kept, so that the second run of a layer computes the rest alone:
     * {@code context_fn=create_selective_checkpoint_contexts} of {@code torch.utils.checkpoint} for the operations
     * {@code aten.mm}, {@code addmm}, {@code bmm} and {@code _scaled_dot_product_*_attention}.
     */
    SELECTIVE,
    /**
     * As {@link #REENTRANT}, but each layer's input is kept on the host and copied back for the layer's backward pass
     * (unsloth_zoo/gradient_checkpointing.py, Unsloth_Offloaded_Gradient_Checkpointer). What lies on the host, rows ×
     * tokens × hidden size for each layer, is in no figure. Without autocast.
     */
    OFFLOADED
}
