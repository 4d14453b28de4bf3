package dev.llmmem.memory.trace;

import dev.llmmem.model.Activation;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** Activation functions, softmax, dropout and the loss. */
public final class Functions {

    private Functions() {}

    /** A non-linear function of each element; saves its input. */
    public static Tensor activate(Tape tape, Activation function, Tensor x) {
        return switch (function) {
            // over fake tensors the gradient of SiLU is sigmoid, ones, difference, product, sum, product
            case SILU -> Arithmetic.unary(tape, x, tape.runtime.fusedBackwardKernels() ? 1 : 6, true, false);
            default -> throw new UnsupportedTraceException("activation function " + function);
        };
    }

    /** Softmax over the last dimension; saves its result. */
    public static Tensor softmax(Tape tape, Tensor x) {
        return Arithmetic.unary(tape, x, 1, false, true);
    }

    /** Dropout in training: a mask of one byte an element is saved. With probability 0 the tensor itself. */
    public static Tensor dropout(Tape tape, Tensor x, double probability) {
        if (probability == 0) {
            Tensor same = tape.alias(x);
            tape.done(x);
            return same;
        }
        Dropout node = tape.flows(x) ? tape.record(new Dropout(tape.edge(x))) : null;
        Tensor result = tape.result(x.rows, x.columns, x.type, node);
        Tensor mask = tape.allocate(x.rows, x.columns, DType.BOOL);
        if (node != null) {
            tape.save(node, mask.storage);
        }
        tape.drop(mask);
        tape.done(x);
        return result;
    }

    /**
     * The mean cross-entropy of logits against labels as Hugging Face computes it
     * (transformers/loss/loss_utils.py, ForCausalLMLoss): logits in fp32, labels padded and shifted, log-softmax, negative
     * log-likelihood.
     */
    public static Tensor crossEntropy(Tape tape, Tensor logits, long batch) {
        Tensor upcast = Casts.cast(tape, logits, DType.FP32);
        long sequence = upcast.rows / batch;
        Tensor padded = tape.allocate(batch, sequence + 1, DType.INT64);
        Tensor labels = tape.allocate(batch, sequence, DType.INT64);
        Tensor logProbabilities = softmax(tape, upcast);
        Likelihood node = null;
        if (tape.flows(logProbabilities)) {
            node = tape.record(new Likelihood(tape.edge(logProbabilities), logProbabilities));
            tape.save(node, logProbabilities.storage);
            tape.save(node, labels.storage);
        }
        Tensor loss = tape.result(1, 1, DType.FP32, node);
        Tensor totalWeight = tape.allocate(1, 1, DType.FP32);
        if (node != null) {
            tape.save(node, totalWeight.storage);
        }
        tape.drop(totalWeight);
        tape.drop(logProbabilities);
        tape.drop(upcast);
        tape.drop(padded);
        tape.drop(labels);
        return loss;
    }

    private static final class Dropout extends Node {
        private final @Nullable Node maker;

        Dropout(@Nullable Node maker) {
            this.maker = maker;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.send(maker, tape.allocate(gradient.rows, gradient.columns, gradient.type));
        }
    }

    private static final class Likelihood extends Node {
        private final @Nullable Node maker;
        private final long inputRows;
        private final long inputColumns;

        Likelihood(@Nullable Node maker, Tensor input) {
            this.maker = maker;
            this.inputRows = input.rows;
            this.inputColumns = input.columns;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.send(maker, tape.allocate(inputRows, inputColumns, DType.FP32));
        }
    }
}
