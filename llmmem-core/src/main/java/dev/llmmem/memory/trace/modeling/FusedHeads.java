package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import java.util.List;

/** One projection for queries, keys and values, of which each is a slice (transformers, Phi3Attention). */
record FusedHeads(Projection all) implements HeadProjections {

    @Override
    public Heads apply(Tape tape, Tensor x, Attention.Grouped attention, Copies copies) {
        long heads = attention.heads();
        long groups = attention.keyValueHeads();
        Tensor fused = all.apply(tape, x);
        Tensor q = Shapes.slice(tape, fused, heads * attention.headSize());
        Tensor k = Shapes.slice(tape, fused, groups * attention.headSize());
        Tensor v = Shapes.slice(tape, fused, groups * attention.headSize());
        return new Heads(
                Shapes.heads(tape, q.last(), heads, copies.queries()),
                Shapes.heads(tape, k.last(), groups, copies.keys()),
                Shapes.heads(tape, v.last(), groups, copies.values()),
                List.of(fused));
    }
}
