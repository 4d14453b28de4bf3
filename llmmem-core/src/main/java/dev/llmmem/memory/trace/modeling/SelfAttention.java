package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.FlashAttention2;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.workload.AttentionKernel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head or grouped attention (transformers, LlamaAttention).
 *
 * @param inputs makes queries, keys and values
 * @param output the projection of what was mixed
 * @param rotation how queries and keys are turned by their positions
 * @param dropout of the attention weights; kernels that hold no weights make no mask
 * @param capped whether scores pass a tanh (Gemma 2), where attention is computed step by step
 * @param sinks scores that no token answers to, one for each head (gpt_oss), or null
 */
record SelfAttention(
        HeadProjections inputs,
        Transform output,
        Attention.Grouped attention,
        Rotation rotation,
        double dropout,
        boolean capped,
        @Nullable Tensor sinks)
        implements Mixer {

    /** As LLaMA has it. */
    SelfAttention(HeadProjections inputs, Transform output, Attention.Grouped attention) {
        this(inputs, output, attention, Rotation.HALVES, 0, false, null);
    }

    SelfAttention turnedBy(Rotation way) {
        return new SelfAttention(inputs, output, attention, way, dropout, capped, sinks);
    }

    @Override
    public SelfAttention dropping(double probability) {
        return new SelfAttention(inputs, output, attention, rotation, probability, capped, sinks);
    }

    SelfAttention sinking(Tensor scores) {
        return new SelfAttention(inputs, output, attention, rotation, dropout, capped, scores);
    }

    SelfAttention cappedIf(boolean cap) {
        return new SelfAttention(inputs, output, attention, rotation, dropout, cap, sinks);
    }

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        boolean eager = pass.attention() == AttentionKernel.EAGER;
        @Nullable KeyValueCache cache = pass.cache();
        boolean turnedInOrder = false;
        boolean flash = pass.attention() == AttentionKernel.FLASH_ATTENTION_2;
        boolean byHead = eager
                || (flash && FlashAttention2.pads(attention.headSize()))
                || cache != null
                || copiesGroups(context.mask() != null);
        boolean turns = context.rotary() != null;
        HeadProjections.Heads heads = inputs.apply(
                tape,
                x,
                attention,
                new HeadProjections.Copies(
                        attention.heads() > 1 && (turns || byHead),
                        attention.keyValueHeads() > 1 && (turns || byHead),
                        attention.keyValueHeads() > 1 && byHead));
        Tensor q = heads.queries();
        Tensor k = heads.keys();
        Tensor v = heads.values();
        List<Tensor> locals = List.of();
        if (context.rotary() != null) {
            Rotation.Turned turned = rotation.turn(tape, context.rotary(), q, k);
            q = tape.rebind(q, turned.queries());
            k = tape.rebind(k, turned.keys());
            turnedInOrder = turned.inOrder();
            locals = turned.locals();
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
        ScoredAttention.Result mixed;
        if (sinks != null) {
            mixed = SinkAttention.eager(tape, q, k, v, context.mask(), sinks, shape, cache != null);
        } else if (eager) {
            ScoredAttention.Order order =
                    new ScoredAttention.Order(turnedInOrder, turnedInOrder || cache != null, cache != null);
            mixed = ScoredAttention.eager(tape, q, k, v, context.mask(), shape, order, dropout, true, capped);
        } else if (flash) {
            mixed = FlashAttending.apply(tape, q, k, v, shape, turnedInOrder, dropout, pass, context);
        } else {
            mixed = new ScoredAttention.Result(
                    ScoredAttention.sdpa(tape, q, k, v, context.mask(), shape, turnedInOrder), null);
        }
        Tensor rows = Shapes.view(tape, mixed.output().last(), pass.tokens(), attention.heads() * v.columns());
        Tensor result = output.apply(tape, rows.last());
        tape.drop(q);
        tape.drop(k);
        tape.drop(v);
        locals.forEach(tape::drop);
        heads.locals().forEach(tape::drop);
        return new ScoredAttention.Result(result, mixed.weights());
    }

    /** Whether keys and values are repeated for the heads of their group before the kernel sees them. */
    private boolean copiesGroups(boolean masked) {
        return attention.groups() > 1 && masked;
    }
}
