package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;

/** GPT-NeoX (arXiv 2204.06745), BLOOM (arXiv 2211.05100) and Falcon (arXiv 2311.16867): one fused projection. */
final class Neox {

    private Neox() {}

    static Decoder gptNeox(Config config) {
        Config spelled = config.spelling("partial_rotary_factor", "rotary_pct", "partial_rotary_factor");
        Shape shape = Shape.multiHead(config, new Defaults(50_432, 6144, 24_576, 44, 64, DERIVED, DERIVED, 2048));
        boolean bias = config.flag(true, "attention_bias");
        Tensors around = new Tensors("gpt_neox.")
                .embedding("embed_in", shape.vocabulary(), shape.hidden())
                .layerNorm("final_layer_norm", shape.hidden());
        Tensors block = new Tensors("gpt_neox.layers.{i}.")
                .layerNorms(shape.hidden(), "input_layernorm", "post_attention_layernorm")
                .linear("attention.query_key_value", shape.hidden(), 3L * shape.hidden(), bias)
                .linear("attention.dense", shape.hidden(), shape.hidden(), bias)
                .linear("mlp.dense_h_to_4h", shape.hidden(), shape.inner(), true)
                .linear("mlp.dense_4h_to_h", shape.inner(), shape.hidden(), true);
        double dropout = config.probability(0, "hidden_dropout");
        int rotary = Rotary.partial(spelled, shape, 0.25);
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .dropout(dropout, config.probability(0, "attention_dropout"), dropout)
                .parallel(config.flag(true, "use_parallel_residual"))
                .layers(shape.attention(rotary), plain(config, shape, "hidden_act"), block)
                .masks("gpt_neox.layers.{i}.attention.bias", shape.layers())
                .frequencies("gpt_neox.layers.{i}.attention.rotary_emb.inv_freq", shape.layers(), rotary);
    }

    /** GPT-NeoX Japanese: no biases but one, in the last layer. */
    static Decoder gptNeoxJapanese(Config config) {
        Config spelled = config.spelling("partial_rotary_factor", "rotary_pct", "partial_rotary_factor");
        Shape read = Shape.multiHead(config, new Defaults(32_000, 2560, DERIVED, 32, 32, DERIVED, DERIVED, 2048));
        int times = config.count(Range.WIDTH, 4, "intermediate_multiple_size");
        Shape shape = read.withInner(Math.multiplyExact(read.hidden(), times));
        Tensors around = new Tensors("gpt_neox_japanese.")
                .embedding("embed_in", shape.vocabulary(), shape.hidden())
                .layerNorm("final_layer_norm", shape.hidden());
        Tensors norms = new Tensors("gpt_neox_japanese.layers.{i}.")
                .layerNorms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        FeedForward feedForward =
                new FeedForward.Dense(shape.inner(), false, Activations.read(config, Activation.GELU, "hidden_act"));
        int rotary = Rotary.partial(spelled, shape, 1);
        Layer usual = new Layer(
                shape.attention(rotary), feedForward, japanese(norms, shape).list());
        Tensors biased = norms.add("attention.dense_bias", Kind.BIAS, (long) shape.hidden());
        Layer last = new Layer(
                shape.attention(rotary), feedForward, japanese(biased, shape).list());
        return Decoder.of(shape, around)
                .head(config, "embed_out", shape.hidden(), false, true)
                .dropout(0, config.probability(0.1, "attention_dropout"), config.probability(0, "hidden_dropout"))
                .layers(i -> i + 1 < shape.layers() ? usual : last);
    }

    private static Tensors japanese(Tensors norms, Shape shape) {
        return norms.linear("attention.query_key_value", shape.hidden(), 3L * shape.hidden(), false)
                .linear("attention.dense", shape.hidden(), shape.hidden(), false)
                .linear("mlp.dense_h_to_4h", shape.hidden(), shape.inner(), false)
                .linear("mlp.dense_4h_to_h", shape.inner(), shape.hidden(), false);
    }

