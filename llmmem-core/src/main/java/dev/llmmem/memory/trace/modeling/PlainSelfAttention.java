package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/**
 * Attention with separate projections and no rotation (transformers, OPTAttention, BioGptAttention).
 *
 * @param scaled whether queries are scaled before the product, rather than the scores
 */
record PlainSelfAttention(Projection queries, Projection keys, Projection values, boolean scaled, Attending attending)
        implements Mixer {

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        int heads = attending.attention().heads();
        Tensor q = queries.apply(tape, x);
        q = scaled ? Arithmetic.scale(tape, q.last()) : q;
        q = Shapes.heads(tape, q.last(), heads, attending.copiesQueries(pass));
        Tensor k = keys.apply(tape, x);
        Tensor v = values.apply(tape, x);
        k = Shapes.heads(tape, k.last(), heads, attending.copiesKeys(pass));
        v = Shapes.heads(tape, v.last(), heads, attending.copiesKeys(pass));
        return attending.apply(tape, q, k, v, pass, context);
    }
}
