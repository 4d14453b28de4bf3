package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/** AdamW one tensor after another (torch/optim/adam.py, _single_tensor_adam). */
final class AdamWLoop implements Update {

    private final Weights weights;
    private final int states;

    AdamWLoop(Weights weights, int states) {
        this.weights = weights;
        this.states = states;
    }

    @Override
    public void load(Ledger ledger) {
        weights.forEachTrained(group -> group.hold(ledger, MemoryKind.OPTIMIZER_STATES, states));
    }

    /** A square root and its scaled copy; the copy lives until the next one takes its name. */
    @Override
    public void run(Ledger ledger, Tape tape) {
        Variable denominator = new Variable(tape);
        weights.forEachNeighbour(group -> {
            tape.at(group.site());
            denominator.set(scaled(tape, group.rows(), group.columns(), group.type()));
        });
        denominator.clear();
    }

    @Override
    public void runAlone(Tape tape, long rows, long columns, DType type) {
        tape.drop(scaled(tape, rows, columns, type));
    }

    private static Tensor scaled(Tape tape, long rows, long columns, DType type) {
        Tensor root = tape.allocate(rows, columns, type);
        return tape.rebind(root, tape.allocate(rows, columns, type));
    }
}
