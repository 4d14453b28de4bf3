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
 * @param place where the norms stand
 */
record SeparateHeads(
        Projection queries,
        Projection keys,
        Projection values,
        @Nullable Transform queryNorm,
        @Nullable Transform keyNorm,
        Norms place)
        implements HeadProjections {

    /** Where queries and keys are normalized. */
    enum Norms {
        /** All heads of a token together. */
        WHOLE,
        /** Each head, as soon as it is made. */
        EACH,
        /** Each head, once all are there. */
        LATE
    }

    /** Without norms. */
    SeparateHeads(Projection queries, Projection keys, Projection values) {
        this(queries, keys, values, null, null, Norms.EACH);
    }

    SeparateHeads normalized(Norms where, Transform queryNorm, Transform keyNorm) {
        return new SeparateHeads(queries, keys, values, queryNorm, keyNorm, where);
    }

    @Override
    public Heads apply(Tape tape, Tensor x, Attention.Grouped attention, Copies copies) {
        long heads = attention.heads();
        long groups = attention.keyValueHeads();
        Tensor q = queries.apply(tape, x);
        Tensor k;
        Tensor v;
        if (place == Norms.WHOLE) {
            q = normed(tape, q, queryNorm);
            k = normed(tape, keys.apply(tape, x), keyNorm);
            v = values.apply(tape, x);
            q = Shapes.heads(tape, q.last(), heads, copies.queries());
            k = Shapes.heads(tape, k.last(), groups, copies.keys());
            return new Heads(q, k, Shapes.heads(tape, v.last(), groups, copies.values()));
        }
        q = Shapes.heads(tape, q.last(), heads, copies.queries());
        if (place == Norms.EACH) {
            q = normed(tape, q, queryNorm);
        }
        k = Shapes.heads(tape, keys.apply(tape, x).last(), groups, copies.keys());
        if (place == Norms.EACH) {
            k = normed(tape, k, keyNorm);
        }
        v = Shapes.heads(tape, values.apply(tape, x).last(), groups, copies.values());
        if (place == Norms.LATE) {
            q = normed(tape, q, queryNorm);
            k = normed(tape, k, keyNorm);
        }
        return new Heads(q, k, v);
    }

    private static Tensor normed(Tape tape, Tensor x, @Nullable Transform norm) {
        return norm == null ? x : tape.rebind(x, norm.apply(tape, x));
    }
}
