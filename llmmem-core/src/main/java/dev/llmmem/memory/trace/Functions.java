package dev.llmmem.memory.trace;

import dev.llmmem.model.Activation;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** Activation functions, softmax, dropout and the loss. */
public final class Functions {

    private Functions() {}

    /** A non-linear function of each element; all but ReLU save their input. */
    public static Tensor activate(Tape tape, Activation function, Tensor x) {
        return switch (function) {
            // over fake tensors the gradient of SiLU is sigmoid, ones, difference, product, sum, product
            case SILU -> Arithmetic.unary(tape, x, tape.runtime.fusedBackwardKernels() ? 1 : 6, true, false);
            case GELU, GELU_TANH -> Arithmetic.unary(tape, x, 1, true, false);
            case RELU -> Arithmetic.unary(tape, x, 1, false, true);
            case RELU_SQUARED ->
                Arithmetic.square(tape, activate(tape, Activation.RELU, x).last());
            case TANH -> tanh(tape, x);
            case GELU_NEW -> geluNew(tape, x);
            case GELU_FAST -> geluFast(tape, x);
            case IDENTITY ->
                throw new IllegalArgumentException(
                        "activation is IDENTITY, but the memory of a pass is modelled for functions that are computed");
        };
    }

    /** 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), step by step (transformers, NewGELUActivation). */
    private static Tensor geluNew(Tape tape, Tensor x) {
        boolean last = x.takeLast();
        Tensor half = Arithmetic.scale(tape, x);
        // autocast raises to powers in fp32
        Tensor base = Casts.cast(tape, x, tape.autocastType() == null ? x.type : DType.FP32);
        Tensor cube =
                Arithmetic.scale(tape, Arithmetic.square(tape, base.last()).last());
        Tensor inner =
                Arithmetic.scale(tape, Arithmetic.add(tape, x, cube.last()).last());
        Tensor factor = Arithmetic.shift(tape, tanh(tape, inner.last()).last());
        Tensor result = Arithmetic.multiply(tape, half.last(), factor.last());
        if (last) {
            tape.drop(x);
        }
        return result;
    }

    /** 0.5 · x · (1 + tanh(x · √(2/π) · (1 + 0.044715 · x · x))), step by step (transformers, FastGELUActivation). */
    private static Tensor geluFast(Tape tape, Tensor x) {
        boolean last = x.takeLast();
        Tensor half = Arithmetic.scale(tape, x);
        Tensor scaled = Arithmetic.scale(tape, x);
        Tensor square = Arithmetic.multiply(tape, Arithmetic.scale(tape, x).last(), x);
        Tensor inner = Arithmetic.multiply(
                tape, scaled.last(), Arithmetic.shift(tape, square.last()).last());
        Tensor factor = Arithmetic.shift(tape, tanh(tape, inner.last()).last());
        Tensor result = Arithmetic.multiply(tape, half.last(), factor.last());
        if (last) {
            tape.drop(x);
        }
        return result;
    }

    /** tanh(x); saves its result. */
    public static Tensor tanh(Tape tape, Tensor x) {
        return Arithmetic.unary(tape, x, 1, false, true);
    }

    /** 1 / (1 + exp(−x)); saves its result. */
    public static Tensor sigmoid(Tape tape, Tensor x) {
        return Arithmetic.unary(tape, x, 1, false, true);
    }

    /**
     * Layer normalization (arXiv 1607.06450) in one kernel: saves input, weight, bias, mean and inverse deviation. Autocast
     * runs it in fp32.
     *
     * @param weight the scale, or null where there is none
     * @param bias the shift, or null where there is none
     */
    public static Tensor layerNorm(Tape tape, Tensor x, @Nullable Tensor weight, @Nullable Tensor bias) {
        boolean widened = tape.autocastType() != null;
        Tensor shift = bias == null ? null : widened ? Casts.cast(tape, bias, DType.FP32) : tape.alias(bias);
        Tensor scale = weight == null ? null : widened ? Casts.cast(tape, weight, DType.FP32) : tape.alias(weight);
        Tensor input = widened ? Casts.cast(tape, x, DType.FP32) : tape.alias(x);
        boolean scaleFlows = scale != null && tape.flows(scale);
        boolean shiftFlows = shift != null && tape.flows(shift);
        Normalization node = null;
        if (tape.flows(input) || scaleFlows || shiftFlows) {
            node = tape.record(new Normalization(
                    tape.edge(input),
                    scale == null ? null : tape.edge(scale),
                    shift == null ? null : tape.edge(shift)));
            tape.save(node, input.storage);
            if (scale != null) {
                tape.save(node, scale.storage);
            }
            if (shift != null) {
                tape.save(node, shift.storage);
            }
        }
        Tensor result = tape.result(input.rows, input.columns, input.type, node);
        Tensor mean = tape.allocate(input.rows, 1, DType.FP32);
        Tensor deviation = tape.allocate(input.rows, 1, DType.FP32);
        if (node != null) {
            tape.save(node, mean.storage);
            tape.save(node, deviation.storage);
        }
        tape.drop(deviation);
        tape.drop(mean);
        if (shift != null) {
            tape.drop(shift);
        }
        if (scale != null) {
            tape.drop(scale);
        }
        tape.drop(input);
        tape.done(x);
        return result;
    }

