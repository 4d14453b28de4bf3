package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** Views, slices, concatenations and copies. */
public final class Shapes {

    private Shapes() {}

    /** The same elements in another shape; gradients pass as they are. */
    public static Tensor view(Tape tape, Tensor x, long rows, long columns) {
        return shared(tape, x, rows, columns, Pass.AS_IS);
    }

    /**
     * A view of heads, {@code [batch, sequence, heads · size]} as {@code [batch, heads, sequence, size]}.
     *
     * @param copied whether the gradient arrives in another order of dimensions than the view's, so that it is copied
     */
    public static Tensor heads(Tape tape, Tensor x, long heads, boolean copied) {
        return shared(tape, x, x.rows * heads, x.columns / heads, copied ? Pass.COPIED : Pass.AS_IS);
    }

    /** A part of the last dimension, as a view; the gradient is a whole tensor of zeros with that part filled in. */
    public static Tensor slice(Tape tape, Tensor x, long columns) {
        return shared(tape, x, x.rows, columns, Pass.FILLED);
    }

    /** A part of an earlier dimension, as a view; the gradient is a whole tensor of zeros with that part filled in. */
    public static Tensor leading(Tape tape, Tensor x, long rows) {
        return shared(tape, x, rows, x.columns, Pass.FILLED);
    }

    /** Parts of the last dimension, as views; their gradients are put together in one tensor. */
    public static Tensor[] split(Tape tape, Tensor x, long... widths) {
        return Split.apply(tape, x, widths);
    }

    /**
     * A part of the last dimension, picked by a list of indices: a copy. The indices are saved; the gradient is a whole
     * tensor of zeros with that part filled in.
     */
    public static Tensor pick(Tape tape, Tensor x, long columns) {
        Tensor indices = tape.allocate(1, 1, DType.INT64);
        ViewNode node = tape.flows(x) ? tape.record(new ViewNode(tape.edge(x), x, Pass.FILLED)) : null;
        if (node != null) {
            tape.save(node, indices.storage);
        }
        Tensor result = tape.result(x.rows, columns, x.type, node);
        tape.drop(indices);
        tape.done(x);
        return result;
    }

    /** A copy in another shape, such as keys repeated for every head of their group; the gradient is summed back. */
    public static Tensor expand(Tape tape, Tensor x, long rows) {
        return expand(tape, x, rows, x.type);
    }

    /** The same, in another format as well. */
    public static Tensor expand(Tape tape, Tensor x, long rows, DType type) {
        ViewNode node = tape.flows(x) ? tape.record(new ViewNode(tape.edge(x), x, Pass.AS_IS)) : null;
        Tensor result = tape.result(rows, x.columns, type, node);
        tape.done(x);
        return result;
    }

    /**
     * Earlier vectors and these, in one copy; the gradient is cut into views, and that of the earlier part is held.
     *
     * @param rows how many vectors there are in all
     */
    public static Tensor prepend(Tape tape, Tensor x, long rows, DType type, Collected earlier) {
        Prepend node = null;
        if (tape.isRecording()) {
            earlier.output(rows - x.rows, x.columns, x.type);
            node = tape.record(new Prepend(tape.edge(x), x.rows, earlier));
        }
        return tape.result(rows, x.columns, type, node);
    }

    /**
     * A copy of {@code [batch, heads, sequence, size]} as {@code [batch, sequence, heads, size]}.
     *
     * @param gradientCopied whether the gradient is copied back into the first order
     */
    public static Tensor merge(Tape tape, Tensor x, boolean gradientCopied) {
        Pass pass = gradientCopied ? Pass.COPIED : Pass.AS_IS;
        ViewNode node = tape.flows(x) ? tape.record(new ViewNode(tape.edge(x), x, pass)) : null;
        Tensor result = tape.result(x.rows, x.columns, x.type, node);
        tape.done(x);
        return result;
    }

