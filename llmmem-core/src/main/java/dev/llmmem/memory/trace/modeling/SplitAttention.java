package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** Attention whose queries, keys and values are parts of one projection's output (transformers, GPT2Attention). */
record SplitAttention(Projection fused, Attending attending) implements Mixer {

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        int heads = attending.attention().heads();
        int keyValueHeads = attending.attention().keyValueHeads();
        long size = attending.attention().headSize();
        long keys = size * keyValueHeads;
        Tensor[] parts = Shapes.split(tape, fused.apply(tape, x).last(), size * heads, keys, keys);
        Tensor k = Shapes.heads(tape, parts[1].last(), keyValueHeads, attending.copiesKeys(pass));
        Tensor v = Shapes.heads(tape, parts[2].last(), keyValueHeads, attending.copiesKeys(pass));
        Tensor q = Shapes.heads(tape, parts[0].last(), heads, attending.copiesQueries(pass));
        return attending.apply(tape, q, k, v, pass, context);
    }
}
