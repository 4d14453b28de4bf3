package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.FlashAttention2;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.workload.AttentionKernel;
import org.jspecify.annotations.Nullable;

/**
 * The second half of an attention: queries, keys and values through the cache, the kernel and the output projection
 * (transformers: GPT2Attention, GPTNeoXAttention, PhiAttention from {@code past_key_values.update} on).
 *
 * @param attention heads and their sizes
 * @param output the projection of the mixed values, with its dropout if it has one
 * @param wideSoftmax whether the softmax of eager attention runs in fp32
 * @param dropout on the attention weights; kernels that hold no weights make no mask
 */
record Attending(Attention.Grouped attention, Transform output, boolean wideSoftmax, double dropout) {

    /** Whether the gradient of a view of query heads is copied: products leave heads outside tokens. */
    boolean copiesQueries(Pass pass) {
        return attention.heads() > 1 && (pass.attention() == AttentionKernel.EAGER || padsFlash(pass));
    }

    /** Whether the gradient of a view of key or value heads is copied: so do products and the cache. */
    boolean copiesKeys(Pass pass) {
        return attention.keyValueHeads() > 1
                && (pass.attention() == AttentionKernel.EAGER || pass.cache() != null || padsFlash(pass));
    }

    private boolean padsFlash(Pass pass) {
        return pass.attention() == AttentionKernel.FLASH_ATTENTION_2 && FlashAttention2.pads(attention.headSize());
    }

    /** Takes over the three variables, which live until the output is there. All have their heads inside tokens. */
    ScoredAttention.Result apply(Tape tape, Tensor queries, Tensor keys, Tensor values, Pass pass, Context context) {
        return apply(tape, queries, keys, values, false, pass, context);
    }

    /**
     * The same where queries and keys may be copies that have their heads outside tokens. A fused kernel writes its
     * result in the order of the queries.
     */
    ScoredAttention.Result apply(
            Tape tape, Tensor queries, Tensor keys, Tensor values, boolean inOrder, Pass pass, Context context) {
        Tensor k = keys;
        Tensor v = values;
        @Nullable KeyValueCache cache = pass.cache();
        long seen = pass.length();
        if (cache != null) {
            seen += cache.visible(attention);
            KeyValueCache.Entry all = cache.extend(tape, k, v, attention);
            k = tape.rebind(k, all.keys());
            v = tape.rebind(v, all.values());
        }
        AttentionShape shape =
                new AttentionShape(pass.batch(), pass.length(), seen, attention.heads(), attention.keyValueHeads());
        ScoredAttention.Result mixed;
        if (pass.attention() == AttentionKernel.EAGER) {
            ScoredAttention.Order order = new ScoredAttention.Order(inOrder, inOrder || cache != null, cache != null);
            mixed = ScoredAttention.eager(
                    tape, queries, k, v, context.mask(), shape, order, dropout, wideSoftmax, false);
        } else if (pass.attention() == AttentionKernel.FLASH_ATTENTION_2) {
            mixed = FlashAttending.apply(tape, queries, k, v, shape, inOrder, dropout, pass, context);
        } else {
            Tensor output = ScoredAttention.sdpa(tape, queries, k, v, context.mask(), shape);
            if (inOrder && shape.heads() > 1 && shape.queryLength() > 1) {
                output = tape.rebind(output, Shapes.merge(tape, output, false));
            }
            mixed = new ScoredAttention.Result(output, null);
        }
        long width = (long) attention.heads() * v.columns();
        Tensor rows = Shapes.view(tape, mixed.output().last(), pass.tokens(), width);
        Tensor result = output.apply(tape, rows.last());
        tape.drop(queries);
        tape.drop(k);
        tape.drop(v);
        return new ScoredAttention.Result(result, mixed.weights());
    }
}
