package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import org.jspecify.annotations.Nullable;

/**
 * One projection each for queries, keys and values; queries and keys may be normalized (transformers, LlamaAttention,
 * Qwen3Attention, Olmo2Attention).
 *
 * @param queryNorm the norm of the queries, or null
 * @param keyNorm the norm of the keys, or null
 * @param wholeNorms whether a norm spans all heads of a token, rather than each head by itself
 */
record SeparateHeads(
        Projection queries,
        Projection keys,
        Projection values,
        @Nullable Transform queryNorm,
        @Nullable Transform keyNorm,
        boolean wholeNorms)
        implements HeadProjections {

    /** Without norms. */
    SeparateHeads(Projection queries, Projection keys, Projection values) {
        this(queries, keys, values, null, null, false);
    }

    @Override
    public Heads apply(Tape tape, Tensor x, Attention.Grouped attention, boolean valuesCopied) {
        Tensor q = queries.apply(tape, x);
        Tensor k;
        Tensor v;
        if (wholeNorms) {
            q = normalized(tape, q, queryNorm);
            k = normalized(tape, keys.apply(tape, x), keyNorm);
            v = values.apply(tape, x);
            q = heads(tape, q, attention.heads());
            k = heads(tape, k, attention.keyValueHeads());
        } else {
            q = normalized(tape, heads(tape, q, attention.heads()), queryNorm);
            k = normalized(tape, heads(tape, keys.apply(tape, x), attention.keyValueHeads()), keyNorm);
            v = values.apply(tape, x);
        }
        return new Heads(q, k, Shapes.heads(tape, v.last(), attention.keyValueHeads(), valuesCopied));
    }

    private static Tensor heads(Tape tape, Tensor x, long heads) {
        return Shapes.heads(tape, x.last(), heads, heads > 1);
    }

    private static Tensor normalized(Tape tape, Tensor x, @Nullable Transform norm) {
        return norm == null ? x : tape.rebind(x, norm.apply(tape, x));
    }
}
