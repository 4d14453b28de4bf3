package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import java.util.List;

/**
 * One projection that holds queries, values and keys of a quarter of the heads side by side, four times over: with more
 * than one head a quarter, putting the quarters together is a copy (transformers, CodeGenAttention).
 */
record InterleavedHeads(Projection all) implements HeadProjections {

    /** The layout of the machine that the models were trained on. */
    private static final int QUARTERS = 4;

    @Override
    public Heads apply(Tape tape, Tensor x, Attention.Grouped attention, Copies copies) {
        int heads = attention.heads();
        long width = (long) heads * attention.headSize();
        Tensor fused = all.apply(tape, x);
        Tensor[] parts = Shapes.split(tape, fused, width, width, width);
        boolean copied = heads > QUARTERS;
        Tensor q = together(tape, parts[0], copied, heads, copies.queries());
        Tensor k = together(tape, parts[2], copied, heads, copies.keys());
        Tensor v = together(tape, parts[1], copied, heads, copies.values());
        return new Heads(q, k, v, List.of(fused));
    }

    private static Tensor together(Tape tape, Tensor part, boolean copied, int heads, boolean gradientCopied) {
        Tensor whole = copied ? Shapes.copy(tape, part.last()) : part;
        return Shapes.heads(tape, whole.last(), heads, gradientCopied);
    }
}
