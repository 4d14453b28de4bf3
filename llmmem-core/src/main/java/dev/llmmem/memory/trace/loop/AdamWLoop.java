package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** AdamW one tensor after another (torch/optim/adam.py, _single_tensor_adam). */
final class AdamWLoop implements Update {

    private final Weights weights;

    AdamWLoop(Weights weights) {
        this.weights = weights;
    }

    @Override
    public void load(Ledger ledger) {
        weights.forEachTrained(group -> group.hold(ledger, MemoryKind.OPTIMIZER_STATES, 2));
    }

    /** A square root and its scaled copy; the copy lives until the next one takes its name. */
    @Override
    public void run(Ledger ledger, Tape tape) {
        Variable denominator = new Variable(tape);
        weights.forEachNeighbour(group -> {
            tape.at(group.site());
            Tensor root = tape.allocate(group.rows(), group.columns(), group.type());
            Tensor scaled = tape.allocate(group.rows(), group.columns(), group.type());
            tape.drop(root);
            denominator.set(scaled);
        });
    }
}
