package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Parameter.Kind;

/**
 * Molmo (arXiv 2409.17146), whose code comes with its checkpoints: CLIP's large tower without its last layer, an
 * attention that makes four patches one, and a decoder.
 *
 * <p>The configuration says nothing of the tower: its numbers are those of the released models. Names are those of the
 * checkpoints, their order within a layer is not known.
 */
final class Molmos {

    private static final String TOWER = "model.vision_backbone.";
    private static final long WIDTH = 1024;
    private static final long INNER = 4096;
    private static final long PLACES = 577;
    private static final long PIXELS = 588;
    private static final int LAYERS = 23;

    /** Of how many layers the output goes on. */
    private static final long SEEN = 2;

    private Molmos() {}

    static Decoder molmo(Config config) {
        Shape shape = Shape.stated(config.spelling("vocab_size", "embedding_size", "vocab_size"), true);
        config.require(shape.inner() % 2 == 0, "intermediate_size", shape.inner(), "even: it is two projections");
        config.refuseUnlessOff("attention_layer_norm", "a norm of queries and keys");
        String norm = config.text("layer_norm_type").orElse("rms");
        config.require(norm.equals("rms"), "layer_norm_type", norm, "\"rms\"");
        long hidden = shape.hidden();
        int inner = Math.max(1, shape.inner() / 2);
        Tensors around = new Tensors("model.transformer.")
                .add("wte.embedding", Kind.EMBEDDING, (long) shape.vocabulary(), hidden)
                .add(
                        "wte.new_embedding",
                        Kind.EMBEDDING,
                        (long) config.count(Range.ROWS, 128, "additional_vocab_size"),
                        hidden)
                .norm("ln_f", hidden);
        Tensors block = new Tensors("model.transformer.blocks.{i}.")
                .linear("attn_out", shape.queries(), hidden, false)
                .linear("ff_out", inner, hidden, false)
                .norms(hidden, "attn_norm", "ff_norm")
                .linear("att_proj", hidden, shape.queries() + 2 * shape.keys(), config.flag(false, "qkv_bias"))
                .linear("ff_proj", hidden, 2L * inner, false);
        return Decoder.of(shape, around)
                .headTied("model.transformer.ff_out", config.flag(false, "weight_tying"))
                .layers(shape.attention(shape.headSize()), new FeedForward.Dense(inner, true, Activation.SILU), block)
                .tower(tower(hidden, inner).vision());
    }

    private static Parts tower(long hidden, long inner) {
        Tensors first = new Tensors(TOWER + "image_vit.")
                .add("class_embedding", Kind.OTHER, WIDTH)
                .add("positional_embedding", Kind.OTHER, PLACES, WIDTH)
                .linear("patch_embedding", PIXELS, WIDTH, false)
                .layerNorm("pre_ln", WIDTH);
        Tensors layer = attention(new Tensors(TOWER + "image_vit.transformer.resblocks.{i}."), "attention", WIDTH)
                .linear("feed_forward.w1", WIDTH, INNER, true)
                .linear("feed_forward.w2", INNER, WIDTH, true)
                .layerNorms(WIDTH, "attention_norm", "ffn_norm");
        Tensors last = attention(new Tensors(TOWER), "image_pooling_2d", SEEN * WIDTH)
                .linear("image_projector.w1", WIDTH, inner, false)
                .linear("image_projector.w2", inner, hidden, false)
                .linear("image_projector.w3", WIDTH, inner, false)
                .add("pad_embed", Kind.OTHER, 2L, SEEN * WIDTH);
        return new Parts().with(first).with(layer, LAYERS).with(last);
    }

    private static Tensors attention(Tensors before, String module, long inputs) {
        return before.linear(module + ".wq", inputs, WIDTH, true)
                .linear(module + ".wk", inputs, WIDTH, true)
                .linear(module + ".wv", inputs, WIDTH, true)
                .linear(module + ".wo", WIDTH, WIDTH, true);
    }
}
