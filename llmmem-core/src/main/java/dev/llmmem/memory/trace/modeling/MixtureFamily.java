package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;

/** Llama's layers with mixtures of experts (transformers: mixtral). */
final class MixtureFamily extends CausalModel {

    MixtureFamily(Setup setup) {
        super(setup);
    }

    @Override
    Transform finalNorm() {
        return new RmsNorm(modules.tensor(outer("norm.weight")));
    }

    @Override
    Block block(Layer layer) {
        return SequentialBlock.preNorm(
                modules.rmsNorm(layer, "input_layernorm"),
                new SelfAttention(
                        modules.projection(layer, "self_attn.q_proj"),
                        modules.projection(layer, "self_attn.k_proj"),
                        modules.projection(layer, "self_attn.v_proj"),
                        modules.projection(layer, "self_attn.o_proj"),
                        (Attention.Grouped) layer.attention()),
                modules.rmsNorm(layer, "post_attention_layernorm"),
                mixture(layer, (FeedForward.Experts) layer.feedForward()));
    }

    private Transform mixture(Layer layer, FeedForward.Experts experts) {
        return new MixtureOfExperts(
                new SoftmaxRouter(modules.tensor(layer, "mlp.gate.weight"), experts.perToken(), true, false),
                new GroupedExperts(
                        modules.tensor(layer, "mlp.experts.gate_up_proj"),
                        modules.tensor(layer, "mlp.experts.down_proj"),
                        experts.experts(),
                        experts.perToken(),
                        experts.activation()));
    }
}
