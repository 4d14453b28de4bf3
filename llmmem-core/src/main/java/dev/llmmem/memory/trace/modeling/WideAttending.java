package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Chosen;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The second half of an attention that has no fused kernel: queries, keys and values through the cache, scores in fp32
 * and the output projection (transformers: GPTJAttention, CodeGenAttention, GPTNeoSelfAttention from {@code
 * layer_past.update} on).
 *
 * @param attention heads and their sizes, as the cache sees them
 * @param output the projection of the mixed values, with its dropout if it has one
 * @param scoring what happens to scores before the softmax
 * @param dropout on the attention weights
 */
record WideAttending(Attention.Grouped attention, Transform output, Scoring scoring, double dropout) {

    /** From the products of queries and keys to what the softmax reads. */
    interface Scoring {

        /** Takes over the variable of the scores; other variables on the way live as long as the mixing runs. */
        Tensor apply(Tape tape, Tensor scores, @Nullable Tensor mask, List<Tensor> locals);
    }

    /** Scaled, then masked (GPTJAttention). */
    static final Scoring SCALED_FIRST =
            (tape, scores, mask, locals) -> masked(tape, tape.rebind(scores, Arithmetic.scale(tape, scores)), mask);

    /** Masked, then scaled (CodeGenAttention). */
    static final Scoring MASKED_FIRST = (tape, scores, mask, locals) -> {
        Tensor masked = masked(tape, scores, mask);
        return tape.rebind(masked, Arithmetic.scale(tape, masked));
    };

    private static Tensor masked(Tape tape, Tensor scores, @Nullable Tensor mask) {
        return mask == null ? scores : tape.rebind(scores, Arithmetic.add(tape, scores, mask));
    }

    /** Replaced by a number where a part of a buffer says so, then masked; not scaled (GPTNeoSelfAttention). */
    static Scoring replacedBy(Tensor visible) {
        return (tape, scores, mask, locals) -> {
            locals.add(tape.allocate(1, 1, scores.type()));
            return masked(tape, tape.rebind(scores, Chosen.apply(tape, scores, visible)), mask);
        };
    }

    /** Takes over the three variables, which live until the output is there. All have their heads inside tokens. */
    ScoredAttention.Result apply(Tape tape, Tensor queries, Tensor keys, Tensor values, Pass pass, Context context) {
        Tensor k = keys;
        Tensor v = values;
        @Nullable KeyValueCache cache = pass.cache();
        long seen = pass.length();
        if (cache != null) {
            seen += cache.visible(attention);
            KeyValueCache.Entry all = cache.extend(tape, k, v, attention);
            k = tape.rebind(k, all.keys());
            v = tape.rebind(v, all.values());
        }
        AttentionShape shape =
                new AttentionShape(pass.batch(), pass.length(), seen, attention.heads(), attention.keyValueHeads());
        ScoredAttention.Result mixed = mixed(tape, queries, k, v, shape, cache != null, context.mask());
        Tensor merged = tape.rebind(mixed.output(), ScoredAttention.merged(tape, mixed.output(), shape));
        Tensor rows = Shapes.view(tape, merged.last(), pass.tokens(), (long) attention.heads() * v.columns());
        Tensor result = output.apply(tape, rows.last());
        tape.drop(queries);
        tape.drop(k);
        tape.drop(v);
        return new ScoredAttention.Result(result, mixed.weights());
    }

    /** Queries and keys are widened, whatever their format. */
    private ScoredAttention.Result mixed(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            AttentionShape shape,
            boolean inOrder,
            @Nullable Tensor mask) {
        List<Tensor> locals = new ArrayList<>();
        Tensor q = Casts.cast(tape, queries, DType.FP32);
        Tensor k = Casts.cast(tape, keys, DType.FP32);
        Tensor products =
                ScoredAttention.product(tape, q, false, k, inOrder, shape, shape.queryRows(), shape.keyLength());
        Tensor scores = scoring.apply(tape, products, mask, locals);
        Tensor shares = tape.rebind(scores, Functions.wideSoftmax(tape, scores));
        Tensor weights = Casts.cast(tape, shares.last(), values.type());
        weights = tape.rebind(weights, Functions.dropout(tape, weights, dropout));
        Tensor mixed = ScoredAttention.product(
                tape, weights, true, values, inOrder, shape, shape.queryRows(), values.columns());
        locals.forEach(tape::drop);
        tape.drop(q);
        tape.drop(k);
        return new ScoredAttention.Result(mixed, weights);
    }
}
