package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** What sends tokens to experts and brings them back: choices, look-ups, and products of groups of rows. */
public final class Routing {

    private Routing() {}

    /** The largest elements of each row, and where they stand ({@code torch.topk}). */
    public record Choice(Tensor values, Tensor indices) {}

    /** The {@code count} largest elements of each row; saves their places. */
    public static Choice topK(Tape tape, Tensor x, long count) {
        Filled node = tape.flows(x) ? tape.record(new Filled(tape.edge(x), x)) : null;
        Tensor values = tape.result(x.rows, count, x.type, node);
        Tensor indices = tape.allocate(x.rows, count, DType.INT64);
        if (node != null) {
            tape.save(node, indices.storage);
        }
        tape.done(x);
        return new Choice(values, indices);
    }

    /** Elements or rows of a tensor at {@code rows} places ({@code x[index]}); saves the places. */
    public static Tensor take(Tape tape, Tensor x, Tensor index, long rows) {
        return take(tape, x, index, rows, x.columns);
    }

    /** The same, where places name elements ({@code x.gather(1, index)}). */
    public static Tensor gather(Tape tape, Tensor x, Tensor index) {
        return take(tape, x, index, index.rows, index.columns);
    }

    private static Tensor take(Tape tape, Tensor x, Tensor index, long rows, long columns) {
        Filled node = tape.flows(x) ? tape.record(new Filled(tape.edge(x), x)) : null;
        if (node != null) {
            tape.save(node, index.storage);
        }
        Tensor result = tape.result(rows, columns, x.type, node);
        tape.done(x, index);
        return result;
    }

    /** Elements replaced by a number where a mask says so ({@code masked_fill}); saves the mask. */
    public static Tensor masked(Tape tape, Tensor x, Tensor mask) {
        Masking node = tape.flows(x) ? tape.record(new Masking(tape.edge(x))) : null;
        if (node != null) {
            tape.save(node, mask.storage);
        }
        Tensor result = tape.result(x.rows, x.columns, x.type, node);
        tape.done(x, mask);
        return result;
    }

    /** Each row's sum; the gradient is spread over it as a view. */
    public static Tensor sum(Tape tape, Tensor x) {
        Sum node = tape.flows(x) ? tape.record(new Sum(tape.edge(x), x)) : null;
        Tensor sum = tape.result(x.rows, 1, summed(tape, x), node);
        tape.done(x);
        return sum;
    }

    /** The format of a sum: autocast asks for fp32. */
    private static DType summed(Tape tape, Tensor x) {
        return tape.autocastType() == null ? x.type : DType.FP32;
    }

    /** The sums of so many rows that follow one another; the gradient is copied for each of them. */
    public static Tensor sumOfGroups(Tape tape, Tensor x, long size) {
        SumOfGroups node = tape.flows(x) ? tape.record(new SumOfGroups(tape.edge(x), x, size)) : null;
        Tensor sums = tape.result(x.rows / size, x.columns, summed(tape, x), node);
        tape.done(x);
        return sums;
    }

    /**
     * Divides a tensor in place by one number a row ({@code x /= y}). Takes over the caller's variable {@code x} and
     * returns its new value. A copy of the old one is saved for the divisor's gradient.
     */
    public static Tensor divideInPlace(Tape tape, Tensor x, Tensor divisor) {
        Quotient node = null;
        if (tape.flows(x) || tape.flows(divisor)) {
            Tensor before = tape.flows(divisor) ? tape.allocate(x.rows, x.columns, x.type) : tape.alias(x);
            node = tape.record(new Quotient(tape.edge(x), tape.edge(divisor)));
            tape.save(node, before.storage);
            tape.save(node, divisor.storage);
            tape.drop(before);
        }
        Tensor quotient = tape.view(x, x.rows, x.columns, node);
        tape.drop(x);
        tape.done(divisor);
        return quotient;
    }

