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
     * @param amsgrad whether the largest second moment so far is kept as a third state ({@code amsgrad=True})
     */
    record AdamW(Implementation implementation, boolean amsgrad) implements Optimizer {
        /**
         * Checks that nothing is missing.
         *
         * @param implementation how the update runs
         * @param amsgrad whether there is a third state
         */
        public AdamW {
            Objects.requireNonNull(implementation, "implementation");
        }

        /**
         * AdamW without a third state.
         *
         * @param implementation how the update runs
         */
        public AdamW(Implementation implementation) {
            this(implementation, false);
        }
    }

    /**
     * Stochastic gradient descent ({@code torch.optim.SGD}).
     *
     * @param momentum whether a state of each trained parameter's size is kept
     * @param nesterov whether momentum looks ahead; needs {@code momentum}
     * @param weightDecay whether weights decay, which makes a second gradient of each parameter, unless the update is fused
     * @param implementation how the update runs
     */
    record Sgd(boolean momentum, boolean nesterov, boolean weightDecay, Implementation implementation)
            implements Optimizer {
        /**
         * Checks that nothing is missing.
         *
         * @param momentum whether a state of each trained parameter's size is kept
         * @param nesterov whether momentum looks ahead
         * @param weightDecay whether weights decay
         * @param implementation how the update runs
         * @throws IllegalArgumentException if {@code nesterov} is true and {@code momentum} is not
         */
        public Sgd {
            Objects.requireNonNull(implementation, "implementation");
            if (nesterov && !momentum) {
                throw new IllegalArgumentException(
                        "nesterov is true, but must be false without momentum: there is nothing to look ahead with");
            }
        }

        /**
         * Gradient descent without weight decay.
         *
         * @param momentum whether a state of each trained parameter's size is kept
         * @param implementation how the update runs
         */
        public Sgd(boolean momentum, Implementation implementation) {
            this(momentum, false, false, implementation);
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
     * @param paged whether states of 100000 elements and more are in managed memory, which the device can evict to the host
     * @param embeddingsInFp32 whether embeddings keep fp32 states, as Hugging Face's Trainer has it
     */
    record AdamW8bit(boolean paged, boolean embeddingsInFp32) implements Optimizer {
        /**
         * The optimizer as bitsandbytes makes it: states of embeddings have 8 bits too.
         *
         * @param paged whether large states are in managed memory
         */
        public AdamW8bit(boolean paged) {
            this(paged, false);
        }
    }

    /**
     * AdamW with fp32 states, whatever the format of the parameters, as bitsandbytes implements it ({@code AdamW32bit},
     * {@code PagedAdamW32bit}).
     *
     * @param paged whether states of 100000 elements and more are in managed memory
     */
    record AdamW32bit(boolean paged) implements Optimizer {}

    /**
     * Lion (arXiv 2302.06675) as lion-pytorch 0.2.3 implements it: one state of each trained parameter's size and format; the
     * update runs tensor by tensor.
     */
    record Lion() implements Optimizer {}

    /**
     * Lion with a state of 8 bits as bitsandbytes implements it; tensors below 4096 elements keep an fp32 state.
     *
     * @param paged whether states of 100000 elements and more are in managed memory
     * @param embeddingsInFp32 whether embeddings keep an fp32 state, as Hugging Face's Trainer has it
     */
    record Lion8bit(boolean paged, boolean embeddingsInFp32) implements Optimizer {}

    /**
     * Lion with an fp32 state as bitsandbytes implements it.
     *
     * @param paged whether states of 100000 elements and more are in managed memory
     */
    record Lion32bit(boolean paged) implements Optimizer {}

    /**
     * Adam-mini (arXiv 2406.16793) in version 1.1.1 of its authors' package: a first moment of each trained parameter's
     * size, and one second moment for each head of queries and keys, each row of embeddings, values and feed-forward
     * matrices, each element of biases, and each tensor else. The names of the parameters say which is which, by the
     * package's own rules; {@code dim} and {@code n_heads} are those of the model.
     */
    record AdamMini() implements Optimizer {}

    /**
     * GaLore (arXiv 2403.03507): {@code GaLoreAdamW} of galore-torch 1.0 with {@code proj_type="std"}. The states of a
     * projected matrix are in a space of low rank, and the projection is kept besides. Projected are, as in the authors'
     * script, the matrices of linear layers whose names contain {@code attn} or {@code mlp}; the rest has two states of its
     * own size. The update runs tensor by tensor.
     *
     * @param rank the rank, 1 to 1048576; of a matrix that has a shorter side, the length of that
     * @param refreshing whether the step renews the projections, as every {@code update_proj_gap}-th one does, from a
     *     singular value decomposition in fp32: the step that needs most. The workspace of the decomposition is not counted
     */
    record GaLore(int rank, boolean refreshing) implements Optimizer {
        private static final int HIGHEST_RANK = 1 << 20;

        /**
         * Checks the rank.
         *
         * @param rank 1 to 1048576
         * @param refreshing whether the step renews the projections
         * @throws IllegalArgumentException if the rank is out of range
         */
        public GaLore {
            if (rank < 1 || rank > HIGHEST_RANK) {
                throw new IllegalArgumentException(
                        "rank is " + rank + ", but must be 1 to " + HIGHEST_RANK + " dimensions");
            }
        }

        /**
         * GaLore in a step that renews the projections.
         *
         * @param rank 1 to 1048576
         */
        public GaLore(int rank) {
            this(rank, true);
        }
    }

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
