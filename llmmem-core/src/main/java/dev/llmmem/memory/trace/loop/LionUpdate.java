package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/** Lion one tensor after another (lion_pytorch/lion_pytorch.py, update_fn). */
record LionUpdate(Weights weights) implements Update {

    @Override
    public void load(Ledger ledger) {
        weights.forEachTrained(group -> group.hold(ledger, MemoryKind.OPTIMIZER_STATES, 1));
    }

    @Override
    public void run(Ledger ledger, Tape tape) {
        weights.forEachNeighbour(group -> {
            tape.at(group.site());
            runAlone(tape, group.rows(), group.columns(), group.type());
        });
    }

    /** A copy of the state, and its sum with the gradient; neither outlives the function. */
    @Override
    public void runAlone(Tape tape, long rows, long columns, DType type) {
        Tensor copy = tape.allocate(rows, columns, type);
        tape.drop(tape.rebind(copy, tape.allocate(rows, columns, type)));
    }
}
