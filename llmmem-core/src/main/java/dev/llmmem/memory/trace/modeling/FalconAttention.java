package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.workload.AttentionKernel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One projection, cut as the style demands, and SDPA with a mask or attention step by step (FalconAttention). */
record FalconAttention(
        Projection fused, Projection output, Attention.Grouped attention, boolean distances, double dropout)
        implements Mixer {

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        int heads = attention.heads();
        int groups = attention.keyValueHeads();
        long size = attention.headSize();
        Tensor all = fused.apply(tape, x);
        Tensor q = Shapes.slice(tape, all, heads * size);
        Tensor k;
        Tensor v;
        if (groups == heads) {
            k = Shapes.slice(tape, all, heads * size);
            v = Shapes.slice(tape, all, heads * size);
        } else {
            k = Shapes.pick(tape, all, groups * size);
            v = Shapes.pick(tape, all, groups * size);
        }
        if (groups > 1 && groups < heads) { // every head gets its own copy at once
            q = Shapes.copy(tape, q.last());
            long rows = pass.tokens() * heads;
            k = Shapes.expand(tape, Shapes.heads(tape, k.last(), groups, false).last(), rows);
            v = Shapes.expand(tape, Shapes.heads(tape, v.last(), groups, false).last(), rows);
            groups = heads;
        } else {
            k = Shapes.heads(tape, k.last(), groups, false);
            v = Shapes.heads(tape, v.last(), groups, false);
        }
        q = Shapes.heads(tape, q.last(), heads, false);
        if (!distances) {
            Rotary rotary = Objects.requireNonNull(context.rotary());
            Tensor turnedQueries = rotary.rotate(tape, q);
            Tensor turnedKeys = rotary.rotate(tape, k);
            q = tape.rebind(q, turnedQueries);
            k = tape.rebind(k, turnedKeys);
        }
        long seen = pass.length();
        @Nullable KeyValueCache cache = pass.cache();
        if (cache != null) {
            Attention.Grouped cached = cached(attention);
            seen += cache.visible(cached);
            KeyValueCache.Entry longer = cache.extend(tape, k, v, cached);
            k = tape.rebind(k, longer.keys());
            v = tape.rebind(v, longer.values());
        }
        AttentionShape shape = new AttentionShape(pass.batch(), pass.length(), seen, heads, groups);
        Tensor mask = Objects.requireNonNull(context.mask());
        ScoredAttention.Result mixed = pass.attention() == AttentionKernel.EAGER
                ? ScoredAttention.falcon(
                        tape, q, k, v, mask, distances ? context.bias() : null, x.type(), shape, cache != null, dropout)
                : new ScoredAttention.Result(ScoredAttention.sdpaUnrepeated(tape, q, k, v, mask, shape), null);
        Tensor rows = Shapes.view(tape, mixed.output().last(), pass.tokens(), output.inputs());
        Tensor result = output.apply(tape, rows.last());
        for (Tensor local : new Tensor[] {all, q, k, v}) {
            tape.drop(local);
        }
        return new ScoredAttention.Result(result, mixed.weights());
    }

    /** What the cache sees: groups have been copied for every head, but for a single one. */
    static Attention.Grouped cached(Attention.Grouped attention) {
        return attention.keyValueHeads() == 1
                ? attention
                : new Attention.Grouped(
                        attention.heads(),
                        attention.heads(),
                        attention.headSize(),
                        attention.rotarySize(),
                        attention.window());
    }
}