    static Decoder bloom(Config config) {
        Config spelled = spelled(config).spelling("max_position_embeddings", "seq_length");
        Shape read = Shape.multiHead(spelled, new Defaults(250_880, 64, DERIVED, 2, 8, DERIVED, DERIVED, 2048));
        Shape shape = read.withInner(4 * read.hidden());
        Tensors around = new Tensors("transformer.")
                .embedding("word_embeddings", shape.vocabulary(), shape.hidden())
                .layerNorms(shape.hidden(), "word_embeddings_layernorm", "ln_f");
        Tensors block = layer().layerNorm("input_layernorm", shape.hidden())
                .linear("self_attention.query_key_value", shape.hidden(), 3L * shape.hidden(), true)
                .linear("self_attention.dense", shape.hidden(), shape.hidden(), true)
                .layerNorm("post_attention_layernorm", shape.hidden())
                .linear("mlp.dense_h_to_4h", shape.hidden(), shape.inner(), true)
                .linear("mlp.dense_4h_to_h", shape.inner(), shape.hidden(), true);
        // A function of its own, which keeps its input alone for the backward pass, as the one-kernel GELU does.
        FeedForward feedForward = new FeedForward.Dense(shape.inner(), false, Activation.GELU_TANH);
        return classic(spelled, shape, around).layers(shape.attention(0), feedForward, block);
    }

    /** Falcon: of BLOOM's names FalconConfig of transformers knows {@code n_embed} alone, and passes over the others. */
    static Decoder falcon(Config config) {
        return falcon(config, config.spelling("hidden_size", "n_embed", "hidden_size"), false);
    }

    /**
     * The types that Falcon had before it was a part of transformers, which kept BLOOM's names.
     *
     * @param newByDefault whether the block is Falcon-40B's, whose type had no key for it
     */
    static Decoder refinedWeb(Config config, boolean newByDefault) {
        return falcon(config, spelled(config).spelling("num_kv_heads", "num_kv_heads", "n_head_kv"), newByDefault);
    }

    private static Decoder falcon(Config config, Config named, boolean newByDefault) {
        Config spelled = named.spelling("intermediate_size", "ffn_hidden_size");
        boolean isNew = config.flag(newByDefault, "new_decoder_architecture");
        boolean multiQuery = config.flag(true, "multi_query");
        boolean bias = config.flag(false, "bias");
        Shape whole = Shape.multiHead(spelled, new Defaults(65_024, 4544, DERIVED, 32, 71, DERIVED, DERIVED, 2048));
        int keyValueHeads = whole.heads();
        if (isNew) {
            keyValueHeads = spelled.optional(Range.HEADS, "num_kv_heads").orElse(whole.heads());
            spelled.require(
                    whole.heads() % keyValueHeads == 0,
                    "num_kv_heads",
                    keyValueHeads,
                    "a divisor of the " + whole.heads() + " heads");
        } else if (multiQuery) {
            keyValueHeads = 1;
        }
        Shape shape = whole.withKeyValueHeads(keyValueHeads);
        Tensors block = layer().linear(
                        "self_attention.query_key_value", shape.hidden(), shape.queries() + 2 * shape.keys(), bias)
                .linear("self_attention.dense", shape.hidden(), shape.hidden(), bias)
                .linear("mlp.dense_h_to_4h", shape.hidden(), shape.inner(), bias)
                .linear("mlp.dense_4h_to_h", shape.inner(), shape.hidden(), bias)
                .layerNorms(shape.hidden(), falconNorms(config, isNew));
        Tensors around = new Tensors("transformer.")
                .embedding("word_embeddings", shape.vocabulary(), shape.hidden())
                .layerNorm("ln_f", shape.hidden());
        return classic(spelled, shape, around)
                .layers(
                        shape.attention(config.flag(false, "alibi") ? 0 : shape.headSize()),
                        plain(config, shape, "activation"),
                        block);
    }

    private static String[] falconNorms(Config config, boolean isNew) {
        int parallel = config.optional(Range.NORMS, "num_ln_in_parallel_attn").orElse(isNew ? 2 : 1);
        if (!config.flag(true, "parallel_attn")) {
            return new String[] {"post_attention_layernorm", "input_layernorm"};
        }
        return parallel == 2 ? new String[] {"ln_attn", "ln_mlp"} : new String[] {"input_layernorm"};
    }

    private static Decoder classic(Config config, Shape shape, Tensors around) {
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, true)
                .dropout(0, config.probability(0, "attention_dropout"), config.probability(0, "hidden_dropout"));
    }

    private static Config spelled(Config config) {
        return config.spelling("hidden_size", "n_embed", "hidden_size")
                .spelling("num_hidden_layers", "num_hidden_layers", "n_layer")
                .spelling("num_attention_heads", "num_attention_heads", "n_head");
    }

    private static Tensors layer() {
        return new Tensors("transformer.h.{i}.");
    }

    private static FeedForward plain(Config config, Shape shape, String key) {
        return new FeedForward.Dense(shape.inner(), false, Activations.read(config, Activation.GELU, key));
    }
}
