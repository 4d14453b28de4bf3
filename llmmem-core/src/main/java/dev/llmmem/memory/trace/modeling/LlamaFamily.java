package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;

/** Llama and the models that differ from it in sizes and biases only (transformers: llama, mistral, qwen2). */
final class LlamaFamily extends CausalModel {

    LlamaFamily(Setup setup) {
        super(setup);
    }

    @Override
    Transform finalNorm() {
        return new RmsNorm(modules.tensor(outer("norm.weight")));
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        return SequentialBlock.preNorm(
                modules.rmsNorm(layer, "input_layernorm"),
                new SelfAttention(
                        modules.projection(layer, "self_attn.q_proj"),
                        modules.projection(layer, "self_attn.k_proj"),
                        modules.projection(layer, "self_attn.v_proj"),
                        modules.projection(layer, "self_attn.o_proj"),
                        (Attention.Grouped) layer.attention()),
                modules.rmsNorm(layer, "post_attention_layernorm"),
                new GatedMlp(
                        modules.projection(layer, "mlp.gate_proj"),
                        modules.projection(layer, "mlp.up_proj"),
                        modules.projection(layer, "mlp.down_proj"),
                        dense.activation()));
    }
}
