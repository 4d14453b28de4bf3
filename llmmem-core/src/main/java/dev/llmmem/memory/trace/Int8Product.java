package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * The product of LLM.int8 (arXiv 2208.07339; bitsandbytes, autograd/_functions.py, MatMul8bitLt, and backends/cuda/ops.py) for
 * a frozen weight in 8 bits and inputs without outlier columns: inputs are cast to fp16 and quantized row by row, the product
 * of integers is scaled to fp16 and cast to the input's format. Backward makes a copy of the weight in that format.
 */
public final class Int8Product {

    private Int8Product() {}

    /** x · weightᵀ for a weight of outputs × inputs; a bias is added in the kernel or in place. */
    public static Tensor apply(Tape tape, Tensor x, long inputs, long outputs) {
        if (inputs % 4 != 0) {
            throw new IllegalArgumentException("the inputs of an 8-bit layer are " + inputs
                    + ", but must be a multiple of 4: others take a path in fp32 that is not modelled");
        }
        Multiplied node = null;
        if (tape.flows(x)) {
            node = tape.record(new Multiplied(tape.edge(x), inputs, outputs));
            tape.bind(x.storage); // an attribute of the context, not a saved tensor
        }
        Tensor half = x.type == DType.FP16 ? tape.alias(x) : tape.allocate(x.rows, inputs, DType.FP16);
        Tensor scales = tape.allocate(1, x.rows, DType.FP32);
        Tensor codes = tape.allocate(x.rows, inputs, DType.INT8);
        findOutliers(tape, half);
        tape.drop(half);
        Tensor sums = tape.allocate(x.rows, outputs, DType.INT32);
        Tensor scaled = tape.allocate(x.rows, outputs, DType.FP16);
        Tensor result = node == null && x.type == DType.FP16
                ? tape.alias(scaled)
                : x.type == DType.FP16
                        ? tape.view(scaled, scaled.rows, scaled.columns, node)
                        : tape.result(x.rows, outputs, x.type, node);
        tape.drop(scaled);
        tape.drop(sums);
        tape.drop(codes);
        tape.drop(scales);
        return result;
    }

    private static void findOutliers(Tape tape, Tensor half) {
        Tensor sizes = tape.allocate(half.rows, half.columns, DType.FP16);
        Tensor outliers = tape.allocate(half.rows, half.columns, DType.BOOL);
        tape.drop(sizes);
        tape.drop(tape.allocate(1, 1, DType.BOOL));
        tape.drop(outliers);
    }

    private static final class Multiplied extends Node {
        private final @Nullable Node input;
        private final long inputs;
        private final long outputs;

        Multiplied(@Nullable Node input, long inputs, long outputs) {
            this.input = input;
            this.inputs = inputs;
            this.outputs = outputs;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor weight = tape.allocate(outputs, inputs, type);
            tape.drop(tape.allocate(outputs, 1, DType.FP32));
            tape.send(input, tape.allocate(gradient.rows, inputs, type));
            tape.drop(weight);
        }
    }
}
