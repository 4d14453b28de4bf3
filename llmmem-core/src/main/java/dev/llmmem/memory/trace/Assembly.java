package dev.llmmem.memory.trace;

import org.jspecify.annotations.Nullable;

/**
 * A new tensor whose last dimension is written part by part ({@code new_empty}, then {@code copy_} into slices; autograd's
 * CopySlices).
 */
public final class Assembly {

    private Assembly() {}

    /** The first part and then the second one, which may be one vector for several rows. */
    public static Tensor of(Tape tape, Tensor first, Tensor second) {
        Tensor whole = tape.allocate(first.rows, first.columns + second.columns, first.type);
        Tensor started = written(tape, whole, first);
        Tensor complete = written(tape, started, second);
        tape.drop(whole);
        tape.drop(started);
        return complete;
    }

    private static Tensor written(Tape tape, Tensor whole, Tensor part) {
        Written node = null;
        if (tape.flows(whole) || tape.flows(part)) {
            node = tape.record(new Written(tape.edge(whole), tape.edge(part), part.columns));
        }
        return tape.view(whole, whole.rows, whole.columns, node);
    }

    /** The gradient is copied; the part's is cut out of the copy, and zeros are written in its place. */
    private static final class Written extends Node {
        private final @Nullable Node whole;
        private final @Nullable Node part;
        private final long partColumns;

        Written(@Nullable Node whole, @Nullable Node part, long partColumns) {
            this.whole = whole;
            this.part = part;
            this.partColumns = partColumns;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor rest = tape.allocate(gradient.rows, gradient.columns, gradient.type);
            Tensor cut = tape.allocate(gradient.rows, partColumns, gradient.type);
            if (whole != null) {
                tape.drop(tape.allocate(gradient.rows, partColumns, gradient.type));
            }
            tape.send(part, cut);
            tape.send(whole, rest);
        }
    }
}