    /** Softmax over the last dimension; saves its result. */
    public static Tensor softmax(Tape tape, Tensor x) {
        return Arithmetic.unary(tape, x, 1, false, true);
    }

    /**
     * Softmax over the last dimension that is zero in rows where everything was masked, step by step inside one operator
     * (PyTorch 2.5 and 2.6, _safe_softmax in aten/src/ATen/native/transformers/attention.cpp): a first result, what was
     * masked, and a second result, which is saved.
     */
    public static Tensor safeSoftmax(Tape tape, Tensor x) {
        Tensor weights = tape.allocate(x.rows, x.columns, x.type);
        Tensor masked = tape.allocate(x.rows, x.columns, DType.BOOL);
        Tensor maskedRows = tape.allocate(x.rows, 1, DType.BOOL);
        Tensor zero = tape.allocate(1, 1, x.type);
        Tensor result = softmax(tape, x);
        tape.drop(zero);
        tape.drop(maskedRows);
        tape.drop(masked);
        tape.drop(weights);
        return result;
    }

    /** Softmax in fp32: fp16 is read as it is by the kernel, other formats are cast first. */
    public static Tensor wideSoftmax(Tape tape, Tensor x) {
        if (x.type != DType.FP16) {
            return softmax(tape, Casts.cast(tape, x, DType.FP32).last());
        }
        return Arithmetic.unary(tape, x, DType.FP32, 1, false, true);
    }

    /** Dropout in training: a mask of one byte an element is saved. With probability 0 the tensor itself. */
    public static Tensor dropout(Tape tape, Tensor x, double probability) {
        if (probability == 0) {
            Tensor same = tape.alias(x);
            tape.done(x);
            return same;
        }
        Masking node = tape.flows(x) ? tape.record(new Masking(tape.edge(x))) : null;
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
        // the shift is a slice, which one row has in order already
        Tensor labels = batch == 1 ? tape.alias(padded) : tape.allocate(batch, sequence, DType.INT64);
        Tensor loss = likelihood(tape, upcast, labels);
        tape.drop(upcast);
        tape.drop(padded);
        tape.drop(labels);
        return loss;
    }

    /**
     * The same as versions before 4.49 computed it: the logits of all positions but the last are copied, unless there is
     * one row, and the labels are those of all positions but the first.
     *
     * @param type the format that logits are cast to first
     */
    public static Tensor shiftedCrossEntropy(Tape tape, Tensor logits, long batch, DType type) {
        Tensor upcast = Casts.cast(tape, logits, type);
        long rows = upcast.rows - batch;
        Tensor part = Shapes.leading(tape, upcast, rows);
        Tensor shifted = batch == 1 ? part : tape.rebind(part, Shapes.copy(tape, part));
        Tensor labels = tape.allocate(batch, batch == 1 ? 0 : rows / batch, DType.INT64);
        Tensor loss = likelihood(tape, shifted, labels);
        tape.drop(upcast);
        tape.drop(shifted);
        tape.drop(labels);
        return loss;
    }

    /**
     * The mean negative log-likelihood of labels: log-softmax, which keeps the logits' format, and the likelihood, which
     * autocast runs in fp32. The log-probabilities and the labels are saved.
     */
    private static Tensor likelihood(Tape tape, Tensor logits, Tensor labels) {
        DType type = tape.autocastType() == null ? logits.type : DType.FP32;
        Tensor narrow = softmax(tape, logits);
        Tensor logProbabilities = Casts.cast(tape, narrow, type);
        Likelihood node = null;
        if (tape.flows(logProbabilities)) {
            node = tape.record(new Likelihood(tape.edge(logProbabilities), logProbabilities));
            tape.save(node, logProbabilities.storage);
            tape.save(node, labels.storage);
        }
        Tensor loss = tape.result(1, 1, type, node);
        Tensor totalWeight = tape.allocate(1, 1, type);
        if (node != null) {
            tape.save(node, totalWeight.storage);
        }
        tape.drop(totalWeight);
        tape.drop(logProbabilities);
        tape.drop(narrow);
        return loss;
    }

    private static final class Normalization extends Node {
        private final @Nullable Node input;
        private final @Nullable Node scale;
        private final @Nullable Node shift;

        Normalization(@Nullable Node input, @Nullable Node scale, @Nullable Node shift) {
            this.input = input;
            this.scale = scale;
            this.shift = shift;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            if (input != null) {
                tape.send(input, tape.allocate(gradient.rows, gradient.columns, gradient.type));
            }
            if (scale != null) {
                tape.send(scale, tape.allocate(1, gradient.columns, gradient.type));
            }
            if (shift != null) {
                tape.send(shift, tape.allocate(1, gradient.columns, gradient.type));
            }
        }
    }

    private static final class Likelihood extends Node {
        private final @Nullable Node maker;
        private final long inputRows;
        private final long inputColumns;
        private final DType inputType;

        Likelihood(@Nullable Node maker, Tensor input) {
            this.maker = maker;
            this.inputRows = input.rows;
            this.inputColumns = input.columns;
            this.inputType = input.type;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.send(maker, tape.allocate(inputRows, inputColumns, inputType));
        }
    }
}
