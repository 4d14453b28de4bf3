package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Phi 1 to 2: attention and network side by side, rotation of a part of each head (transformers, phi). */
final class PhiFamily extends CausalModel {

    private final Dropout dropout;

    PhiFamily(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout();
    }

    @Override
    Transform finalNorm() {
        return modules.layerNorm(outer("final_layernorm.weight"), outer("final_layernorm.bias"));
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        boolean normed = layer.find("self_attn.q_layernorm.weight").isPresent();
        Mixer attention = new PartlyRotatedAttention(
                modules.projection(layer, "self_attn.q_proj"),
                modules.projection(layer, "self_attn.k_proj"),
                modules.projection(layer, "self_attn.v_proj"),
                normed ? modules.layerNorm(layer, "self_attn.q_layernorm") : null,
                normed ? modules.layerNorm(layer, "self_attn.k_layernorm") : null,
                new Attending(
                        (Attention.Grouped) layer.attention(),
                        modules.projection(layer, "self_attn.dense"),
                        true,
                        dropout.attention()));
        return new ParallelBlock(
                modules.layerNorm(layer, "input_layernorm"),
                attention.dropping(dropout.residual()),
                new PlainMlp(
                        modules.projection(layer, "mlp.fc1"),
                        modules.projection(layer, "mlp.fc2"),
                        dense.activation(),
                        dropout.residual()),
                null);
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = tokens(tape, pass);
        Tensor embedded = locals.hold(tape.rebind(tokens, Functions.dropout(tape, tokens, dropout.embedding())));
        return new Embedded(tape.alias(embedded), positions(tape, pass, locals));
    }

    /** Separate projections, norms of heads if there are any, partial rotation (transformers, PhiAttention). */
    private record PartlyRotatedAttention(
            Projection queries,
            Projection keys,
            Projection values,
            @Nullable LayerNorm queryNorm,
            @Nullable LayerNorm keyNorm,
            Attending attending)
            implements Mixer {

        @Override
        public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
            int heads = attending.attention().heads();
            int keyValueHeads = attending.attention().keyValueHeads();
            Tensor q = Shapes.heads(tape, queries.apply(tape, x).last(), heads, heads > 1);
            Tensor k = Shapes.heads(tape, keys.apply(tape, x).last(), keyValueHeads, keyValueHeads > 1);
            Tensor v = Shapes.heads(tape, values.apply(tape, x).last(), keyValueHeads, attending.copiesKeys(pass));
            if (queryNorm != null && keyNorm != null) {
                q = tape.rebind(q, queryNorm.apply(tape, q));
                k = tape.rebind(k, keyNorm.apply(tape, k));
            }
            Rotation.Turned turned = Rotation.LEADING_INLINE.turn(tape, Objects.requireNonNull(context.rotary()), q, k);
            tape.drop(q);
            tape.drop(k);
            ScoredAttention.Result result =
                    attending.apply(tape, turned.queries(), turned.keys(), v, true, pass, context);
            turned.locals().forEach(tape::drop);
            return result;
        }
    }
}
