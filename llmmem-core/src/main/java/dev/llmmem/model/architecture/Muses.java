package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Muse Glimmer: gated attention, in three of four layers within a window, and an image tower of its own. */
final class Muses {

    private static final String TOWER = "model.vision_tower.";

    private Muses() {}

    static Decoder glimmer(Config config) {
        Decoder decoder = text(Multimodals.text(config));
        Config images = Multimodals.vision(config);
        long hidden = images.count(Range.WIDTH, 1536, "hidden_size");
        long side = KimiVision.side(images, 14, "patch_size");
        long frames = KimiVision.side(images, 2, "patch_temporal");
        long places = KimiVision.side(images, 32, "pos_emb_height") * KimiVision.side(images, 32, "pos_emb_width");
        Tensors first = new Tensors(TOWER)
                .linear("patch_embedder.patch_embedding", frames * 3 * side * side, hidden, false)
                .embedding("patch_embedder.position_embedding_table", places, hidden)
                .layerNorm("ln_pre", hidden);
        long width = config.count(Range.WIDTH, 4096, "projector_hidden_size");
        Tensors adapter = new Tensors("model.")
                .linear("vision_adapter.fc1", config.count(Range.WIDTH, 6144, "out_hidden_size"), width, false)
                .linear("vision_adapter.fc2", width, width, false)
                .linear("vision_projection", width, decoder.shape().hidden(), false);
        Parts parts = new Parts()
                .with(first)
                .with(KimiVision.layer(images, hidden, 8960), images.count(Range.LAYERS, 50, "num_hidden_layers"))
                .with(new Tensors(TOWER).layerNorm("ln_post", hidden))
                .with(adapter);
        return Multimodals.within(decoder, parts.vision());
    }

    private static Decoder text(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(202_048, 6656, 19_968, 52, 32, 2, 128, 131_072));
        int last = shape.layers() - 1;
        OptionalInt window = config.nullable(Range.TOKENS, 2048, "sliding_window");
        Windows windows = Windows.read(config, shape, window, i -> (last - i) % 4 != 0);
        boolean[] rotated = rotated(config, shape);
        boolean bias = config.flag(false, "attention_bias");
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .linear("self_attn.gate_proj", shape.hidden(), shape.queries(), false)
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norms(
                        shape.hidden(),
                        "input_layernorm",
                        "post_attention_layernorm",
                        "pre_feedforward_layernorm",
                        "post_feedforward_layernorm");
        Activation activation = Activations.read(config, Activation.SILU, "hidden_activation");
        return Decoder.usual(config, shape, false)
                .layers(
                        i -> shape.attention(rotated[i] ? shape.headSize() : 0, windows.at(i)),
                        new FeedForward.Dense(shape.inner(), true, activation),
                        block);
    }

    /** A layer whose base is zero has no positions. */
    private static boolean[] rotated(Config config, Shape shape) {
        boolean[] rotated = new boolean[shape.layers()];
        Optional<List<?>> bases = config.list("layer_rope_theta");
        bases.ifPresent(list ->
                config.require(list.size() == rotated.length, "layer_rope_theta", list, "a list of " + rotated.length));
        for (int i = 0; i < rotated.length; i++) {
            Object base =
                    bases.isPresent() && i < bases.get().size() ? bases.get().get(i) : null;
            rotated[i] = base instanceof Number number ? number.doubleValue() != 0 : (rotated.length - 1 - i) % 4 != 0;
        }
        return rotated;
    }
}
