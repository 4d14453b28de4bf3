package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/**
 * Adam with a second moment for each block of parameters, one tensor after another (adam_mini/adam_mini.py). What a block is
 * the name of the tensor says ({@link AdamMiniBlocks}).
 */
final class AdamMiniUpdate implements Update {

    private final Weights weights;
    private final AdamMiniBlocks blocks;

    AdamMiniUpdate(Weights weights, AdamMiniBlocks blocks) {
        this.weights = weights;
        this.blocks = blocks;
    }

    @Override
    public void load(Ledger ledger) {
        weights.forEachTrained(group -> {
            group.hold(ledger, MemoryKind.OPTIMIZER_STATES, 1);
            ledger.hold(MemoryKind.OPTIMIZER_STATES, group.site(), blocks.of(group), 1, group.type(), group.count());
        });
    }

    @Override
    public void run(Ledger ledger, Tape tape) {
        Locals locals = new Locals(tape);
        weights.forEachNeighbour(group -> {
            tape.at(group.site());
            if (blocks.single(group)) {
                divide(tape, locals, group.elements(), group.type());
            } else {
                update(tape, locals, group);
            }
        });
        locals.clear();
    }

    /** What the function's variables hold from one parameter to the next. */
    private static final class Locals {
        final Variable mean;
        final Variable denominator;
        final Variable step;
        final Variable update;

        Locals(Tape tape) {
            mean = new Variable(tape);
            denominator = new Variable(tape);
            step = new Variable(tape);
            update = new Variable(tape);
        }

        void clear() {
            mean.clear();
            denominator.clear();
            step.clear();
            update.clear();
        }
    }

    /** The root of the second moment, and its scaled copy. */
    private static void divide(Tape tape, Locals locals, long elements, DType type) {
        Tensor root = tape.allocate(elements, 1, type);
        locals.denominator.set(tape.rebind(root, tape.allocate(elements, 1, type)));
    }

    private void update(Tape tape, Locals locals, Weights.Group group) {
        long means = blocks.of(group);
        DType type = group.type();
        Tensor square = whole(tape, group);
        locals.mean.set(tape.rebind(square, tape.allocate(means, 1, type)));
        if (blocks.whole(group)) { // a sum is made, then divided
            locals.mean.set(tape.allocate(1, 1, type));
        }
        divide(tape, locals, means, type);
        Tensor reciprocal = tape.allocate(means, 1, type);
        locals.step.set(tape.rebind(reciprocal, tape.allocate(means, 1, type)));
        locals.update.set(whole(tape, group));
        tape.drop(whole(tape, group)); // the negated update
    }

    private static Tensor whole(Tape tape, Weights.Group group) {
        return tape.allocate(group.rows(), group.columns(), group.type());
    }
}
