package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Optimizer;

/**
 * What an optimizer remembers between steps and what its update makes (torch/optim/adamw.py, adam.py, sgd.py).
 *
 * <p>States have the format of their parameter.
 */
final class OptimizerStep {

    private final Optimizer optimizer;
    private final Weights weights;

    OptimizerStep(Optimizer optimizer, Weights weights) {
        this.optimizer = optimizer;
        this.weights = weights;
    }

    /** Counts the states. */
    void load(Ledger ledger) {
        int states = optimizer instanceof Optimizer.AdamW
                ? 2
                : optimizer instanceof Optimizer.Sgd sgd && sgd.momentum() ? 1 : 0;
        boolean stepCounters = optimizer instanceof Optimizer.AdamW adam
                && adam.implementation() == Optimizer.Implementation.FUSED;
        for (Weights.Group group : weights.groups()) {
            if (!group.trained()) {
                continue;
            }
            if (states > 0) {
                long count = Math.multiplyExact((long) states, group.count());
                ledger.hold(
                        MemoryKind.OPTIMIZER_STATES, group.site(), group.rows(), group.columns(), group.type(), count);
            }
            if (stepCounters) { // the other implementations keep them on the host
                ledger.hold(MemoryKind.OPTIMIZER_STATES, "step counters", 1, 1, DType.FP32, group.count());
            }
        }
    }

    /** Runs the update. */
    void run(Ledger ledger, Tape tape) {
        if (!(optimizer instanceof Optimizer.AdamW adam)) {
            return; // SGD adds in place
        }
        switch (adam.implementation()) {
            case FOREACH -> { // the square root of the second moment, for all tensors at once
                for (Weights.Group group : weights.groups()) {
                    if (group.trained()) {
                        ledger.hold(
                                MemoryKind.STEP_TEMPORARIES,
                                group.site(),
                                group.rows(),
                                group.columns(),
                                group.type(),
                                group.count());
                    }
                }
            }
            case LOOP -> loop(tape);
            case FUSED -> {}
        }
    }

    /** One tensor after another: a square root and its scaled copy; the latter lives until the next one replaces it. */
    private void loop(Tape tape) {
        Tensor before = null;
        for (int round = 0; round < 2; round++) { // twice, so that the last of a layer meets the first of the next
            for (Weights.Group group : weights.groups()) {
                if (!group.trained() || (round > 0 && group.count() == 1)) {
                    continue;
                }
                tape.at(group.site());
                Tensor root = tape.allocate(group.rows(), group.columns(), group.type());
                Tensor scaled = tape.allocate(group.rows(), group.columns(), group.type());
                tape.drop(root);
                if (before != null) {
                    tape.drop(before);
                }
                before = scaled;
            }
        }
    }
}