    /** A copy in another order of dimensions; the gradient passes as it is. */
    public static Tensor copy(Tape tape, Tensor x) {
        return expand(tape, x, x.rows);
    }

    /** Two tensors one after the other along the last dimension; each gets its part of the gradient as a view. */
    public static Tensor concatenate(Tape tape, Tensor x, Tensor y) {
        Concatenate node = null;
        if (tape.flows(x) || tape.flows(y)) {
            node = tape.record(new Concatenate(tape.edge(x), x, tape.edge(y), y, false));
        }
        Tensor result = tape.result(x.rows, x.columns + y.columns, Arithmetic.promoted(x.type, y.type), node);
        tape.done(x, y);
        return result;
    }

    /**
     * Two tensors one after the other along an earlier dimension; each gets its part of the gradient as a view.
     *
     * @param inOrder whether the elements of each part lie together, as where the dimensions before are one
     */
    public static Tensor stack(Tape tape, Tensor x, Tensor y, boolean inOrder) {
        Concatenate node = null;
        if (tape.flows(x) || tape.flows(y)) {
            node = tape.record(new Concatenate(tape.edge(x), x, tape.edge(y), y, inOrder));
        }
        Tensor result = tape.result(x.rows + y.rows, x.columns, Arithmetic.promoted(x.type, y.type), node);
        tape.done(x, y);
        return result;
    }

    private static Tensor shared(Tape tape, Tensor x, long rows, long columns, Pass pass) {
        ViewNode node = tape.flows(x) ? tape.record(new ViewNode(tape.edge(x), x, pass)) : null;
        Tensor result = tape.view(x, rows, columns, node);
        tape.done(x);
        return result;
    }

    /** What the backward pass of a view does with the gradient. */
    private enum Pass {
        AS_IS,
        COPIED,
        FILLED
    }

    private static final class ViewNode extends Node {
        private final @Nullable Node maker;
        private final long inputRows;
        private final long inputColumns;
        private final Pass pass;

        ViewNode(@Nullable Node maker, Tensor input, Pass pass) {
            this.maker = maker;
            this.inputRows = input.rows;
            this.inputColumns = input.columns;
            this.pass = pass;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (maker == null) {
                return;
            }
            tape.send(
                    maker,
                    pass == Pass.AS_IS ? tape.alias(gradient) : tape.allocate(inputRows, inputColumns, gradient.type));
        }
    }

    private static final class Prepend extends Node {
        private final @Nullable Node latest;
        private final long latestRows;
        private final Collected earlier;

        Prepend(@Nullable Node latest, long latestRows, Collected earlier) {
            this.latest = latest;
            this.latestRows = latestRows;
            this.earlier = earlier;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.send(earlier, tape.view(gradient, earlier.rows, gradient.columns, null));
            if (latest != null) {
                tape.send(latest, tape.view(gradient, latestRows, gradient.columns, null));
            }
        }
    }

    private static final class Concatenate extends Node {
        private final @Nullable Node x;
        private final @Nullable Node y;
        private final long xRows;
        private final long xColumns;
        private final long yRows;
        private final long yColumns;
        private final boolean inOrder;

        Concatenate(@Nullable Node x, Tensor xTensor, @Nullable Node y, Tensor yTensor, boolean inOrder) {
            this.x = x;
            this.y = y;
            this.xRows = xTensor.rows;
            this.xColumns = xTensor.columns;
            this.yRows = yTensor.rows;
            this.yColumns = yTensor.columns;
            this.inOrder = inOrder;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (x != null) {
                tape.send(x, part(tape, gradient, xRows, xColumns));
            }
            if (y != null) {
                tape.send(y, part(tape, gradient, yRows, yColumns));
            }
        }

        private Tensor part(Tape tape, Tensor gradient, long rows, long columns) {
            Tensor part = tape.view(gradient, rows, columns, null);
            part.partOfWhole = inOrder;
            return part;
        }
    }
}
