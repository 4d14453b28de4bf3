package dev.llmmem.memory.trace;

import com.google.common.math.LongMath;
import dev.llmmem.units.DType;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of the package flash-attn (arXiv 2307.08691): saves queries, keys, values, output, log-sum-exp and the random
 * state. Grouped heads are not repeated before it; heads whose size is no multiple of 8 are padded.
 *
 * <p>Source: flash-attn 2.8 (flash_attn/flash_attn_interface.py, FlashAttnFunc; csrc/flash_attn/flash_api.cpp, mha_fwd and
 * mha_bwd).
 */
public final class FlashAttention2 extends Node {

    /** What storages of the kernel are named. */
    public static final String SITE = "flash attention 2";

    /** The widest head that the kernel takes. */
    public static final long WIDEST_HEAD = 256;

    /** The multiprocessors of an H100, by which a launch of few blocks is split; others split a little otherwise. */
    private static final int MULTIPROCESSORS = 132;

    private final @Nullable Node queriesMaker;
    private final @Nullable Node keysMaker;
    private final @Nullable Node valuesMaker;
    private final DType operandType;
    private final long size;
    private final AttentionShape shape;

    private FlashAttention2(Tape tape, Tensor queries, Tensor keys, Tensor values, AttentionShape shape) {
        this.queriesMaker = tape.edge(queries);
        this.keysMaker = tape.edge(keys);
        this.valuesMaker = tape.edge(values);
        this.operandType = queries.type;
        this.size = queries.columns;
        this.shape = shape;
    }

    /** Whether heads of this size are padded, so that what the kernel returns is a part of each padded head. */
    public static boolean pads(long headSize) {
        return headSize % 8 != 0;
    }

    /** Mixes the values. All three are 16-bit and have heads of one size. */
    public static Tensor apply(
            Tape tape, Tensor queries, Tensor keys, Tensor values, AttentionShape shape, double dropout) {
        return tape.within(SITE, () -> forward(tape, queries, keys, values, shape, dropout));
    }

    private static Tensor forward(
            Tape tape, Tensor queries, Tensor keys, Tensor values, AttentionShape shape, double dropout) {
        boolean flows = tape.flows(queries) || tape.flows(keys) || tape.flows(values);
        @Nullable
        FlashAttention2 node = flows ? tape.record(new FlashAttention2(tape, queries, keys, values, shape)) : null;
        long width = padded(queries.columns);
        Tensor q = padded(tape, queries);
        Tensor k = padded(tape, keys);
        Tensor v = padded(tape, values);
        Tensor whole = tape.allocate(shape.queryRows(), width, queries.type);
        Tensor logSumExp = tape.allocate(shape.batch() * shape.heads(), shape.queryLength(), DType.FP32);
        int parts = dropout > 0 ? 1 : splits(shape, width);
        @Nullable Tensor partSums = null;
        @Nullable Tensor partOutputs = null;
        if (parts > 1) {
            long rows = parts * shape.batch() * shape.heads();
            partSums = tape.allocate(rows, shape.queryLength(), DType.FP32);
            partOutputs = tape.allocate(rows * shape.queryLength(), rounded(width), DType.FP32);
        }
        Tensor randomState = tape.allocate(1, 2, DType.INT64);
        if (partSums != null && partOutputs != null) {
            tape.drop(partSums);
            tape.drop(partOutputs);
        }
        if (node != null) {
            for (Tensor saved : new Tensor[] {q, k, v, whole, logSumExp, randomState}) {
                tape.save(node, saved.storage);
            }
        }
        Tensor output = tape.view(whole, shape.queryRows(), queries.columns, node);
        for (Tensor local : new Tensor[] {q, k, v, whole, logSumExp, randomState}) {
            tape.drop(local);
        }
        return output;
    }

    private static long padded(long size) {
        return (size + 7) / 8 * 8;
    }

    private static Tensor padded(Tape tape, Tensor x) {
        return pads(x.columns) ? tape.allocate(x.rows, padded(x.columns), x.type) : tape.alias(x);
    }

    /** A head size as the accumulators have it. */
    private static long rounded(long size) {
        long step = size <= 128 ? 32 : 64;
        return (size + step - 1) / step * step;
    }

    /** In how many parts the keys are mixed one by one, so that few blocks fill the card (num_splits_heuristic). */
    private static int splits(AttentionShape shape, long width) {
        boolean groupsAsRows = shape.queryLength() == 1 && shape.heads() > shape.keyValueHeads();
        long rows = groupsAsRows ? shape.heads() / shape.keyValueHeads() : shape.queryLength();
        long heads = groupsAsRows ? shape.keyValueHeads() : shape.heads();
        long blocks = shape.batch() * heads * ((rows + 63) / 64);
        long blockKeys = width <= 64 ? 256 : width <= 128 ? 128 : 64;
        long keyBlocks = (shape.keyLength() + blockKeys - 1) / blockKeys;
        int slots = 2 * MULTIPROCESSORS;
        if (blocks >= 0.8f * slots) {
            return 1;
        }
        int most = (int) Math.min(128, Math.min(slots, keyBlocks));
        double best = 0;
        for (int parts = 1; parts <= most; parts++) {
            best = Math.max(best, efficiency(blocks, parts, slots, keyBlocks));
        }
        for (int parts = 1; parts <= most; parts++) {
            if (efficiency(blocks, parts, slots, keyBlocks) >= 0.85 * best) {
                return parts;
            }
        }
        return 1;
    }

    /** How full the waves of blocks are; none for a number of parts that leaves as many keys to the longest as one less. */
    private static double efficiency(long blocks, int parts, int slots, long keyBlocks) {
        if (parts > 1
                && LongMath.divide(keyBlocks, parts, RoundingMode.CEILING)
                        == LongMath.divide(keyBlocks, parts - 1L, RoundingMode.CEILING)) {
            return -1;
        }
        float waves = (float) (blocks * parts) / slots;
        return waves / (float) Math.ceil(waves);
    }

    @Override
    void backward(Tape tape, Tensor gradient) {
        tape.within(SITE, () -> {
            gradients(tape, gradient);
            return gradient;
        });
    }

    private void gradients(Tape tape, Tensor gradient) {
        long width = padded(size);
        Tensor dQueries = tape.allocate(shape.queryRows(), width, operandType);
        Tensor dKeys = tape.allocate(shape.keyRows(), width, operandType);
        Tensor dValues = tape.allocate(shape.keyRows(), width, operandType);
        Tensor arrived = padded(tape, gradient);
        long rows = (shape.queryLength() + 127) / 128 * 128;
        Tensor softmaxSum = tape.allocate(shape.batch() * shape.heads(), rows, DType.FP32);
        Tensor accumulator = tape.allocate(shape.batch() * rows * shape.heads(), rounded(width), DType.FP32);
        if (shape.keyValueHeads() != shape.heads()) {
            Tensor wideKeys = tape.allocate(shape.expandedKeyRows(), width, operandType);
            Tensor wideValues = tape.allocate(shape.expandedKeyRows(), width, operandType);
            tape.drop(wideKeys);
            tape.drop(wideValues);
        }
        tape.drop(accumulator);
        tape.drop(softmaxSum);
        tape.drop(arrived);
        part(tape, queriesMaker, dQueries);
        part(tape, keysMaker, dKeys);
        part(tape, valuesMaker, dValues);
    }

    private void part(Tape tape, @Nullable Node to, Tensor gradient) {
        tape.send(to, tape.view(gradient, gradient.rows, size, null));
        tape.drop(gradient);
    }
}
