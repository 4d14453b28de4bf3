package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import java.util.Objects;

/**
 * Queries, keys and values of each head side by side in one projection (transformers, GPTNeoXAttention, and
 * GPTBigCodeAttention with as many heads of keys as of queries).
 *
 * @param variable whether a variable holds the projection's output to the end; so it does where positions are rotated
 */
record HeadwiseAttention(Projection fused, Attending attending, boolean variable) implements Mixer {

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        int heads = attending.attention().heads();
        long size = attending.attention().headSize();
        Tensor all = Shapes.heads(tape, fused.apply(tape, x).last(), heads, heads > 1);
        Tensor[] parts = Shapes.split(tape, all, size, size, size);
        if (!variable) {
            tape.drop(all);
        }
        if (context.rotary() == null) {
            return attending.apply(tape, parts[0], parts[1], parts[2], pass, context);
        }
        Rotation.Turned turned =
                Rotation.LEADING_INLINE.turn(tape, Objects.requireNonNull(context.rotary()), parts[0], parts[1]);
        turned.locals().forEach(tape::drop);
        tape.drop(parts[0]);
        tape.drop(parts[1]);
        ScoredAttention.Result result =
                attending.apply(tape, turned.queries(), turned.keys(), parts[2], true, pass, context);
        if (variable) {
            tape.drop(all);
        }
        return result;
    }
}
