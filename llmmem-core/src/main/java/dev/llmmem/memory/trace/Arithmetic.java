package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * Element-wise operations and reductions.
 *
 * <p>What each saves and makes follows PyTorch's derivatives (tools/autograd/derivatives.yaml).
 */
public final class Arithmetic {

    private Arithmetic() {}

    /** x + y. The gradient passes to both as it is. */
    public static Tensor add(Tape tape, Tensor x, Tensor y) {
        Add node = null;
        if (tape.flows(x) || tape.flows(y)) {
            node = tape.record(new Add(tape.edge(x), tape.edge(y)));
        }
        Tensor sum = broadcast(tape, x, y, node);
        tape.done(x, y);
        return sum;
    }

    /** x − y. The gradient passes to x as it is and to y negated. */
    public static Tensor subtract(Tape tape, Tensor x, Tensor y) {
        Subtract node = null;
        if (tape.flows(x) || tape.flows(y)) {
            node = tape.record(new Subtract(tape.edge(x), tape.edge(y)));
        }
        Tensor difference = broadcast(tape, x, y, node);
        tape.done(x, y);
        return difference;
    }

    /** x += y: the sum takes x's place, so x's variable now is the result. */
    public static Tensor addInPlace(Tape tape, Tensor x, Tensor y) {
        Add node = null;
        if (tape.flows(x) || tape.flows(y)) {
            node = tape.record(new Add(tape.edge(x), tape.edge(y)));
        }
        Tensor sum = tape.view(x, x.rows, x.columns, node);
        tape.drop(x);
        tape.done(y);
        return sum;
    }

    /** x · y. Each is saved if the other's gradient is wanted. */
    public static Tensor multiply(Tape tape, Tensor x, Tensor y) {
        Multiply node = null;
        if (tape.flows(x) || tape.flows(y)) {
            node = tape.record(new Multiply(tape.edge(x), tape.edge(y)));
            if (tape.flows(x)) {
                tape.save(node, y.storage);
            }
            if (tape.flows(y)) {
                tape.save(node, x.storage);
            }
        }
        Tensor product = broadcast(tape, x, y, node);
        tape.done(x, y);
        return product;
    }

    /** x / y for a y that no gradient flows to: y is saved. */
    public static Tensor divide(Tape tape, Tensor x, Tensor y) {
        Unary node = null;
        if (tape.flows(x)) {
            node = tape.record(new Unary(tape.edge(x), x, 1));
            tape.save(node, y.storage);
        }
        Tensor quotient = broadcast(tape, x, y, node);
        tape.done(x, y);
        return quotient;
    }

    /** x times a number: nothing is saved. */
    public static Tensor scale(Tape tape, Tensor x) {
        return unary(tape, x, 1, false, false);
    }

    /** x plus a number: the gradient passes as it is. */
    public static Tensor shift(Tape tape, Tensor x) {
        Add node = tape.flows(x) ? tape.record(new Add(tape.edge(x), null)) : null;
        Tensor sum = tape.result(x.rows, x.columns, x.type, node);
        tape.done(x);
        return sum;
    }

    /** −x. */
    public static Tensor negate(Tape tape, Tensor x) {
        return unary(tape, x, 1, false, false);
    }

    /** x²: saves x; the gradient is made in three steps. */
    public static Tensor square(Tape tape, Tensor x) {
        return unary(tape, x, 3, true, false);
    }

    /** 1/√x: saves its result; the gradient is made in three steps. */
    public static Tensor reciprocalRoot(Tape tape, Tensor x) {
        return unary(tape, x, 3, false, true);
    }

    /** The mean over the last dimension; the gradient is spread over it again. */
    public static Tensor mean(Tape tape, Tensor x) {
        Unary node = null;
        if (tape.flows(x)) {
            node = tape.record(new Unary(tape.edge(x), x, 1));
        }
        Tensor mean = tape.result(x.rows, 1, x.type, node);
        tape.done(x);
        return mean;
    }

    /** A function of each element. */
    static Tensor unary(Tape tape, Tensor x, int steps, boolean savesInput, boolean savesResult) {
        return unary(tape, x, x.type, steps, savesInput, savesResult);
    }

    /** A function of each element with a result in another format. */
    static Tensor unary(Tape tape, Tensor x, DType type, int steps, boolean savesInput, boolean savesResult) {
        Unary node = null;
        if (tape.flows(x)) {
            node = tape.record(new Unary(tape.edge(x), x, steps));
            if (savesInput) {
                tape.save(node, x.storage);
            }
        }
        Tensor result = tape.result(x.rows, x.columns, type, node);
        if (node != null && savesResult) {
            tape.save(node, result.storage);
        }
        tape.done(x);
        return result;
    }

    private static Tensor broadcast(Tape tape, Tensor x, Tensor y, @Nullable Node node) {
        Tensor larger = x.rows * x.columns >= y.rows * y.columns ? x : y;
        return tape.result(larger.rows, larger.columns, promoted(x.type, y.type), node);
    }

    /** The format of a result of two formats (torch.promote_types). */
    public static DType promoted(DType x, DType y) {
        if (x == y) {
            return x;
        }
        if (x.isFloating() != y.isFloating()) {
            return x.isFloating() ? x : y;
        }
        if (x.bits() == y.bits()) {
            return DType.FP32; // fp16 and bf16
        }
        return x.bits() > y.bits() ? x : y;
    }

    private static final class Add extends Node {
        private final @Nullable Node x;
        private final @Nullable Node y;

        Add(@Nullable Node x, @Nullable Node y) {
            this.x = x;
            this.y = y;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (x != null) {
                tape.send(x, tape.alias(gradient));
            }
            if (y != null) {
                tape.send(y, tape.alias(gradient));
            }
        }
    }

    private static final class Subtract extends Node {
        private final @Nullable Node x;
        private final @Nullable Node y;

        Subtract(@Nullable Node x, @Nullable Node y) {
            this.x = x;
            this.y = y;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (y != null) {
                tape.send(y, tape.allocate(gradient.rows, gradient.columns, gradient.type));
            }
            if (x != null) {
                tape.send(x, tape.alias(gradient));
            }
        }
    }

    private static final class Multiply extends Node {
        private final @Nullable Node x;
        private final @Nullable Node y;

        Multiply(@Nullable Node x, @Nullable Node y) {
            this.x = x;
            this.y = y;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (x != null) {
                tape.send(x, tape.allocate(gradient.rows, gradient.columns, gradient.type));
            }
            if (y != null) {
                tape.send(y, tape.allocate(gradient.rows, gradient.columns, gradient.type));
            }
        }
    }

    /** The gradient takes some steps, each with a result of the input's size; the last one stays. */
    private static final class Unary extends Node {
        private final @Nullable Node maker;
        private final long inputRows;
        private final long inputColumns;
        private final DType inputType;
        private final int steps;

        Unary(@Nullable Node maker, Tensor input, int steps) {
            this.maker = maker;
            this.inputRows = input.rows;
            this.inputColumns = input.columns;
            this.inputType = input.type;
            this.steps = steps;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor[] made = new Tensor[steps];
            for (int i = 0; i < steps; i++) {
                made[i] = tape.allocate(inputRows, inputColumns, inputType);
            }
            for (int i = steps - 2; i >= 0; i--) {
                tape.drop(made[i]);
            }
            tape.send(maker, made[steps - 1]);
        }
    }
}
