package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Optimizer;
import java.util.EnumMap;
import java.util.Map;

/**
 * Gradient descent (torch/optim/sgd.py). What is added to the gradients makes new ones, unless one kernel does it all: all at
 * once for each format (_multi_tensor_sgd), or one tensor after another (_single_tensor_sgd).
 */
record SgdUpdate(Weights weights, Optimizer.Sgd sgd) implements Update {

    @Override
    public void load(Ledger ledger) {
        if (sgd.momentum()) {
            weights.forEachTrained(group -> group.hold(ledger, MemoryKind.OPTIMIZER_STATES, 1));
        }
    }

    @Override
    public void run(Ledger ledger, Tape tape) {
        switch (sgd.implementation()) {
            case FOREACH -> foreach(ledger);
            case LOOP -> loop(tape);
            case FUSED -> {}
        }
    }

    /** Decayed gradients of one format at a time; momentum is added to them in place. */
    private void foreach(Ledger ledger) {
        if (!sgd.weightDecay()) {
            return;
        }
        Map<DType, Long> bytes = new EnumMap<>(DType.class);
        weights.forEachTrained(group -> bytes.merge(
                group.type(),
                Math.multiplyExact(Ledger.rounded(group.rows(), group.columns(), group.type()), group.count()),
                Math::addExact));
        bytes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .ifPresent(largest -> weights.forEachTrained(group -> {
                    if (group.type() == largest.getKey()) {
                        group.hold(ledger, MemoryKind.STEP_TEMPORARIES, 1);
                    }
                }));
    }

    private void loop(Tape tape) {
        Variable gradient = new Variable(tape);
        weights.forEachNeighbour(group -> {
            tape.at(group.site());
            one(tape, gradient, group.rows(), group.columns(), group.type());
        });
        gradient.clear();
    }

    private void one(Tape tape, Variable gradient, long rows, long columns, DType type) {
        gradient.clear();
        if (sgd.weightDecay()) {
            gradient.set(tape.allocate(rows, columns, type));
        }
        if (sgd.nesterov()) {
            gradient.set(tape.allocate(rows, columns, type));
        }
    }

    @Override
    public void runAlone(Tape tape, long rows, long columns, DType type) {
        switch (sgd.implementation()) {
            case FOREACH -> {
                if (sgd.weightDecay()) {
                    tape.drop(tape.allocate(rows, columns, type));
                }
            }
            case LOOP -> {
                Variable gradient = new Variable(tape);
                one(tape, gradient, rows, columns, type);
                gradient.clear();
            }
            case FUSED -> {}
        }
    }
}
