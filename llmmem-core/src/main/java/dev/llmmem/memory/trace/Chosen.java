package dev.llmmem.memory.trace;

import org.jspecify.annotations.Nullable;

/** Elements of a tensor where a condition holds, a number elsewhere ({@code torch.where}). */
public final class Chosen extends Node {

    private final @Nullable Node maker;

    private Chosen(@Nullable Node maker) {
        this.maker = maker;
    }

    /** The tensor with a number in place of the elements for which {@code condition}, which is saved, does not hold. */
    public static Tensor apply(Tape tape, Tensor x, Tensor condition) {
        Chosen node = null;
        if (tape.flows(x)) {
            node = tape.record(new Chosen(tape.edge(x)));
            tape.save(node, condition.storage);
        }
        Tensor result = tape.result(x.rows, x.columns, x.type, node);
        tape.done(x);
        return result;
    }

    /** A zero stands where the number stood. */
    @Override
    void backward(Tape tape, Tensor gradient) {
        Tensor zero = tape.allocate(1, 1, gradient.type);
        tape.send(maker, tape.allocate(gradient.rows, gradient.columns, gradient.type));
        tape.drop(zero);
    }
}
