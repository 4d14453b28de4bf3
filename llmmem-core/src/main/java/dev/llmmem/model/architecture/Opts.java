package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.architecture.Shape.Defaults;

/** OPT (arXiv 2205.01068) and BioGPT (arXiv 2210.10341): learned positions with two rows to spare. */
final class Opts {

    private static final long SPARE_ROWS = 2;

    private Opts() {}

    static Decoder opt(Config config) {
        Config spelled = config.spelling("intermediate_size", "ffn_dim");
        Shape shape = Shape.multiHead(spelled, new Defaults(50_272, 768, 3072, 12, 12, DERIVED, DERIVED, 2048));
        int width = config.optional(Range.WIDTH, "word_embed_proj_dim").orElse(shape.hidden());
        boolean affine = config.flag(true, "layer_norm_elementwise_affine");
        boolean finalNorm =
                config.flag(true, "do_layer_norm_before") && !config.flag(false, "_remove_final_layer_norm");
        Tensors around = new Tensors("model.decoder.")
                .embedding("embed_tokens", shape.vocabulary(), width)
                .embedding("embed_positions", shape.positions() + SPARE_ROWS, shape.hidden())
                .when(
                        width != shape.hidden(),
                        outer -> outer.linear("project_out", shape.hidden(), width, false)
                                .linear("project_in", width, shape.hidden(), false))
                .when(affine && finalNorm, outer -> outer.layerNorm("final_layer_norm", shape.hidden()));
        boolean bias = config.flag(true, "enable_bias");
        Tensors block = block("model.decoder.layers.{i}.", shape, bias, affine);
        double dropout = config.probability(0.1, "dropout");
        return Decoder.of(shape, around)
                .head(config, "lm_head", width, false, true)
                .dropout(0, config.probability(0, "attention_dropout"), dropout)
                .layers(shape.attention(0), plain(config, shape, Activation.RELU, "activation_function"), block);
    }

    static Decoder biogpt(Config config) {
        Shape shape = Shape.multiHead(config, new Defaults(42_384, 1024, 4096, 24, 16, DERIVED, DERIVED, 1024));
        Tensors around = new Tensors("biogpt.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .embedding("embed_positions", shape.positions() + SPARE_ROWS, shape.hidden())
                .layerNorm("layer_norm", shape.hidden());
        double dropout = config.probability(0.1, "hidden_dropout_prob");
        return Decoder.of(shape, around)
                .head(config, "output_projection", shape.hidden(), false, true)
                .dropout(dropout, config.probability(0.1, "attention_probs_dropout_prob"), dropout)
                .layers(
                        shape.attention(0),
                        plain(config, shape, Activation.GELU, "hidden_act"),
                        block("biogpt.layers.{i}.", shape, true, true));
    }

    /** XGLM (arXiv 2112.10668): positions are computed. */
    static Decoder xglm(Config config) {
        Config spelled = config.spelling("hidden_size", "hidden_size", "d_model")
                .spelling("intermediate_size", "ffn_dim")
                .spelling("num_hidden_layers", "num_hidden_layers", "num_layers")
                .spelling("num_attention_heads", "num_attention_heads", "attention_heads");
        Shape shape = Shape.multiHead(spelled, new Defaults(256_008, 1024, 4096, 24, 16, DERIVED, DERIVED, 2048));
        config.refuseUnlessOff("add_cross_attention", "attention to an encoder");
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .layerNorm("layer_norm", shape.hidden());
        double dropout = config.probability(0.1, "dropout");
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, true)
                .dropout(dropout, config.probability(0.1, "attention_dropout"), dropout)
                .layers(
                        shape.attention(0),
                        plain(config, shape, Activation.GELU, "activation_function"),
                        block("model.layers.{i}.", shape, true, true));
    }

    private static Tensors block(String prefix, Shape shape, boolean bias, boolean affine) {
        Tensors attention = new Tensors(prefix);
        for (String projection : new String[] {"k_proj", "v_proj", "q_proj", "out_proj"}) {
            attention = attention.linear("self_attn." + projection, shape.hidden(), shape.hidden(), bias);
        }
        return attention
                .when(affine, layer -> layer.layerNorm("self_attn_layer_norm", shape.hidden()))
                .linear("fc1", shape.hidden(), shape.inner(), bias)
                .linear("fc2", shape.inner(), shape.hidden(), bias)
                .when(affine, layer -> layer.layerNorm("final_layer_norm", shape.hidden()));
    }

    private static FeedForward plain(Config config, Shape shape, Activation absent, String key) {
        return new FeedForward.Dense(shape.inner(), false, Activations.read(config, absent, key));
    }
}
