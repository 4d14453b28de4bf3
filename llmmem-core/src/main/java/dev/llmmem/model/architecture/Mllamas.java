package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Optional;

/** Llama 3.2 Vision (arXiv 2407.21783): some layers attend to the image in place of the text, behind a gate. */
final class Mllamas {

    private static final String TOWER = "model.vision_model.";
    private static final List<Long> CROSS_LAYERS = List.of(3L, 8L, 13L, 18L, 23L, 28L, 33L, 38L);

    /** Rows of the embedding that the head does not have. */
    private static final int IMAGE_TOKENS = 8;

    private Mllamas() {}

    static Decoder mllama(Config config) {
        Config images = Multimodals.vision(config);
        Decoder decoder = text(Multimodals.text(config));
        Tensors projector = new Tensors("model.")
                .linear(
                        "multi_modal_projector",
                        images.count(Range.WIDTH, 7680, "vision_output_dim"),
                        decoder.shape().hidden(),
                        true);
        return Multimodals.within(decoder, tower(images).with(projector).vision());
    }

    /** The head is never the embedding, whatever the configuration says. */
    private static Decoder text(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(128_256, 4096, 14_336, 40, 32, 8, Shape.DERIVED, 131_072));
        shape.requireNarrow(config);
        List<?> crossed = config.list("cross_attention_layers").orElse(null);
        Attention.Cross cross =
                new Attention.Cross(Optional.empty(), shape.heads(), shape.keyValueHeads(), shape.headSize());
        FeedForward network = Llamas.gated(config, shape);
        Layer own = new Layer(
                shape.attention(shape.headSize()),
                network,
                Tensors.llama(shape, false, false, false).list());
        Layer other = new Layer(cross, network, crossed(shape));
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", (long) shape.vocabulary() + IMAGE_TOKENS, shape.hidden())
                .norm("norm", shape.hidden());
        List<?> places = crossed == null ? CROSS_LAYERS : crossed;
        return Decoder.of(shape, around).headTied(false).layers(i -> places.contains((long) i) ? other : own);
    }

    private static List<Parameter> crossed(Shape shape) {
        long hidden = shape.hidden();
        return Tensors.layer()
                .add("cross_attn_attn_gate", Kind.OTHER, 1L)
                .add("cross_attn_mlp_gate", Kind.OTHER, 1L)
                .linear("cross_attn.q_proj", hidden, shape.queries(), false)
                .linear("cross_attn.k_proj", hidden, shape.keys(), false)
                .linear("cross_attn.v_proj", hidden, shape.keys(), false)
                .linear("cross_attn.o_proj", shape.queries(), hidden, false)
                .norms(shape.headSize(), "cross_attn.q_norm", "cross_attn.k_norm")
                .norm("input_layernorm", hidden)
                .gated("mlp", hidden, shape.inner(), false)
                .norm("post_attention_layernorm", hidden)
                .list();
    }

    private static Parts tower(Config config) {
        int hidden = config.count(Range.WIDTH, 1280, "hidden_size");
        long inner = config.count(Range.WIDTH, 5120, "intermediate_size");
        Vision.requireHeads(
                config.spelling("attention_heads", "attention_heads", "num_attention_heads"),
                hidden,
                "attention_heads",
                16);
        Vision.Patches patches = Vision.Patches.read(config, 448, 14);
        long tiles = Math.multiplyExact((long) hidden, config.count(Range.SIDE, 4, "max_num_tiles"));
        long ratios =
                1L + config.list("supported_aspect_ratios").map(List::size).orElse(8);
        long places = patches.count() + 1;
        Tensors first = new Tensors(TOWER)
                .add("class_embedding", Kind.OTHER, (long) hidden)
                .add("patch_embedding.weight", Kind.OTHER, patches.kernel(hidden))
                .add("gated_positional_embedding.gate", Kind.OTHER, 1L)
                .add("gated_positional_embedding.embedding", Kind.OTHER, places, (long) hidden)
                .embedding("gated_positional_embedding.tile_embedding", ratios, Math.multiplyExact(places, tiles))
                .add("pre_tile_positional_embedding.gate", Kind.OTHER, 1L)
                .embedding("pre_tile_positional_embedding.embedding", ratios, tiles)
                .add("post_tile_positional_embedding.gate", Kind.OTHER, 1L)
                .embedding("post_tile_positional_embedding.embedding", ratios, tiles)
                .layerNorms(hidden, "layernorm_pre", "layernorm_post");
        Tensors gates = new Tensors(TOWER + "global_transformer.layers.{i}.")
                .add("gate_attn", Kind.OTHER, 1L)
                .add("gate_ffn", Kind.OTHER, 1L);
        return new Parts()
                .with(first)
                .with(
                        layer(new Tensors(TOWER + "transformer.layers.{i}."), hidden, inner),
                        config.count(Range.LAYERS_OR_NONE, 32, "num_hidden_layers"))
                .with(layer(gates, hidden, inner), config.count(Range.LAYERS_OR_NONE, 8, "num_global_layers"));
    }

    private static Tensors layer(Tensors before, long hidden, long inner) {
        return before.linear("self_attn.q_proj", hidden, hidden, false)
                .linear("self_attn.k_proj", hidden, hidden, false)
                .linear("self_attn.v_proj", hidden, hidden, false)
                .linear("self_attn.o_proj", hidden, hidden, false)
                .linear("mlp.fc1", hidden, inner, true)
                .linear("mlp.fc2", inner, hidden, true)
                .layerNorms(hidden, "input_layernorm", "post_attention_layernorm");
    }
}
