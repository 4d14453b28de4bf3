package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Layer;

/** GLM-4: norms on both sides of each part, half of each head turned, a fused gate (transformers: glm4). */
final class Glm4Family extends LlamaFamily {

    Glm4Family(Setup setup) {
        super(setup);
    }

    @Override
    Block block(Layer layer) {
        return new SequentialBlock(
                norm(layer, "input_layernorm"),
                attention(layer).turnedBy(Rotation.LEADING_NEIGHBOURS),
                norm(layer, "post_self_attn_layernorm"),
                norm(layer, "post_attention_layernorm"),
                mlp(layer),
                norm(layer, "post_mlp_layernorm"));
    }

    @Override
    Transform mlp(Layer layer) {
        return new FusedGatedMlp(
                modules.projection(layer, "mlp.gate_up_proj"),
                modules.projection(layer, "mlp.down_proj"),
                layer.feedForward().activation());
    }
}
