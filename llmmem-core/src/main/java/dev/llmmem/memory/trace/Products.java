package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** Matrix products, and the look-up that is one in disguise. Autocast casts their operands. */
public final class Products {

    private Products() {}

    /**
     * x · weightᵀ + bias ({@code torch.nn.functional.linear}). The input is saved if the weight is trained, the weight if
     * gradients flow to the input.
     */
    public static Tensor linear(Tape tape, Tensor x, Tensor weight, @Nullable Tensor bias, long outputs) {
        Tensor shift = bias == null ? null : tape.operand(bias);
        Tensor matrix = tape.operand(weight);
        Tensor input = tape.operand(x);
        Product node = null;
        boolean biasFlows = shift != null && tape.flows(shift);
        if (tape.flows(input) || tape.flows(matrix) || biasFlows) {
            node = tape.record(new Product(
                    tape.edge(input),
                    input,
                    tape.edge(matrix),
                    matrix,
                    shift == null ? null : tape.edge(shift),
                    shift != null));
            if (tape.flows(matrix)) {
                tape.save(node, input.storage);
            }
            if (tape.flows(input)) {
                tape.save(node, matrix.storage);
            }
        }
        Tensor result = tape.keptResult(input.rows, outputs, input.type, node);
        if (shift != null) {
            tape.drop(shift);
        }
        tape.drop(matrix);
        tape.drop(input);
        tape.done(x);
        return result;
    }

    /** The part of the model that weights belong to which are unpacked for a product. */
    public static final String UNPACKED = "unpacked weights";

    /** x · weightᵀ for a frozen weight that is unpacked for the product and not kept; nothing is saved. */
    public static Tensor packed(Tape tape, Tensor x, long inputs, long outputs) {
        Packed node = tape.flows(x) ? tape.record(new Packed(tape.edge(x), inputs, outputs)) : null;
        Tensor weight = tape.allocateFor(UNPACKED, outputs, inputs, x.type);
        Tensor result = tape.keptResult(x.rows, outputs, x.type, node);
        tape.drop(weight);
        return result;
    }

    /** A batched product of two activations ({@code torch.matmul}), of rows × columns. Both operands are saved. */
    public static Tensor matmul(Tape tape, Tensor x, Tensor y, long rows, long columns) {
        Tensor right = tape.operand(y);
        Tensor left = tape.operand(x);
        Product node = null;
        if (tape.flows(left) || tape.flows(right)) {
            node = tape.record(new Product(tape.edge(left), left, tape.edge(right), right, null, false));
            if (tape.flows(right)) {
                tape.save(node, left.storage);
            }
            if (tape.flows(left)) {
                tape.save(node, right.storage);
            }
        }
        Tensor result = tape.keptResult(rows, columns, left.type, node);
        tape.drop(left);
        tape.drop(right);
        tape.done(x, y);
        return result;
    }

    /**
     * A batched product added to a tensor that wants no gradient, both scaled ({@code torch.baddbmm}): scaling makes one
     * more step of each gradient.
     */
    public static Tensor addedMatmul(Tape tape, Tensor sum, Tensor x, Tensor y, long rows, long columns) {
        Tensor right = tape.operand(y);
        Tensor left = tape.operand(x);
        Tensor shift = tape.operand(sum);
        ScaledProduct node = null;
        if (tape.flows(left) || tape.flows(right)) {
            node = tape.record(new ScaledProduct(tape.edge(left), left, tape.edge(right), right));
            if (tape.flows(right)) {
                tape.save(node, left.storage);
            }
            if (tape.flows(left)) {
                tape.save(node, right.storage);
            }
        }
        Tensor result = tape.result(rows, columns, left.type, node);
        tape.drop(shift);
        tape.drop(left);
        tape.drop(right);
        tape.done(x, y);
        return result;
    }

    private static final class ScaledProduct extends Node {
        private final @Nullable Node left;
        private final Tensor leftTensor;
        private final @Nullable Node right;
        private final Tensor rightTensor;

        ScaledProduct(@Nullable Node left, Tensor leftTensor, @Nullable Node right, Tensor rightTensor) {
            this.left = left;
            this.leftTensor = leftTensor;
            this.right = right;
            this.rightTensor = rightTensor;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            scaled(tape, left, leftTensor);
            scaled(tape, right, rightTensor);
        }

        private static void scaled(Tape tape, @Nullable Node to, Tensor like) {
            if (to != null) {
                Tensor product = tape.allocate(like.rows, like.columns, like.type);
                tape.send(to, tape.allocate(like.rows, like.columns, like.type));
                tape.drop(product);
            }
        }
    }

    /** One row of a table for each token; the gradient is a whole table. */
    public static Tensor embedding(Tape tape, Tensor table, long tokens) {
        Embedding node = tape.flows(table) ? tape.record(new Embedding(tape.edge(table))) : null;
        return tape.result(tokens, table.columns, table.type, node);
    }

    /** The same with indices that nobody else holds, such as positions: they are saved. */
    public static Tensor embedding(Tape tape, Tensor table, Tensor indices) {
        return embedding(tape, table, indices.rows * indices.columns, indices);
    }

    /** The same for so many rows, which several tokens may share. */
    public static Tensor embedding(Tape tape, Tensor table, long tokens, Tensor indices) {
        Embedding node = tape.flows(table) ? tape.record(new Embedding(tape.edge(table))) : null;
        if (node != null) {
            tape.save(node, indices.storage);
        }
        Tensor result = tape.result(tokens, table.columns, table.type, node);
        tape.done(indices);
        return result;
    }

    /** Both operands' gradients are products again: the right one's first (mm), with a bias the left one's (addmm). */
    private static final class Product extends Node {
        private final @Nullable Node left;
        private final long leftRows;
        private final long leftColumns;
        private final DType operandType;
        private final @Nullable Node right;
        private final long rightRows;
        private final long rightColumns;
        private final @Nullable Node bias;
        private final boolean withBias;

        Product(
                @Nullable Node left,
                Tensor leftTensor,
                @Nullable Node right,
                Tensor rightTensor,
                @Nullable Node bias,
                boolean withBias) {
            this.withBias = withBias;
            this.left = left;
            this.leftRows = leftTensor.rows;
            this.leftColumns = leftTensor.columns;
            this.operandType = leftTensor.type;
            this.right = right;
            this.rightRows = rightTensor.rows;
            this.rightColumns = rightTensor.columns;
            this.bias = bias;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (left != null && withBias) {
                tape.send(left, tape.allocate(leftRows, leftColumns, operandType));
            }
            if (right != null) {
                tape.send(right, tape.allocate(rightRows, rightColumns, operandType));
            }
            if (left != null && !withBias) {
                tape.send(left, tape.allocate(leftRows, leftColumns, operandType));
            }
            if (bias != null) {
                tape.send(bias, tape.alias(gradient));
            }
        }
    }

    private static final class Packed extends Node {
        private final @Nullable Node input;
        private final long inputs;
        private final long outputs;

        Packed(@Nullable Node input, long inputs, long outputs) {
            this.input = input;
            this.inputs = inputs;
            this.outputs = outputs;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor weight = tape.allocateFor(UNPACKED, outputs, inputs, gradient.type);
            tape.send(input, tape.allocate(gradient.rows, inputs, gradient.type));
            tape.drop(weight);
        }
    }

    private static final class Embedding extends Node {
        private final @Nullable Node table;

        Embedding(@Nullable Node table) {
            this.table = table;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Node to = java.util.Objects.requireNonNull(table);
            tape.send(to, tape.allocate(to.rows, to.columns, to.type));
        }
    }
}
