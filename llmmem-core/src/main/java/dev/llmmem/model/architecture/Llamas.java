package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** LLaMA (arXiv 2302.13971) and the types that keep its block: two scales, grouped attention, a gated network. */
final class Llamas {

    private Llamas() {}

    static Decoder llama(Config config) {
        return granite(config).rotaryBuffers();
    }

    /** As LLaMA, but younger than the files that hold frequencies. */
    static Decoder granite(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(32_000, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(shape.headSize()), gated(config, shape), withBiases(config, shape));
    }

    static Decoder mistral(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(32_000, 4096, 14_336, 32, 32, 8, DERIVED, 131_072));
        OptionalInt window = config.nullable(Range.TOKENS, 4096, "sliding_window");
        return Decoder.usual(config, shape, false)
                .layers(
                        shape.attention(shape.headSize(), window),
                        gated(config, shape),
                        Tensors.llama(shape, false, false, false));
    }

    /** Ministral 3 and Devstral 2: Mistral without a window, unless one is stated. */
    static Decoder ministral3(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(131_072, 4096, 14_336, 34, 32, 8, 128, 262_144));
        OptionalInt window = config.optional(Range.TOKENS, "sliding_window");
        return Decoder.usual(config, shape, false)
                .layers(
                        shape.attention(shape.headSize(), window),
                        gated(config, shape),
                        Tensors.llama(shape, false, false, false));
    }

    /** ERNIE 4.5 without experts: one switch for all biases. */
    static Decoder ernie(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(103_424, 1024, 3072, 18, 16, 2, headSize(config), 131_072));
        boolean bias = config.flag(false, "use_bias");
        return Decoder.usual(config, shape, true)
                .dropout(0, 0, 0)
                .layers(
                        shape.attention(shape.headSize()),
                        gated(config, shape),
                        Tensors.llama(shape, bias, bias, bias));
    }

    /** 128 where nothing is written; null means that heads share the hidden width. */
    private static int headSize(Config config) {
        return config.has("head_dim") ? DERIVED : 128;
    }

    static Decoder qwen2(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(151_936, 4096, 22_016, 32, 32, 32, DERIVED, 32_768));
        return qwen2(config, shape, Windows.ofUpperLayers(config, shape));
    }

    /** Of Qwen2-VL and 2.5: the shape of a larger model where none is stated. */
    static Decoder qwen2Vl(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(152_064, 8192, 29_568, 80, 64, 8, DERIVED, 32_768));
        shape.requireNarrow(config);
        return qwen2(config, shape, Windows.ofUpperLayers(config, shape, 80));
    }

    private static Decoder qwen2(Config config, Shape shape, Windows windows) {
        return Decoder.usual(config, shape, false)
                .layers(
                        i -> shape.attention(shape.headSize(), windows.at(i)),
                        gated(config, shape),
                        Tensors.llama(shape, true, false, false));
    }

    static Decoder qwen3(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(151_936, 4096, 22_016, 32, 32, 32, 128, 32_768));
        return qwen3(config, shape, Windows.ofUpperLayers(config, shape));
    }

    /** Of Qwen3-VL: no windows. */
    static Decoder qwen3Vl(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(151_936, 4096, 22_016, 32, 32, 32, 128, 128_000));
        return qwen3(config, shape, Windows.everywhere(shape, OptionalInt.empty()));
    }

    private static Decoder qwen3(Config config, Shape shape, Windows windows) {
        boolean bias = config.flag(false, "attention_bias");
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .norms(shape.headSize(), "self_attn.q_norm", "self_attn.k_norm")
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Decoder.usual(config, shape, false)
                .layers(i -> shape.attention(shape.headSize(), windows.at(i)), gated(config, shape), block);
    }

    /** Some layers have no positions; only those may have a window. */
    static Decoder smollm3(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(128_256, 2048, 11_008, 36, 16, 4, DERIVED, 32_768));
        boolean[] rotated = rotatedLayers(config, shape, config.list("no_rope_layers"));
        OptionalInt window = Windows.widthIfUsed(config, OptionalInt.empty());
        Windows windows = Windows.read(config, shape, window, i -> !rotated[i]);
        return Decoder.usual(config, shape, true)
                .layers(
                        i -> shape.attention(rotated[i] ? shape.headSize() : 0, windows.at(i)),
                        gated(config, shape),
                        withBiases(config, shape));
    }

    static FeedForward gated(Config config, Shape shape) {
        return new FeedForward.Dense(shape.inner(), true, Activations.silu(config));
    }

    private static Tensors withBiases(Config config, Shape shape) {
        boolean bias = config.flag(false, "attention_bias");
        return Tensors.llama(shape, bias, bias, config.flag(false, "mlp_bias"));
    }

    /** The layers with positions: as listed, or all but every {@code no_rope_layer_interval}-th. */
    static boolean[] rotatedLayers(Config config, Shape shape, Optional<List<?>> stated) {
        boolean[] rotated = new boolean[shape.layers()];
        int interval = config.count(Range.LAYERS, 4, "no_rope_layer_interval");
        stated.ifPresent(list -> config.require(
                list.size() >= rotated.length, "no_rope_layers", list, "a list of at least " + rotated.length));
        List<?> rotations = stated.orElse(List.of());
        for (int i = 0; i < rotated.length; i++) {
            rotated[i] = i < rotations.size() ? !Long.valueOf(0).equals(rotations.get(i)) : (i + 1) % interval != 0;
        }
        return rotated;
    }
}
