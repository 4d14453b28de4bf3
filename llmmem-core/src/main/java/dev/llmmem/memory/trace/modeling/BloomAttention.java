package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.units.DType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Scores that start from the distances, step by step, and the residual sum (transformers, BloomAttention). */
record BloomAttention(Projection fused, Projection output, Attention.Grouped attention, Dropout dropout) {

    ScoredAttention.Result apply(Tape tape, Tensor x, Tensor residual, Pass pass, Context context) {
        int heads = attention.heads();
        Tensor all = fused.apply(tape, x);
        Tensor q = selected(tape, all);
        Tensor k = selected(tape, all);
        Tensor v = selected(tape, all);
        long seen = pass.length();
        @Nullable KeyValueCache cache = pass.cache();
        if (cache != null) {
            seen += cache.visible(attention);
            KeyValueCache.Entry longer = cache.extend(tape, k, v, attention);
            k = tape.rebind(k, longer.keys());
            v = tape.rebind(v, longer.values());
        }
        boolean copies = pass.batch() > 1 && heads > 1 && pass.length() > 1;
        q = copies ? Shapes.copy(tape, q.last()) : q;
        k = copies && cache == null ? Shapes.copy(tape, k.last()) : k;
        v = copies && cache == null ? Shapes.copy(tape, v.last()) : v;
        long rows = pass.tokens() * heads;
        Tensor scores = Products.addedMatmul(tape, Objects.requireNonNull(context.bias()), q, k, rows, seen);
        Tensor masked = context.mask() == null ? tape.alias(scores) : Arithmetic.add(tape, scores, context.mask());
        Tensor wide =
                Functions.softmax(tape, Casts.cast(tape, masked, DType.FP32).last());
        Tensor weights = Casts.cast(tape, wide.last(), q.type());
        weights = tape.rebind(weights, Functions.dropout(tape, weights, dropout.attention()));
        Tensor mixed = Products.matmul(tape, weights, v, rows, v.columns());
        AttentionShape shape = new AttentionShape(pass.batch(), pass.length(), seen, heads, heads);
        mixed = tape.rebind(mixed, ScoredAttention.merged(tape, mixed, shape));
        Tensor merged = Shapes.view(tape, mixed.last(), pass.tokens(), output.inputs());
        Tensor result = output.apply(tape, merged);
        result = tape.rebind(result, BloomFamily.added(tape, result, residual, dropout.residual()));
        for (Tensor local : new Tensor[] {all, q, k, v, scores, masked, merged}) {
            tape.drop(local);
        }
        return new ScoredAttention.Result(result, weights);
    }

    /** One of three, {@code [batch, sequence, heads, 3, size]}; its gradient is a whole tensor of zeros, filled in. */
    private Tensor selected(Tape tape, Tensor all) {
        Tensor part = Shapes.slice(tape, all, all.columns() / 3);
        return Shapes.heads(tape, part.last(), attention.heads(), false);
    }
}
