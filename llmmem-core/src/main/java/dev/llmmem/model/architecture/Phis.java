package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.OptionalInt;

/** Phi (arXiv 2306.11644, 2404.14219): first a parallel block with biases, then LLaMA's with fused projections. */
final class Phis {

    private Phis() {}

    static Decoder phi(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(51_200, 2048, 8192, 24, 32, DERIVED, DERIVED, 2048));
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .layerNorm("final_layernorm", shape.hidden());
        int normSize = Math.max(1, shape.hidden() / shape.heads());
        Tensors block = Tensors.layer()
                .queryKeyValue(shape, true)
                .linear("self_attn.dense", shape.queries(), shape.hidden(), true)
                .when(
                        config.flag(false, "qk_layernorm"),
                        layer -> layer.layerNorms(normSize, "self_attn.q_layernorm", "self_attn.k_layernorm"))
                .linear("mlp.fc1", shape.hidden(), shape.inner(), true)
                .linear("mlp.fc2", shape.inner(), shape.hidden(), true)
                .layerNorm("input_layernorm", shape.hidden());
        Activation activation = Activations.read(config, Activation.GELU_NEW, "hidden_act");
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), true, false)
                .dropout(
                        config.probability(0, "embd_pdrop"),
                        config.probability(0, "attention_dropout"),
                        config.probability(0, "resid_pdrop"))
                .layers(
                        shape.attention(Rotary.partial(config, shape, 0.5)),
                        new FeedForward.Dense(shape.inner(), false, activation),
                        block);
    }

    static Decoder phi3(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(32_064, 3072, 8192, 32, 32, DERIVED, DERIVED, 4096));
        OptionalInt window = config.optional(Range.TOKENS, "sliding_window");
        Tensors block = Tensors.layer()
                .linear("self_attn.o_proj", shape.queries(), shape.hidden(), false)
                .linear("self_attn.qkv_proj", shape.hidden(), shape.queries() + 2 * shape.keys(), false)
                .fusedGated(shape)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Decoder.usual(config, shape, false)
                .dropout(0, config.probability(0, "attention_dropout"), config.probability(0, "resid_pdrop"))
                .layers(shape.attention(Rotary.partial(config, shape, 1), window), Llamas.gated(config, shape), block);
    }
}
