package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.FlashAttention2;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/**
 * From queries, keys and values to mixed values by the package flash-attn: queries in fp32 are cast with keys and values,
 * and position ids are looked through for several documents (transformers, modeling_flash_attention_utils.py).
 */
final class FlashAttending {

    private FlashAttending() {}

    /**
     * Mixes the values.
     *
     * @param inOrder whether queries lie head by head: then so does the output, and is copied back into tokens
     */
    static ScoredAttention.Result apply(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            AttentionShape shape,
            boolean inOrder,
            double dropout,
            Pass pass,
            Context context) {
        if (queries.columns() > FlashAttention2.WIDEST_HEAD) {
            throw new IllegalArgumentException("attention is FLASH_ATTENTION_2, but the model has heads of "
                    + queries.columns() + " elements, and the kernel takes 1 to " + FlashAttention2.WIDEST_HEAD);
        }
        boolean casts = queries.type() == DType.FP32;
        DType type = tape.autocastType() == null ? pass.weights() : tape.autocastType();
        Tensor q = casts ? Casts.cast(tape, queries, type) : tape.alias(queries);
        Tensor k = casts ? Casts.cast(tape, keys, type) : tape.alias(keys);
        Tensor v = casts ? Casts.cast(tape, values, type) : tape.alias(values);
        if (context.positions() != null) {
            lookForDocuments(tape, context.positions(), pass.batch());
        }
        Tensor output = FlashAttention2.apply(tape, q, k, v, shape, dropout);
        tape.drop(q);
        tape.drop(k);
        tape.drop(v);
        boolean outsideTokens = inOrder && shape.heads() > 1 && shape.queryLength() > 1;
        if (outsideTokens || FlashAttention2.pads(queries.columns())) {
            output = tape.rebind(output, Shapes.merge(tape, output, false));
        }
        return new ScoredAttention.Result(output, null);
    }

    /** Compares position ids with a range (transformers, _is_packed_sequence). */
    private static void lookForDocuments(Tape tape, Tensor positions, long batch) {
        Tensor range = tape.allocate(1, positions.columns(), DType.INT64);
        Tensor least = tape.allocate(1, 1, DType.INT64);
        Tensor expected = tape.allocate(1, positions.columns(), DType.INT64);
        tape.drop(range);
        tape.drop(least);
        if (batch == 1) {
            Tensor difference = tape.allocate(1, positions.columns(), DType.INT64);
            tape.drop(tape.rebind(difference, tape.allocate(1, positions.columns(), DType.INT64)));
        }
        tape.drop(expected);
    }
}
