package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;

/**
 * Llama and the models that differ from it in sizes and biases only (transformers: llama, mistral, qwen2). Models that
 * change a part of its block override that part.
 */
class LlamaFamily extends CausalModel {

    private final double attentionDropout;

    LlamaFamily(Setup setup) {
        super(setup);
        this.attentionDropout = setup.training().dropout().attention();
    }

    @Override
    Transform finalNorm() {
        return new RmsNorm(modules.tensor(outer("norm.weight")));
    }

    /** The blocks of most of these types are LLaMA's with other parts. */
    @Override
    Block block(Layer layer) {
        return SequentialBlock.preNorm(
                norm(layer, "input_layernorm"), attention(layer), norm(layer, "post_attention_layernorm"), mlp(layer));
    }

    Transform norm(Layer layer, String name) {
        return modules.rmsNorm(layer, name);
    }

    SelfAttention attention(Layer layer) {
        return new SelfAttention(heads(layer), output(layer), (Attention.Grouped) layer.attention())
                .dropping(attentionDropout);
    }

    Transform output(Layer layer) {
        return modules.projection(layer, "self_attn.o_proj");
    }

    /** Queries, keys and values. */
    HeadProjections heads(Layer layer) {
        return separateHeads(layer);
    }

    final SeparateHeads separateHeads(Layer layer) {
        return new SeparateHeads(
                modules.projection(layer, "self_attn.q_proj"),
                modules.projection(layer, "self_attn.k_proj"),
                modules.projection(layer, "self_attn.v_proj"));
    }

    Transform mlp(Layer layer) {
        return gated(layer, "mlp");
    }

    /** A gated network. */
    final Transform gated(Layer layer, String name) {
        return new GatedMlp(
                modules.projection(layer, name + ".gate_proj"),
                modules.projection(layer, name + ".up_proj"),
                modules.projection(layer, name + ".down_proj"),
                layer.feedForward().activation());
    }
}
