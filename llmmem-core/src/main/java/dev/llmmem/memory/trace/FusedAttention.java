package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * The attention kernels behind {@code torch.nn.functional.scaled_dot_product_attention} that never hold a score matrix
 * (aten/src/ATen/native/transformers/cuda: flash_attn, mem_eff_attention).
 */
public final class FusedAttention {

    private FusedAttention() {}

    /**
     * The flash kernel: saves queries, keys, values, output, log-sum-exp and the random state. Its backward pass adds an
     * fp32 accumulator of the queries' gradient and, with grouped heads, gradients of keys and values for every head.
     */
    public static Tensor flash(Tape tape, Tensor queries, Tensor keys, Tensor values, AttentionShape shape) {
        Flash node = null;
        if (tape.flows(queries) || tape.flows(keys) || tape.flows(values)) {
            node = tape.record(new Flash(tape, queries, keys, values, shape));
            tape.save(node, queries.storage);
            tape.save(node, keys.storage);
            tape.save(node, values.storage);
        }
        Tensor output = tape.keptResult(shape.queryRows(), queries.columns, queries.type, node);
        Tensor logSumExp = tape.keptResult(shape.batch() * shape.heads(), shape.queryLength(), DType.FP32, null);
        Tensor randomState = tape.keptResult(1, 2, DType.INT64, null);
        if (node != null) {
            tape.save(node, output.storage);
            tape.save(node, logSumExp.storage);
            tape.save(node, randomState.storage);
        }
        tape.drop(randomState);
        tape.drop(logSumExp);
        return output;
    }

    /** The memory-efficient kernel (arXiv 2112.05682): saves queries, keys, values, mask, output and log-sum-exp. */
    public static Tensor efficient(
            Tape tape, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask, AttentionShape shape) {
        Tensor bias = null;
        if (mask != null && mask.type == DType.BOOL) {
            Tensor zero = tape.allocate(1, 1, queries.type);
            Tensor infinity = tape.allocate(1, 1, queries.type);
            // a mask that rows of the batch share is a view until now
            long rows = Math.max(mask.rows, shape.batch() * shape.queryLength());
            bias = tape.allocate(rows, mask.columns, queries.type);
            tape.drop(infinity);
            tape.drop(zero);
        } else if (mask != null) {
            bias = tape.alias(mask);
        }
        Efficient node = null;
        if (tape.flows(queries) || tape.flows(keys) || tape.flows(values)) {
            node = tape.record(new Efficient(tape, queries, keys, values, shape));
            tape.save(node, queries.storage);
            tape.save(node, keys.storage);
            tape.save(node, values.storage);
            if (bias != null) {
                tape.save(node, bias.storage);
            }
        }
        Tensor output = tape.keptResult(shape.queryRows(), values.columns, queries.type, node);
        long padded = (shape.queryLength() + 31) / 32 * 32;
        Tensor logSumExp = tape.keptResult(shape.batch() * shape.heads(), padded, DType.FP32, null);
        if (node != null) {
            tape.save(node, output.storage);
            tape.save(node, logSumExp.storage);
        }
        tape.drop(logSumExp);
        if (bias != null) {
            tape.drop(bias);
        }
        return output;
    }

    private abstract static class Kernel extends Node {
        final @Nullable Node queriesMaker;
        final @Nullable Node keysMaker;
        final @Nullable Node valuesMaker;
        final Tensor queries;
        final Tensor keys;
        final Tensor values;
        final AttentionShape shape;

        Kernel(Tape tape, Tensor queries, Tensor keys, Tensor values, AttentionShape shape) {
            this.queriesMaker = tape.edge(queries);
            this.keysMaker = tape.edge(keys);
            this.valuesMaker = tape.edge(values);
            this.queries = queries;
            this.keys = keys;
            this.values = values;
            this.shape = shape;
        }

        static Tensor like(Tape tape, Tensor x) {
            return tape.allocate(x.rows, x.columns, x.type);
        }

        final void send(Tape tape, Tensor dQueries, Tensor dKeys, Tensor dValues) {
            tape.send(queriesMaker, dQueries);
            tape.send(keysMaker, dKeys);
            tape.send(valuesMaker, dValues);
        }
    }

    private static final class Flash extends Kernel {
        Flash(Tape tape, Tensor queries, Tensor keys, Tensor values, AttentionShape shape) {
            super(tape, queries, keys, values, shape);
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor dQueries = like(tape, queries);
            Tensor dKeys = like(tape, keys);
            Tensor dValues = like(tape, values);
            long size = queries.columns;
            long rows = (shape.queryLength() + 127) / 128 * 128;
            long width = size <= 128 ? (size + 31) / 32 * 32 : size <= 192 ? 192 : 256;
            Tensor softmaxSum = tape.allocate(shape.batch() * shape.heads(), rows, DType.FP32);
            Tensor accumulator = tape.allocate(shape.batch() * rows * shape.heads(), width, DType.FP32);
            if (shape.keyValueHeads() != shape.heads()) {
                long wide = shape.batch() * shape.keyLength() * shape.heads();
                Tensor wideKeys = tape.allocate(wide, size, keys.type);
                Tensor wideValues = tape.allocate(wide, size, values.type);
                tape.drop(wideKeys);
                tape.drop(wideValues);
            }
            tape.drop(accumulator);
            tape.drop(softmaxSum);
            send(tape, dQueries, dKeys, dValues);
        }
    }

    private static final class Efficient extends Kernel {
        Efficient(Tape tape, Tensor queries, Tensor keys, Tensor values, AttentionShape shape) {
            super(tape, queries, keys, values, shape);
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor delta = tape.allocate(shape.batch() * shape.heads(), shape.queryLength(), DType.FP32);
            Tensor dQueries = like(tape, queries);
            Tensor dKeys = like(tape, keys);
            Tensor dValues = like(tape, values);
            tape.drop(delta);
            send(tape, dQueries, dKeys, dValues);
        }
    }
}
