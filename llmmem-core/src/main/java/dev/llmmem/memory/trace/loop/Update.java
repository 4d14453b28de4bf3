package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.workload.Optimizer;

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

    static Update of(Optimizer optimizer, Weights weights) {
        if (optimizer instanceof Optimizer.AdamW adam) {
            return switch (adam.implementation()) {
                // the square root of the second moment (torch/optim/adam.py, _multi_tensor_adam)
                case FOREACH -> new ForeachUpdate(weights, 2, 1);
                case LOOP -> new AdamWLoop(weights);
                case FUSED -> new AdamWFused(weights);
            };
        }
        if (optimizer instanceof Optimizer.Sgd sgd) { // adds in place (torch/optim/sgd.py)
            return new ForeachUpdate(weights, sgd.momentum() ? 1 : 0, 0);
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
        if (optimizer instanceof Optimizer.AdamW8bit adam) {
            return new AdamW8bitUpdate(weights, adam.paged());
        }
        if (optimizer instanceof Optimizer.Muon) {
            return new MuonUpdate(weights);
        }
        throw new IllegalArgumentException("optimizer is " + optimizer + ", which is not modelled; modelled are AdamW, "
                + "8-bit AdamW, SGD, RMSprop, Adagrad, Adafactor and Muon");
    }
}
