package dev.llmmem.workload;

import java.util.Objects;

/**
 * What updates the weights. New kinds may come in minor versions, so keep a {@code default} branch in switches.
 *
 * <p>States have the format of their parameter, as in {@code torch.optim}.
 */
public sealed interface Optimizer {

    /** How PyTorch runs the update; what differs is the memory of the step. */
    enum Implementation {
        /** All tensors at once, with temporaries as large as the trained parameters. The default on CUDA. */
        FOREACH,
        /** One tensor after another: temporaries as large as the largest one. */
        LOOP,
        /** One kernel and no temporaries. */
        FUSED
    }

    /**
     * AdamW (arXiv 1711.05101): two states of each trained parameter's size.
     *
     * @param implementation how the update runs
     */
    record AdamW(Implementation implementation) implements Optimizer {
        /**
         * Checks that nothing is missing.
         *
         * @param implementation how the update runs
         */
        public AdamW {
            Objects.requireNonNull(implementation, "implementation");
        }
    }

    /**
     * Stochastic gradient descent.
     *
     * @param momentum whether a state of each trained parameter's size is kept
     * @param implementation how the update runs
     */
    record Sgd(boolean momentum, Implementation implementation) implements Optimizer {
        /**
         * Checks that nothing is missing.
         *
         * @param momentum whether a state of each trained parameter's size is kept
         * @param implementation how the update runs
         */
        public Sgd {
            Objects.requireNonNull(implementation, "implementation");
        }
    }

    /** RMSprop without momentum or centring: one state of each trained parameter's size. Foreach, as on CUDA by default. */
    record RmsProp() implements Optimizer {}

    /** Adagrad (Duchi et al., JMLR 2011): one state of each trained parameter's size. Foreach, as on CUDA by default. */
    record Adagrad() implements Optimizer {}

    /**
     * Adafactor without a first moment (arXiv 1804.04235) as Hugging Face transformers implements it: a row and a column of
     * fp32 state for each matrix; the update runs in fp32, tensor by tensor.
     */
    record Adafactor() implements Optimizer {}

    /**
     * AdamW with states of 8 bits (arXiv 2110.02861) as bitsandbytes implements it; tensors below 4096 elements keep fp32
     * states.
     *
     * @param paged whether large states are in managed memory, which the device can evict to the host
     */
    record AdamW8bit(boolean paged) implements Optimizer {}

    /** Muon ({@code torch.optim.Muon}) on the matrices of the layers, with one state each, and foreach AdamW on the rest. */
    record Muon() implements Optimizer {}

    /**
     * AdamW as PyTorch runs it on CUDA by default.
     *
     * @return foreach AdamW
     */
    static Optimizer adamW() {
        return new AdamW(Implementation.FOREACH);
    }

    /**
     * AdamW in a given implementation.
     *
     * @param implementation how the update runs
     * @return AdamW
     */
    static Optimizer adamW(Implementation implementation) {
        return new AdamW(implementation);
    }

    /**
     * Plain gradient descent, no state.
     *
     * @return foreach SGD without momentum
     */
    static Optimizer sgd() {
        return new Sgd(false, Implementation.FOREACH);
    }

    /**
     * Gradient descent with momentum, one state.
     *
     * @return foreach SGD with momentum
     */
    static Optimizer sgdWithMomentum() {
        return new Sgd(true, Implementation.FOREACH);
    }
}
