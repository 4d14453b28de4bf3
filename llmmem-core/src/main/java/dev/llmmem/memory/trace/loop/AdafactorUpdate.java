package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/**
 * Adafactor without a first moment, in fp32, one tensor after another (transformers/optimization.py, Adafactor).
 *
 * <p>A matrix has a row and a column of state, a vector a whole copy; the root mean square of the parameter is kept as a
 * tensor besides.
 */
final class AdafactorUpdate implements Update {

    private static final String ROOT_MEAN_SQUARES = "root mean squares";

    private final Weights weights;

    AdafactorUpdate(Weights weights) {
        this.weights = weights;
    }

    @Override
    public void load(Ledger ledger) {
        weights.forEachTrained(group -> {
            if (group.factored()) {
                state(ledger, group.site(), group.rows(), group.count());
                state(ledger, group.site(), group.lastRows(), group.count());
            } else {
                state(ledger, group.site(), group.columns(), group.count());
            }
            state(ledger, ROOT_MEAN_SQUARES, 1, group.count());
        });
    }

    private static void state(Ledger ledger, String site, long elements, long count) {
        ledger.hold(MemoryKind.OPTIMIZER_STATES, site, 1, elements, DType.FP32, count);
    }

    @Override
    public void run(Ledger ledger, Tape tape) {
        Variable gradient = new Variable(tape);
        Variable parameter = new Variable(tape);
        Variable update = new Variable(tape);
        weights.forEachNeighbour(group -> {
            tape.at(group.site());
            boolean widened = group.type() != DType.FP32;
            gradient.clear();
            if (widened) {
                gradient.set(whole(tape, group));
            }
            parameter.clear();
            if (widened) {
                parameter.set(whole(tape, group));
            }
            rootMeanSquare(tape);
            Tensor square = whole(tape, group);
            Tensor shifted = whole(tape, group);
            tape.drop(square);
            update.set(shifted);
            update.set(group.factored() ? product(tape, group) : whole(tape, group));
            rootMeanSquare(tape);
            tape.drop(whole(tape, group)); // the negated update
        });
        gradient.clear();
        parameter.clear();
        update.clear();
    }

    /** The outer product of the roots of row and column. */
    private static Tensor product(Tape tape, Weights.Group group) {
        tape.drop(tape.allocate(1, group.rows(), DType.FP32));
        tape.drop(tape.allocate(1, group.lastRows(), DType.FP32));
        Tensor row = tape.allocate(1, group.rows(), DType.FP32);
        Tensor column = tape.allocate(1, group.lastRows(), DType.FP32);
        Tensor product = whole(tape, group);
        tape.drop(row);
        tape.drop(column);
        return product;
    }

    private static void rootMeanSquare(Tape tape) {
        Tensor norm = tape.allocate(1, 1, DType.FP32);
        tape.drop(tape.rebind(norm, tape.allocate(1, 1, DType.FP32)));
    }

    private static Tensor whole(Tape tape, Weights.Group group) {
        return tape.allocate(group.rows(), group.columns(), DType.FP32);
    }
}
