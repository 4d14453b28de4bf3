package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;

/**
 * Llama and the models that differ from it in sizes and biases only (transformers: llama, mistral, qwen2). Models that
 * change a part of its block override that part.
 */
class LlamaFamily extends CausalModel {

    LlamaFamily(Setup setup) {
        super(setup);
    }

    @Override
    Transform finalNorm() {
        return new RmsNorm(modules.tensor(outer("norm.weight")));
    }

    @Override
    Block block(Layer layer) {
        return SequentialBlock.preNorm(
                norm(layer, "input_layernorm"),
                attention(layer),
                norm(layer, "post_attention_layernorm"),
                mlp(layer));
    }

    Transform norm(Layer layer, String name) {
        return modules.rmsNorm(layer, name);
    }

    SelfAttention attention(Layer layer) {
        return new SelfAttention(
                heads(layer), modules.projection(layer, "self_attn.o_proj"), (Attention.Grouped) layer.attention());
    }

    /** Queries, keys and values. */
    HeadProjections heads(Layer layer) {
        return new SeparateHeads(
                modules.projection(layer, "self_attn.q_proj"),
                modules.projection(layer, "self_attn.k_proj"),
                modules.projection(layer, "self_attn.v_proj"));
    }

    Transform mlp(Layer layer) {
        return new GatedMlp(
                modules.projection(layer, "mlp.gate_proj"),
                modules.projection(layer, "mlp.up_proj"),
                modules.projection(layer, "mlp.down_proj"),
                layer.feedForward().activation());
    }
}
