package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Types that change one or two things in the block of LLaMA. */
final class Variants {

    private Variants() {}

    /** Command R and Aya (Cohere): attention and network side by side after one norm. */
    static Decoder cohere(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(256_000, 8192, 22_528, 40, 64, DERIVED, DERIVED, 8192));
        boolean bias = config.flag(false, "attention_bias");
        long size = shape.headSize();
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .when(
                        config.flag(false, "use_qk_norm"),
                        layer -> layer.add("self_attn.q_norm.weight", Kind.NORM, (long) shape.heads(), size)
                                .add("self_attn.k_norm.weight", Kind.NORM, (long) shape.keyValueHeads(), size))
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norm("input_layernorm", shape.hidden());
        return Decoder.usual(config, shape, true)
                .layers(shape.attention(shape.headSize()), Llamas.gated(config, shape), block);
    }

    /** GLM-4-9B: fused gate, half of each head rotated. */
    static Decoder glm(Config config) {
        return glm(config, "input_layernorm", "post_attention_layernorm");
    }

    /** GLM-4: as GLM-4-9B, with norms also after each part. */
    static Decoder glm4(Config config) {
        return glm(
                config,
                "input_layernorm",
                "post_attention_layernorm",
                "post_self_attn_layernorm",
                "post_mlp_layernorm");
    }

    private static Decoder glm(Config config, String... norms) {
        Shape shape = Shape.grouped(config, new Defaults(151_552, 4096, 13_696, 40, 32, 2, 128, 131_072));
        Tensors block = Tensors.layer()
                .attention(shape, config.flag(true, "attention_bias"), false)
                .fusedGated(shape)
                .norms(shape.hidden(), norms);
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(Rotary.partial(config, shape, 0.5)), Llamas.gated(config, shape), block);
    }

    /** EXAONE 4 (arXiv 2507.11407): norms after each part; layers that see everything have no positions. */
    static Decoder exaone4(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(102_400, 4096, 16_384, 32, 32, 32, DERIVED, 2048));
        OptionalInt window = config.nullable(Range.TOKENS, 4096, "sliding_window");
        Windows windows = Windows.ofPattern(config, shape, window, 4);
        Tensors block = Tensors.layer()
                .attention(shape, false, false)
                .norms(shape.headSize(), "self_attn.q_norm", "self_attn.k_norm")
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norms(shape.hidden(), "post_attention_layernorm", "post_feedforward_layernorm");
        return Decoder.usual(config, shape, false)
                .layers(
                        i -> shape.attention(
                                window.isEmpty() || windows.isSliding(i) ? shape.headSize() : 0, windows.at(i)),
                        Llamas.gated(config, shape),
                        block);
    }

    /** StableLM: norms with shifts, a quarter of each head rotated. */
    static Decoder stablelm(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(50_304, 2560, 6912, 32, 32, 32, DERIVED, 4096));
        Tensors block = Tensors.layer()
                .attention(shape, config.flag(false, "use_qkv_bias"), false)
                .when(
                        config.flag(false, "qk_layernorm"),
                        layer -> layer.norms(shape.headSize(), numbered("self_attn.q_layernorm.norms.", shape.heads()))
                                .norms(
                                        shape.headSize(),
                                        numbered("self_attn.k_layernorm.norms.", shape.keyValueHeads())))
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .layerNorm("input_layernorm", shape.hidden())
                .when(
                        !config.flag(false, "use_parallel_residual"),
                        layer -> layer.layerNorm("post_attention_layernorm", shape.hidden()));
        return shifted(config, shape, false)
                .dropout(0, config.probability(0, "attention_dropout"), config.probability(0, "hidden_dropout"))
                .layers(shape.attention(Rotary.partial(config, shape, 0.25)), Llamas.gated(config, shape), block);
    }

    /** StarCoder 2 (arXiv 2402.19173): norms with shifts, biases, no gate. */
    static Decoder starcoder2(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(49_152, 3072, 12_288, 30, 24, 2, DERIVED, 4096));
        boolean bias = config.flag(true, "use_bias");
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .linear("mlp.c_fc", shape.hidden(), shape.inner(), bias)
                .linear("mlp.c_proj", shape.inner(), shape.hidden(), bias)
                .layerNorms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        Activation activation = Activations.read(config, Activation.GELU_TANH, "hidden_act");
        return shifted(config, shape, true)
                .dropout(
                        config.probability(0, "embedding_dropout"),
                        config.probability(0, "attention_dropout"),
                        config.probability(0, "residual_dropout"))
                .layers(
                        shape.attention(shape.headSize(), config.optional(Range.TOKENS, "sliding_window")),
                        new FeedForward.Dense(shape.inner(), false, activation),
                        block);
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
        return shifted(config, shape, false)
                .dropout(0, config.probability(0, "attention_dropout"), 0)
                .layers(shape.attention(shape.headSize()), squared(config, shape), block);
    }

    private static FeedForward squared(Config config, Shape shape) {
        return new FeedForward.Dense(
                shape.inner(), false, Activations.read(config, Activation.RELU_SQUARED, "hidden_act"));
    }

    /** As {@link Decoder#usual}, with a shift in the final norm. */
    static Decoder shifted(Config config, Shape shape, boolean tiedByDefault) {
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .layerNorm("norm", shape.hidden());
        return Decoder.of(shape, around).head(config, "lm_head", shape.hidden(), false, tiedByDefault);
    }

    private static String[] numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }
}
