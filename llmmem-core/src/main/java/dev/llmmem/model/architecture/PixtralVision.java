package dev.llmmem.model.architecture;

import dev.llmmem.model.Parameter.Kind;

/** The image tower of Pixtral (arXiv 2410.07073): LLaMA's block, rotated by place in two directions. */
final class PixtralVision {

    private PixtralVision() {}

    static Vision read(Config config, String prefix) {
        int hidden = config.count(Range.WIDTH, 1024, "hidden_size");
        long inner = config.count(Range.WIDTH, 4096, "intermediate_size");
        long side = config.count(Range.SIDE, 16, "patch_size");
        long channels = config.count(Range.WIDTH, 3, "num_channels");
        Vision.requireHeads(config, hidden, "num_attention_heads", 16);
        Tensors first = new Tensors(prefix)
                .add("patch_conv.weight", Kind.OTHER, (long) hidden, channels, side, side)
                .norm("ln_pre", hidden);
        Tensors layer = new Tensors(prefix + "transformer.layers.{i}.")
                .norm("attention_norm", hidden)
                .gated("feed_forward", hidden, inner, false)
                .linear("attention.k_proj", hidden, hidden, false)
                .linear("attention.v_proj", hidden, hidden, false)
                .linear("attention.q_proj", hidden, hidden, false)
                .linear("attention.o_proj", hidden, hidden, false)
                .norm("ffn_norm", hidden);
        int layers = config.count(Range.LAYERS, 24, "num_hidden_layers");
        return new Vision(hidden, new Parts().with(first).with(layer, layers));
    }
}
