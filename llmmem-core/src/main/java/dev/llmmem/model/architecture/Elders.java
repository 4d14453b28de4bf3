package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Optional;

/** GPT (2018), CTRL (arXiv 1909.05858) and MPT (2023): multi-head attention, no gate, four times the width inside. */
final class Elders {

    private static final List<String> GPT_ACTIVATIONS = List.of("gelu", "relu", "silu", "swish");

    private Elders() {}

    static Decoder openaiGpt(Config config) {
        Shape shape = inside(Gpts.spelled(config), 40_478, 768, 12, 12, 512);
        Tensors around = new Tensors("transformer.")
                .embedding("tokens_embed", shape.vocabulary(), shape.hidden())
                .embedding("positions_embed", shape.positions(), shape.hidden());
        Tensors block = new Tensors("transformer.h.{i}.")
                .conv1d("attn.c_attn", shape.hidden(), 3L * shape.hidden())
                .conv1d("attn.c_proj", shape.hidden(), shape.hidden())
                .layerNorm("ln_1", shape.hidden())
                .conv1d("mlp.c_fc", shape.hidden(), shape.inner())
                .conv1d("mlp.c_proj", shape.inner(), shape.hidden())
                .layerNorm("ln_2", shape.hidden());
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, true)
                .dropout(
                        config.probability(0.1, "embd_pdrop"),
                        config.probability(0.1, "attn_pdrop"),
                        config.probability(0.1, "resid_pdrop"))
                .layers(shape.attention(0), new FeedForward.Dense(shape.inner(), false, gpt(config)), block)
                .masks("transformer.h.{i}.attn.bias", shape.layers());
    }

    /** What it calls gelu is the approximation step by step. */
    private static Activation gpt(Config config) {
        Optional<String> name = config.text("afn");
        if (name.isPresent() && !GPT_ACTIVATIONS.contains(name.get())) {
            config.refuse("afn", name.get(), "one of " + String.join(", ", GPT_ACTIVATIONS));
        }
        Activation activation = Activations.read(config, Activation.GELU, "afn");
        return activation == Activation.GELU ? Activation.GELU_NEW : activation;
    }

    static Decoder ctrl(Config config) {
        Config spelled = Gpts.spelled(config).spelling("intermediate_size", "dff");
        Shape shape = Shape.multiHead(spelled, new Defaults(246_534, 1280, 8192, 48, 16, DERIVED, DERIVED, 256));
        Tensors around = new Tensors("transformer.")
                .embedding("w", shape.vocabulary(), shape.hidden())
                .layerNorm("layernorm", shape.hidden());
        Tensors attention = new Tensors("transformer.h.{i}.");
        for (String projection : new String[] {"Wq", "Wk", "Wv", "dense"}) {
            attention = attention.linear("multi_head_attention." + projection, shape.hidden(), shape.hidden(), true);
        }
        Tensors block = attention
                .linear("ffn.0", shape.hidden(), shape.inner(), true)
                .linear("ffn.2", shape.inner(), shape.hidden(), true)
                .layerNorms(shape.hidden(), "layernorm1", "layernorm2");
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), true, true)
                .dropout(config.probability(0.1, "embd_pdrop"), 0, config.probability(0.1, "resid_pdrop"))
                .layers(shape.attention(0), new FeedForward.Dense(shape.inner(), false, Activation.RELU), block);
    }

    /** MPT as transformers has it: linear biases of attention, not of layers, and one way of each choice. */
    static Decoder mpt(Config config) {
        Config spelled = config.spelling("hidden_size", "hidden_size", "d_model")
                .spelling("num_hidden_layers", "num_hidden_layers", "n_layers")
                .spelling("num_attention_heads", "num_attention_heads", "n_heads")
                .spelling("max_position_embeddings", "max_seq_len");
        Shape shape = inside(spelled, 50_368, 2048, 24, 16, 2048);
        int ratio = config.count(Range.WIDTH, 4, "expansion_ratio");
        config.require(ratio == 4, "expansion_ratio", ratio, "4, the only ratio that transformers builds");
        config.require(config.flag(true, "no_bias"), "no_bias", false, "true: biases are not described");
        Config attention = config.nested("attn_config").orElseGet(config::empty);
        attention.require(attention.flag(true, "alibi"), "alibi", false, "true: learned positions are not described");
        attention.refuseUnlessOff("qk_ln", "a norm of queries and keys");
        int keyValueHeads = attention.optional(Range.HEADS, "kv_n_heads").orElse(shape.heads());
        attention.require(
                keyValueHeads == shape.heads(), "kv_n_heads", keyValueHeads, "the " + shape.heads() + " heads");
        String kind = attention.text("attn_type").orElse("multihead_attention");
        attention.require(kind.equals("multihead_attention"), "attn_type", kind, "\"multihead_attention\"");
        double dropout = attention.probability(0, "attn_pdrop");
        Tensors around = new Tensors("transformer.")
                .embedding("wte", shape.vocabulary(), shape.hidden())
                .norm("norm_f", shape.hidden());
        Tensors block = new Tensors("transformer.blocks.{i}.")
                .norm("norm_1", shape.hidden())
                .linear("attn.Wqkv", shape.hidden(), 3L * shape.hidden(), false)
                .linear("attn.out_proj", shape.hidden(), shape.hidden(), false)
                .norm("norm_2", shape.hidden())
                .linear("ffn.up_proj", shape.hidden(), shape.inner(), false)
                .linear("ffn.down_proj", shape.inner(), shape.hidden(), false);
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, true)
                .dropout(0, dropout, dropout)
                .layers(shape.attention(0), new FeedForward.Dense(shape.inner(), false, Activation.GELU), block);
    }

    /** A shape whose inner width is four times the hidden one, whatever the configuration says. */
    private static Shape inside(Config config, int vocabulary, int hidden, int layers, int heads, int positions) {
        Shape shape = Shape.multiHead(
                config, new Defaults(vocabulary, hidden, DERIVED, layers, heads, DERIVED, DERIVED, positions));
        return shape.withInner(4 * shape.hidden());
    }
}
