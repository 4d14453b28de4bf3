package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Layer;

/** OLMo 2: norms after each part, and on all queries or keys of a token together (transformers: olmo2). */
final class Olmo2Family extends OlmoFamily {

    Olmo2Family(Setup setup) {
        super(setup);
    }

    @Override
    Transform finalNorm() {
        return new RmsNorm(modules.tensor(outer("norm.weight")), true);
    }

    @Override
    Transform norm(Layer layer, String name) {
        return new RmsNorm(modules.rmsNorm(layer, name).weight(), true);
    }

    @Override
    Block block(Layer layer) {
        return new SequentialBlock(
                null,
                attention(layer),
                norm(layer, "post_attention_layernorm"),
                null,
                mlp(layer),
                norm(layer, "post_feedforward_layernorm"));
    }

    @Override
    HeadProjections heads(Layer layer) {
        return separateHeads(layer)
                .normalized(
                        SeparateHeads.Norms.WHOLE, norm(layer, "self_attn.q_norm"), norm(layer, "self_attn.k_norm"));
    }
}
