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
    NON_REENTRANT
}
