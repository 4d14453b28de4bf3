package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Layer;

/** LLaMA's block with a norm on each head of queries and keys (transformers: qwen3). */
final class Qwen3Family extends LlamaFamily {

    Qwen3Family(Setup setup) {
        super(setup);
    }

    @Override
    HeadProjections heads(Layer layer) {
        return separateHeads(layer)
                .normalized(SeparateHeads.Norms.EACH, norm(layer, "self_attn.q_norm"), norm(layer, "self_attn.k_norm"));
    }
}
