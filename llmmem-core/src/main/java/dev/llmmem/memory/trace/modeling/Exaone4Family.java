package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Layer;

/** EXAONE 4: norms after each part and on each head; layers without a window may not be turned (transformers: exaone4). */
final class Exaone4Family extends LlamaFamily {

    Exaone4Family(Setup setup) {
        super(setup);
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
                .normalized(SeparateHeads.Norms.LATE, norm(layer, "self_attn.q_norm"), norm(layer, "self_attn.k_norm"));
    }
}
