package dev.llmmem.model.architecture;

import dev.llmmem.model.Parameter.Kind;

/** The image towers of CLIP (arXiv 2103.00020) and SigLIP (arXiv 2303.15343). */
final class ClipVision {

    private final String prefix;
    private final int hidden;
    private final int inner;
    private final int layers;
    private final Vision.Patches patches;

    private ClipVision(Config config, String prefix, int patchByDefault) {
        this.prefix = prefix;
        hidden = config.count(Range.WIDTH, 768, "hidden_size");
        inner = config.count(Range.WIDTH, 3072, "intermediate_size");
        layers = config.count(Range.LAYERS, 12, "num_hidden_layers");
        patches = Vision.Patches.read(config, 224, patchByDefault);
        Vision.requireHeads(config, hidden, "num_attention_heads", 12);
    }

    /** CLIP's: a vector for the class beside those of the patches. */
    static Vision clip(Config config, String prefix) {
        ClipVision clip = new ClipVision(config, prefix, 32);
        long hidden = clip.hidden;
        Tensors first = new Tensors(prefix)
                .add("embeddings.class_embedding", Kind.OTHER, hidden)
                .add("embeddings.patch_embedding.weight", Kind.OTHER, clip.patches.kernel(hidden))
                .embedding("embeddings.position_embedding", clip.patches.count() + 1, hidden)
                .layerNorm("pre_layrnorm", hidden);
        Tensors layer = clip.network("mlp", clip.attention(clip.layer()).layerNorm("layer_norm1", hidden))
                .layerNorm("layer_norm2", hidden);
        Tensors last = new Tensors(prefix).layerNorm("post_layernorm", hidden);
        return clip.vision(first, layer, last);
    }

    /** SigLIP's: a head that pools, unless {@code vision_use_head} is off. */
    static Vision siglip(Config config, String prefix) {
        ClipVision siglip = new ClipVision(config, prefix, 16);
        long hidden = siglip.hidden;
        Tensors first = new Tensors(prefix)
                .add("embeddings.patch_embedding.weight", Kind.OTHER, siglip.patches.kernel(hidden))
                .add("embeddings.patch_embedding.bias", Kind.BIAS, hidden)
                .embedding("embeddings.position_embedding", siglip.patches.count(), hidden);
        Tensors attention = siglip.attention(siglip.layer().layerNorm("layer_norm1", hidden));
        Tensors layer = siglip.network("mlp", attention.layerNorm("layer_norm2", hidden));
        Tensors last = new Tensors(prefix)
                .layerNorm("post_layernorm", hidden)
                .when(config.flag(true, "vision_use_head"), siglip::pooling);
        return siglip.vision(first, layer, last);
    }

    private Vision vision(Tensors first, Tensors layer, Tensors last) {
        return new Vision(hidden, new Parts().with(first).with(layer, layers).with(last));
    }

    private Tensors layer() {
        return new Tensors(prefix + "encoder.layers.{i}.");
    }

    private Tensors attention(Tensors before) {
        return before.linear("self_attn.k_proj", hidden, hidden, true)
                .linear("self_attn.v_proj", hidden, hidden, true)
                .linear("self_attn.q_proj", hidden, hidden, true)
                .linear("self_attn.out_proj", hidden, hidden, true);
    }

    private Tensors network(String module, Tensors before) {
        return before.linear(module + ".fc1", hidden, inner, true).linear(module + ".fc2", inner, hidden, true);
    }

    private Tensors pooling(Tensors before) {
        Tensors pooled = before.add("head.probe", Kind.OTHER, 1L, 1L, (long) hidden)
                .add("head.attention.in_proj_weight", Kind.OTHER, 3L * hidden, (long) hidden)
                .add("head.attention.in_proj_bias", Kind.BIAS, 3L * hidden)
                .linear("head.attention.out_proj", hidden, hidden, true)
                .layerNorm("head.layernorm", hidden);
        return network("head.mlp", pooled);
    }
}
