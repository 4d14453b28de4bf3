package dev.llmmem.memory.trace;

import org.jspecify.annotations.Nullable;

/**
 * A tensor cut along its last dimension into views ({@code torch.split}, {@code torch.chunk}): one node with several
 * outputs. Its backward pass runs once, when the gradients of all parts are there, and puts them together in one new
 * tensor; a part that no gradient reaches is filled with zeros first.
 */
final class Split extends Node {

    private final @Nullable Node maker;
    private final long inputRows;
    private final long[] widths;
    private final @Nullable Tensor[] arrived;

    private Split(@Nullable Node maker, long inputRows, long[] widths) {
        this.maker = maker;
        this.inputRows = inputRows;
        this.widths = widths;
        this.arrived = new Tensor[widths.length];
    }

    /** The parts, as views. */
    static Tensor[] apply(Tape tape, Tensor x, long... widths) {
        Split node = tape.flows(x) ? tape.record(new Split(tape.edge(x), x.rows, widths)) : null;
        if (node != null) {
            node.output(x.rows, x.columns, x.type);
        }
        Tensor[] parts = new Tensor[widths.length];
        for (int i = 0; i < widths.length; i++) {
            parts[i] = tape.view(x, x.rows, widths[i], node == null ? null : tape.record(new Part(node, i)));
        }
        tape.done(x);
        return parts;
    }

    @Override
    void backward(Tape tape, Tensor gradient) {
        Tensor[] zeros = new Tensor[widths.length];
        long width = 0;
        for (int i = 0; i < widths.length; i++) {
            width += widths[i];
            if (arrived[i] == null) {
                zeros[i] = tape.allocate(inputRows, widths[i], gradient.type);
            }
        }
        tape.send(maker, tape.allocate(inputRows, width, gradient.type));
        for (int i = 0; i < widths.length; i++) {
            Tensor part = arrived[i];
            tape.drop(part == null ? zeros[i] : part);
            arrived[i] = null;
        }
    }

    /** One of the outputs: hands its gradient to the whole, which waits for the others. */
    private static final class Part extends Node {
        private final Split whole;
        private final int place;

        Part(Split whole, int place) {
            this.whole = whole;
            this.place = place;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            whole.arrived[place] = tape.alias(gradient);
            if (whole.gradient == null) {
                whole.gradient = tape.alias(gradient);
            }
        }
    }
}
