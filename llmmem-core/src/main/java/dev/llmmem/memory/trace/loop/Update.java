package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Workload;

/** What an optimizer remembers between steps, and what its update makes. */
interface Update {

    /** Counts the states. */
    void load(Ledger ledger);

    /** Whether the states are made with the optimizer, before the first step. */
    default boolean madeAtOnce() {
        return false;
    }

    /** Runs the update of all trained parameters. */
    void run(Ledger ledger, Tape tape);

    /** Runs the update of one parameter by an optimizer of its own. */
    default void runAlone(Tape tape, long rows, long columns, DType type) {
        throw new IllegalStateException(this + " does not run alone");
    }

    /**
     * The update of a job.
     *
     * @throws IllegalArgumentException if the optimizer does not take the model
     */
    static Update of(Workload job, Weights weights) {
        Optimizer optimizer = job.optimizer();
        if (optimizer instanceof Optimizer.AdamW adam) {
            int states = adam.amsgrad() ? 3 : 2;
            return switch (adam.implementation()) {
                // the square root of the second moment (torch/optim/adam.py, _multi_tensor_adam)
                case FOREACH -> new ForeachUpdate(weights, states, 1);
                case LOOP -> new AdamWLoop(weights, states);
                case FUSED -> new AdamWFused(weights, states);
            };
        }
        if (optimizer instanceof Optimizer.Sgd sgd) {
            return new SgdUpdate(weights, sgd);
        }
        if (optimizer instanceof Optimizer.RmsProp) {
            // the square root of the average (torch/optim/rmsprop.py, _multi_tensor_rmsprop)
            return new ForeachUpdate(weights, 1, 1);
        }
        if (optimizer instanceof Optimizer.Adagrad) {
            // the square root of the sum, and the scaled gradient (torch/optim/adagrad.py, _multi_tensor_adagrad);
            // the sums are made by the constructor
            return new ForeachUpdate(weights, 1, 2, true);
        }
        if (optimizer instanceof Optimizer.Adafactor) {
            return new AdafactorUpdate(weights);
        }
        if (optimizer instanceof Optimizer.Lion) {
            return new LionUpdate(weights);
        }
        if (optimizer instanceof Optimizer.AdamMini) {
            return new AdamMiniUpdate(weights, new AdamMiniBlocks(job.model()));
        }
        if (optimizer instanceof Optimizer.GaLore galore) {
            return new GaLoreUpdate(weights, galore);
        }
        if (optimizer instanceof Optimizer.Muon) {
            return new MuonUpdate(weights);
        }
        boolean each = job.gradients() == Gradients.STEP_IN_BACKWARD;
        if (optimizer instanceof Optimizer.AdamW8bit adam) {
            return new BitsAndBytesUpdate(weights, 2, true, adam.embeddingsInFp32(), adam.paged(), each);
        }
        if (optimizer instanceof Optimizer.AdamW32bit adam) {
            return new BitsAndBytesUpdate(weights, 2, false, false, adam.paged(), each);
        }
        if (optimizer instanceof Optimizer.Lion8bit lion) {
            return new BitsAndBytesUpdate(weights, 1, true, lion.embeddingsInFp32(), lion.paged(), each);
        }
        if (optimizer instanceof Optimizer.Lion32bit lion) {
            return new BitsAndBytesUpdate(weights, 1, false, false, lion.paged(), each);
        }
        throw new IllegalStateException("optimizer " + optimizer + " has no update");
    }
}
