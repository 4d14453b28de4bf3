package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Assembly;
import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.workload.AttentionKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Latent attention (arXiv 2405.04434): keys and values of all heads are made from one vector a token, which is what the
 * cache keeps (transformers, DeepseekV2Attention, DeepseekV3Attention).
 *
 * @param queries from the stream to queries: one projection, or two with a norm between
 * @param compression from the stream to the latent vector and the rotated part of the keys
 * @param latentNorm the norm of the latent vector
 * @param expansion from the latent vector to keys without position and values
 * @param output the projection of what was mixed
 */
record LatentAttention(
        Transform queries,
        Projection compression,
        Transform latentNorm,
        Projection expansion,
        Projection output,
        Rotation rotation,
        Attention.Latent attention)
        implements Mixer {

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        List<Tensor> locals = new ArrayList<>(10);
        long heads = attention.heads();
        Tensor q = hold(locals, Shapes.heads(tape, queries.apply(tape, x).last(), heads, heads > 1));
        Tensor[] queryParts = Shapes.split(tape, q, attention.plainSize(), attention.rotarySize());
        Tensor compressed = hold(locals, compression.apply(tape, x));
        Tensor[] parts = Shapes.split(tape, compressed, attention.keyValueRank(), attention.rotarySize());
        Tensor latent = latentNorm.apply(tape, parts[0]);
        Rotation.Turned turned = rotation.turn(tape, Objects.requireNonNull(context.rotary()), queryParts[1], parts[1]);
        Tensor keyPositions = turned.keys();
        long seen = pass.length();
        KeyValueCache cache = pass.cache();
        if (cache != null) {
            seen += cache.visible(attention);
            KeyValueCache.Entry all = cache.extend(tape, latent, keyPositions, attention);
            latent = tape.rebind(latent, all.keys());
            keyPositions = tape.rebind(keyPositions, all.values());
        }
        Tensor allQueries = Shapes.concatenate(tape, queryParts[0], turned.queries());
        Tensor wide = Shapes.heads(tape, expansion.apply(tape, latent).last(), heads, heads > 1);
        Tensor[] wideParts = Shapes.split(tape, wide, attention.plainSize(), attention.valueSize());
        Tensor spread = Shapes.view(tape, keyPositions, keyPositions.rows() * heads, keyPositions.columns());
        Tensor keys = Assembly.of(tape, wideParts[0], spread);
        tape.drop(wide);
        tape.drop(wideParts[0]);
        tape.drop(spread);
        Tensor values = wideParts[1];
        AttentionShape shape = new AttentionShape(pass.batch(), pass.length(), seen, heads, heads);
        ScoredAttention.Result mixed = pass.attention() == AttentionKernel.EAGER
                ? ScoredAttention.eager(
                        tape,
                        allQueries,
                        keys,
                        values,
                        context.mask(),
                        shape,
                        new ScoredAttention.Order(true, true, false),
                        0,
                        true,
                        false)
                : new ScoredAttention.Result(
                        ScoredAttention.sdpa(tape, allQueries, keys, values, context.mask(), shape), null);
        Tensor rows = Shapes.view(tape, mixed.output().last(), pass.tokens(), output.inputs());
        Tensor result = output.apply(tape, rows.last());
        for (Tensor local : new Tensor[] {
            queryParts[0],
            queryParts[1],
            parts[0],
            parts[1],
            latent,
            keyPositions,
            turned.queries(),
            allQueries,
            keys,
            values
        }) {
            tape.drop(local);
        }
        locals.forEach(tape::drop);
        return new ScoredAttention.Result(result, mixed.weights());
    }

    private static Tensor hold(List<Tensor> locals, Tensor local) {
        locals.add(local);
        return local;
    }
}
