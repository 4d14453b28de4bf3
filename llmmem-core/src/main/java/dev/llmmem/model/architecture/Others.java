package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.OptionalInt;

/** Decoders of transformers that are near LLaMA or GPT-NeoX and have few models each. */
final class Others {

    private Others() {}

    /** ERNIE 4.5 without experts: one switch for all biases. */
    static Decoder ernie(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(103_424, 1024, 3072, 18, 16, 2, headSize(config), 131_072));
        boolean bias = config.flag(false, "use_bias");
        return Decoder.usual(config, shape, true)
                .dropout(0, 0, 0)
                .layers(
                        shape.attention(shape.headSize()),
                        Llamas.gated(config, shape),
                        Tensors.llama(shape, bias, bias, bias));
    }

    /** Ministral 3 and Devstral 2: Mistral without a window, unless one is stated. */
    static Decoder ministral3(Config config) {
        config.refuseUnlessOff("text_config", "a text decoder inside a model of another type");
        Shape shape = Shape.grouped(config, new Defaults(131_072, 4096, 14_336, 34, 32, 8, 128, 262_144));
        OptionalInt window = config.optional(Range.TOKENS, "sliding_window");
        return Decoder.usual(config, shape, false)
                .layers(
                        shape.attention(shape.headSize(), window),
                        Llamas.gated(config, shape),
                        Tensors.llama(shape, false, false, false));
    }

    /** 128 where nothing is written; null means that heads share the hidden width. */
    private static int headSize(Config config) {
        return config.has("head_dim") ? DERIVED : 128;
    }

    /** Persimmon: one fused projection, norms with shifts, also of queries and keys. */
    static Decoder persimmon(Config config) {
        Shape shape = Shape.multiHead(config, new Defaults(262_144, 4096, 16_384, 36, 64, DERIVED, DERIVED, 16_384));
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .layerNorm("final_layernorm", shape.hidden());
        Tensors block = Tensors.layer()
                .linear("self_attn.query_key_value", shape.hidden(), 3L * shape.hidden(), true)
                .linear("self_attn.dense", shape.queries(), shape.hidden(), true)
                .when(
                        config.flag(true, "qk_layernorm"),
                        layer -> layer.layerNorms(shape.headSize(), "self_attn.q_layernorm", "self_attn.k_layernorm"))
                .linear("mlp.dense_h_to_4h", shape.hidden(), shape.inner(), true)
                .linear("mlp.dense_4h_to_h", shape.inner(), shape.hidden(), true)
                .layerNorms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .dropout(0, config.probability(0, "attention_dropout"), config.probability(0, "hidden_dropout"))
                .layers(shape.attention(Rotary.partial(config, shape, 0.5)), squared(config, shape), block);
    }

    /** Jais 2: norms with shifts, biases, no gate. */
    static Decoder jais2(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(150_272, 3328, 26_624, 32, 26, DERIVED, DERIVED, 8192));
        boolean attentionBias = config.flag(true, "attention_bias");
        boolean bias = config.flag(true, "mlp_bias");
        Tensors block = Tensors.layer()
                .attention(shape, attentionBias, attentionBias)
                .linear("mlp.up_proj", shape.hidden(), shape.inner(), bias)
                .linear("mlp.down_proj", shape.inner(), shape.hidden(), bias)
                .layerNorms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Variants.shifted(config, shape, false)
                .dropout(0, config.probability(0, "attention_dropout"), 0)
                .layers(shape.attention(shape.headSize()), squared(config, shape), block);
    }

    private static FeedForward squared(Config config, Shape shape) {
        return new FeedForward.Dense(
                shape.inner(), false, Activations.read(config, Activation.RELU_SQUARED, "hidden_act"));
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
}
