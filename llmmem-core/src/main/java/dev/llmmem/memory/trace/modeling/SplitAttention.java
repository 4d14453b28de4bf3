package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose queries, keys and values are parts of one projection's output (transformers, GPT2Attention).
 *
 * @param outputs takes keys and values, still in one, where the block returns them (GPTBigCodeAttention up to 4.48); or null
 */
record SplitAttention(
        Projection fused, Attending attending, @Nullable BlockOutputs outputs) implements Mixer {

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        int heads = attending.attention().heads();
        int keyValueHeads = attending.attention().keyValueHeads();
        long size = attending.attention().headSize();
        long keys = size * keyValueHeads;
        Tensor queries;
        Tensor[] rest;
        if (outputs == null) {
            Tensor[] parts = Shapes.split(tape, fused.apply(tape, x).last(), size * heads, keys, keys);
            queries = parts[0];
            rest = new Tensor[] {parts[1], parts[2]};
        } else {
            Tensor[] parts = Shapes.split(tape, fused.apply(tape, x).last(), size * heads, 2 * keys);
            queries = parts[0];
            outputs.present(tape, tape.alias(parts[1]));
            rest = Shapes.split(tape, parts[1].last(), keys, keys);
        }
        Tensor k = Shapes.heads(tape, rest[0].last(), keyValueHeads, attending.copiesKeys(pass));
        Tensor v = Shapes.heads(tape, rest[1].last(), keyValueHeads, attending.copiesKeys(pass));
        Tensor q = Shapes.heads(tape, queries.last(), heads, attending.copiesQueries(pass));
        return attending.apply(tape, q, k, v, pass, context);
    }
}
