package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.workload.AttentionKernel;
import org.jspecify.annotations.Nullable;

/** Multi-head or grouped attention with separate projections and rotary positions (transformers, LlamaAttention). */
final class SelfAttention implements Mixer {

    private final Projection queries;
    private final Projection keys;
    private final Projection values;
    private final Projection output;
    private final Attention.Grouped attention;

    SelfAttention(
            Projection queries, Projection keys, Projection values, Projection output, Attention.Grouped attention) {
        this.queries = queries;
        this.keys = keys;
        this.values = values;
        this.output = output;
        this.attention = attention;
    }

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        boolean eager = pass.attention() == AttentionKernel.EAGER;
        @Nullable KeyValueCache cache = pass.cache();
        boolean inOrder = cache != null;
        boolean valuesCopied =
                attention.keyValueHeads() > 1 && (eager || inOrder || copiesGroups(context.mask() != null));
        Tensor q = Shapes.heads(tape, queries.apply(tape, x).last(), attention.heads(), attention.heads() > 1);
        Tensor k = Shapes.heads(
                tape, keys.apply(tape, x).last(), attention.keyValueHeads(), attention.keyValueHeads() > 1);
        Tensor v = Shapes.heads(tape, values.apply(tape, x).last(), attention.keyValueHeads(), valuesCopied);
        Rotary rotary = context.rotary();
        if (rotary != null) {
            Tensor turnedQueries = rotary.rotate(tape, q);
            Tensor turnedKeys = rotary.rotate(tape, k);
            q = tape.rebind(q, turnedQueries);
            k = tape.rebind(k, turnedKeys);
        }
        long seen = pass.length();
        if (cache != null) {
            seen += cache.visible(attention);
            KeyValueCache.Entry all = cache.extend(tape, k, v, attention);
            k = tape.rebind(k, all.keys());
            v = tape.rebind(v, all.values());
        }
        AttentionShape shape =
                new AttentionShape(pass.batch(), pass.length(), seen, attention.heads(), attention.keyValueHeads());
        ScoredAttention.Result mixed = eager
                ? ScoredAttention.eager(tape, q, k, v, context.mask(), shape, inOrder, 0)
                : new ScoredAttention.Result(ScoredAttention.sdpa(tape, q, k, v, context.mask(), shape), null);
        Tensor rows = Shapes.view(tape, mixed.output().last(), pass.tokens(), output.inputs());
        Tensor result = output.apply(tape, rows.last());
        tape.drop(q);
        tape.drop(k);
        tape.drop(v);
        return new ScoredAttention.Result(result, mixed.weights());
    }

    /** Whether keys and values are repeated for the heads of their group before the kernel sees them. */
    private boolean copiesGroups(boolean masked) {
        return attention.groups() > 1 && masked;
    }
}
