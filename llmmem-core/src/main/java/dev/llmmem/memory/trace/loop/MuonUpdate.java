package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/**
 * Muon on the matrices of the layers, one after another, and foreach AdamW on the rest (torch/optim/_muon.py and adam.py).
 *
 * <p>A step orthogonalizes the update by Newton-Schulz iterations in bf16: a Gram matrix of the shorter side, a polynomial
 * of it, and their product with the update.
 */
record MuonUpdate(Weights weights) implements Update {

    @Override
    public void load(Ledger ledger) {
        weights.forEachTrained(
                group -> group.hold(ledger, MemoryKind.OPTIMIZER_STATES, group.orthogonalized() ? 1 : 2));
    }

    @Override
    public void run(Ledger ledger, Tape tape) {
        Variable update = new Variable(tape);
        weights.forEachNeighbour(group -> {
            if (group.orthogonalized()) {
                tape.at(group.site());
                Tensor nesterov = tape.allocate(group.rows(), group.columns(), group.type());
                update.set(nesterov);
                update.set(orthogonal(tape, nesterov, Math.min(group.rows(), group.columns())));
            }
        });
        update.clear();
        weights.forEachTrained(group -> {
            if (!group.orthogonalized()) {
                group.hold(ledger, MemoryKind.STEP_TEMPORARIES, 1);
            }
        });
    }

    /** Two of the five iterations: the first starts from the update itself, the others are alike. */
    private static Tensor orthogonal(Tape tape, Tensor update, long side) {
        Tensor current = update.type() == DType.BF16
                ? tape.alias(update)
                : tape.allocate(update.rows(), update.columns(), DType.BF16);
        Variable gram = new Variable(tape);
        Variable polynomial = new Variable(tape);
        for (int iteration = 0; iteration < 2; iteration++) {
            gram.set(tape.allocate(side, side, DType.BF16));
            polynomial.set(tape.allocate(side, side, DType.BF16));
            current = tape.rebind(current, tape.allocate(update.rows(), update.columns(), DType.BF16));
        }
        gram.clear();
        polynomial.clear();
        return current;
    }
}