    /**
     * A product of each group of rows with its own matrix ({@code torch.nn.functional.grouped_mm}), all in one kernel:
     * how many rows a group has changes nothing. The input is saved if the matrices are trained, they if gradients flow
     * to the input.
     */
    public static Tensor groupedProduct(Tape tape, Tensor x, Tensor matrices, Tensor ends, long outputs) {
        Tensor input = Casts.cast(tape, x, matrices.type);
        GroupedProduct node = null;
        if (tape.flows(input) || tape.flows(matrices)) {
            node = tape.record(new GroupedProduct(tape.edge(input), input, tape.edge(matrices), matrices));
            if (tape.flows(matrices)) {
                tape.save(node, input.storage);
            }
            if (tape.flows(input)) {
                tape.save(node, matrices.storage);
            }
            tape.save(node, ends.storage);
        }
        Tensor result = tape.result(input.rows, outputs, input.type, node);
        tape.drop(input);
        return result;
    }

    /** The gradient is a tensor of zeros with what arrives written into it: in place on a GPU, else into a copy. */
    private static final class Filled extends Node {
        private final @Nullable Node maker;
        private final long inputRows;
        private final long inputColumns;

        Filled(@Nullable Node maker, Tensor input) {
            this.maker = maker;
            this.inputRows = input.rows;
            this.inputColumns = input.columns;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor filled = tape.allocate(inputRows, inputColumns, gradient.type);
            if (!tape.runtime.fusedBackwardKernels()) {
                filled = tape.rebind(filled, tape.allocate(inputRows, inputColumns, gradient.type));
            }
            tape.send(maker, filled);
        }
    }

    private static final class Sum extends Node {
        private final @Nullable Node maker;
        private final long inputColumns;

        Sum(@Nullable Node maker, Tensor input) {
            this.maker = maker;
            this.inputColumns = input.columns;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.send(maker, tape.view(gradient, gradient.rows, inputColumns, null));
        }
    }

    private static final class SumOfGroups extends Node {
        private final @Nullable Node maker;
        private final long inputRows;
        private final DType inputType;
        private final boolean alone;

        SumOfGroups(@Nullable Node maker, Tensor input, long size) {
            this.maker = maker;
            this.inputRows = input.rows;
            this.inputType = input.type;
            this.alone = size == 1;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            boolean shared = alone && gradient.type == inputType;
            tape.send(maker, shared ? tape.alias(gradient) : tape.allocate(inputRows, gradient.columns, inputType));
        }
    }

    /** The divisor's gradient first: −g · ((x / y) / y), four steps. */
    private static final class Quotient extends Node {
        private final @Nullable Node x;
        private final @Nullable Node divisor;

        Quotient(@Nullable Node x, @Nullable Node divisor) {
            this.x = x;
            this.divisor = divisor;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (divisor != null) {
                Tensor[] made = new Tensor[4];
                for (int i = 0; i < made.length; i++) {
                    made[i] = tape.allocate(gradient.rows, gradient.columns, gradient.type);
                }
                for (int i = made.length - 2; i >= 0; i--) {
                    tape.drop(made[i]);
                }
                tape.send(divisor, made[made.length - 1]);
            }
            if (x != null) {
                tape.send(x, tape.allocate(gradient.rows, gradient.columns, gradient.type));
            }
        }
    }

    /** The gradient of the matrices first. */
    private static final class GroupedProduct extends Node {
        private final @Nullable Node input;
        private final long inputRows;
        private final long inputColumns;
        private final DType operandType;
        private final @Nullable Node matrices;
        private final long matrixRows;
        private final long matrixColumns;

        GroupedProduct(@Nullable Node input, Tensor inputTensor, @Nullable Node matrices, Tensor matrixTensor) {
            this.input = input;
            this.inputRows = inputTensor.rows;
            this.inputColumns = inputTensor.columns;
            this.operandType = inputTensor.type;
            this.matrices = matrices;
            this.matrixRows = matrixTensor.rows;
            this.matrixColumns = matrixTensor.columns;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (matrices != null) {
                tape.send(matrices, tape.allocate(matrixRows, matrixColumns, operandType));
            }
            if (input != null) {
                tape.send(input, tape.allocate(inputRows, inputColumns, operandType));
            }
        }
    }
}
