package dev.llmmem.model;

/**
 * The non-linear function of a feed-forward network.
 *
 * <p>What matters for memory is which function it is and whether the framework computes it in one kernel or step by
 * step.
 */
public enum Activation {
    /** x·sigmoid(x), one kernel. */
    SILU,
    /** The exact Gaussian error linear unit, one kernel. */
    GELU,
    /** The tanh approximation of GELU, one kernel. */
    GELU_TANH,
    /** The tanh approximation of GELU computed step by step, as GPT-2 does. */
    GELU_NEW,
    /** The tanh approximation of GELU in another order of steps, as GPT-NeoX-20B computes it. */
    GELU_FAST,
    /** max(x, 0), one kernel. */
    RELU,
    /** max(x, 0)², two kernels. */
    RELU_SQUARED,
    /** tanh(x), one kernel. */
    TANH,
    /** x, no kernel. */
    IDENTITY
}
