package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;

/** Latent attention, and mixtures of experts after a few dense layers (transformers: deepseek_v2). */
final class DeepSeekFamily extends CausalModel {

    DeepSeekFamily(Setup setup) {
        super(setup);
    }

    @Override
    Transform finalNorm() {
        return new RmsNorm(modules.tensor(outer("norm.weight")));
    }

    @Override
    Rotary rotary(Tape tape, Pass pass, Attention attention) {
        return Rotary.complex(tape, pass.length(), rotarySize(attention));
    }

    @Override
    Block block(Layer layer) {
        return SequentialBlock.preNorm(
                modules.rmsNorm(layer, "input_layernorm"),
                new LatentAttention(
                        queries(layer),
                        modules.projection(layer, "self_attn.kv_a_proj_with_mqa"),
                        modules.rmsNorm(layer, "self_attn.kv_a_layernorm"),
                        modules.projection(layer, "self_attn.kv_b_proj"),
                        modules.projection(layer, "self_attn.o_proj"),
                        Rotary::rotateComplex,
                        (Attention.Latent) layer.attention()),
                modules.rmsNorm(layer, "post_attention_layernorm"),
                mlp(layer));
    }

    /** One projection, or two with a norm between. */
    private Transform queries(Layer layer) {
        if (((Attention.Latent) layer.attention()).queryRank().isEmpty()) {
            return modules.projection(layer, "self_attn.q_proj");
        }
        Projection first = modules.projection(layer, "self_attn.q_a_proj");
        RmsNorm norm = modules.rmsNorm(layer, "self_attn.q_a_layernorm");
        Projection second = modules.projection(layer, "self_attn.q_b_proj");
        return (tape, x) -> {
            Tensor latent = first.apply(tape, x);
            return second.apply(
                    tape, tape.rebind(latent, norm.apply(tape, latent)).last());
        };
    }

    private Transform mlp(Layer layer) {
        if (!(layer.feedForward() instanceof FeedForward.Experts shape)) {
            return gated(layer, "mlp");
        }
        return new SharedExperts(
                new WideRouter(modules.tensor(layer, "mlp.gate.weight"), shape),
                GroupedExperts.of(modules, layer, shape),
                gated(layer, "mlp.shared_experts"));
    }

    private Transform gated(Layer layer, String name) {
        return new GatedMlp(
                modules.projection(layer, name + ".gate_proj"),
                modules.projection(layer, name + ".up_proj"),
                modules.projection(layer, name + ".down_proj"),
                layer.feedForward().activation());
    }
}
