package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** Attention with separate projections, queries scaled before the product, no rotation (transformers, OPTAttention). */
record ScaledSelfAttention(Projection queries, Projection keys, Projection values, Attending attending)
        implements Mixer {

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        int heads = attending.attention().heads();
        Tensor scaled = Arithmetic.scale(tape, queries.apply(tape, x).last());
        Tensor q = Shapes.heads(tape, scaled.last(), heads, attending.copiesQueries(pass));
        Tensor k = keys.apply(tape, x);
        Tensor v = values.apply(tape, x);
        k = Shapes.heads(tape, k.last(), heads, attending.copiesKeys(pass));
        v = Shapes.heads(tape, v.last(), heads, attending.copiesKeys(pass));
        return attending.apply(tape, q, k, v, pass, context);
    }
}
