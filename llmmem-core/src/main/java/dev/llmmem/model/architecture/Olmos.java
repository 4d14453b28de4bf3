package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.OptionalInt;

/** OLMo (arXiv 2402.00838, 2501.00656): norms without parameters, then norms after each part. */
final class Olmos {

    private Olmos() {}

    static Decoder olmo(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(50_304, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
        boolean bias = config.flag(false, "attention_bias");
        Tensors block = Tensors.layer().attention(shape, bias, bias).gated("mlp", shape.hidden(), shape.inner(), false);
        return Decoder.of(shape, new Tensors("model.").embedding("embed_tokens", shape.vocabulary(), shape.hidden()))
                .head(config, "lm_head", shape.hidden(), false, false)
                .dropout(0, config.probability(0, "attention_dropout"), 0)
                .layers(shape.attention(shape.headSize()), Llamas.gated(config, shape), block);
    }

    static Decoder olmo2(Config config) {
        return normalized(config, OptionalInt.empty());
    }

    /** OLMo 3: three of four layers have a window. */
    static Decoder olmo3(Config config) {
        return normalized(config, config.nullable(Range.TOKENS, 4096, "sliding_window"));
    }

    private static Decoder normalized(Config config, OptionalInt window) {
        Shape shape = Shape.grouped(config, new Defaults(50_304, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
        Windows windows = window.isEmpty()
                ? Windows.everywhere(shape, window)
                : Windows.read(config, shape, window, i -> (i + 1) % 4 != 0);
        boolean bias = config.flag(false, "attention_bias");
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .norms(shape.queries(), "self_attn.q_norm")
                .norms(shape.keys(), "self_attn.k_norm")
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norms(shape.hidden(), "post_attention_layernorm", "post_feedforward_layernorm");
        return Decoder.usual(config, shape, false)
                .layers(i -> shape.attention(shape.headSize(), windows.at(i)), Llamas.gated(config, shape), block);
    }
}
