package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.OptionalInt;

/** Gemma (arXiv 2403.08295, 2408.00118, 2503.19786): wide heads, tied heads, ever more norms. */
final class Gemmas {

    private Gemmas() {}

    static Decoder gemma(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(256_000, 3072, 24_576, 28, 16, 16, 256, 8192));
        boolean bias = config.flag(false, "attention_bias");
        Activation stated = Activations.read(config, Activation.GELU_TANH, "hidden_act");
        // The first releases say gelu and mean the approximation.
        Activation activation = stated == Activation.GELU ? Activation.GELU_TANH : stated;
        return Decoder.usual(config, shape, true)
                .layers(
                        shape.attention(shape.headSize()),
                        new FeedForward.Dense(shape.inner(), true, activation),
                        Tensors.llama(shape, bias, bias, false));
    }

    static Decoder gemma2(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(256_000, 2304, 9216, 26, 8, 4, 256, 8192));
        OptionalInt window = config.nullable(Range.TOKENS, 4096, "sliding_window");
        Windows windows = Windows.read(config, shape, window, i -> i % 2 == 0);
        boolean bias = config.flag(false, "attention_bias");
        return layers(
                Decoder.usual(config, shape, true),
                config,
                windows,
                Tensors.layer().attention(shape, bias, bias));
    }

    static Decoder gemma3Text(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(262_208, 2304, 9216, 26, 8, 4, 256, 131_072));
        OptionalInt window = config.nullable(Range.TOKENS, 4096, "sliding_window");
        if (config.flag(false, "use_bidirectional_attention") && window.isPresent()) {
            window = OptionalInt.of(window.getAsInt() / 2 + 1);
        }
        int pattern = config.count(Range.LAYERS, 6, "sliding_window_pattern");
        Windows windows = Windows.read(config, shape, window, i -> (i + 1) % pattern != 0);
        boolean bias = config.flag(false, "attention_bias");
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .norms(shape.headSize(), "self_attn.q_norm", "self_attn.k_norm");
        return layers(Decoder.usual(config, shape, true), config, windows, block);
    }

    private static Decoder layers(Decoder decoder, Config config, Windows windows, Tensors attention) {
        Shape shape = decoder.shape();
        Activation activation = Activations.read(config, Activation.GELU_TANH, "hidden_activation");
        Tensors block = attention
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norms(
                        shape.hidden(),
                        "input_layernorm",
                        "post_attention_layernorm",
                        "pre_feedforward_layernorm",
                        "post_feedforward_layernorm");
        return decoder.layers(
                i -> shape.attention(shape.headSize(), windows.at(i)),
                new FeedForward.Dense(shape.inner(), true, activation),
                block);
    }
}
