package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.StoredExtra;
import java.util.OptionalInt;

/**
 * Decoders whose code comes with their checkpoints and that keep LLaMA's block. There is no class to take defaults
 * from, so what decides the shape must be stated.
 *
 * <p>Names are those of the checkpoints; their order is LLaMA's.
 */
final class RemoteLlamas {

    private RemoteLlamas() {}

    /** InternLM (2023) and openPangu Embedded: LLaMA with biases of attention. */
    static Decoder biased(Config config, boolean grouped) {
        Shape shape = Shape.stated(config, grouped);
        boolean bias = config.requiredFlag("bias");
        return plain(config, shape, Tensors.llama(shape, bias, bias, false)).rotaryBuffers();
    }

    /** XVERSE (2023): LLaMA. */
    static Decoder xverse(Config config) {
        Shape shape = Shape.stated(config, false);
        return plain(config, shape, Tensors.llama(shape, false, false, false));
    }

    /** Orion (arXiv 2401.12246): LLaMA with shifts in its norms. */
    static Decoder orion(Config config) {
        Shape shape = Shape.stated(config, true);
        Tensors block = Tensors.layer()
                .attention(shape, false, false)
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .layerNorms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Variants.shifted(config, shape, false)
                .layers(shape.attention(shape.headSize()), Llamas.gated(config, shape), block);
    }

    /** MiMo (arXiv 2505.07608): Qwen 2's block, and layers that predict further tokens. */
    static Decoder mimo(Config config) {
        Shape shape = Shape.stated(config, true);
        config.refuseUnlessOff("use_sliding_window", "a window");
        Tensors block = Tensors.llama(shape, config.requiredFlag("attention_bias"), false, false);
        Decoder decoder = plain(config, shape, block);
        int further = config.optional(Range.LAYERS_OR_NONE, "num_nextn_predict_layers")
                .orElse(0);
        if (further == 0) {
            return decoder;
        }
        long hidden = shape.hidden();
        Tensors whole = block.linear("input_proj", 2 * hidden, hidden, false)
                .norms(hidden, "token_layernorm", "hidden_layernorm", "final_layernorm");
        return decoder.extra(
                "model.mtp_layers", Math.multiplyExact(whole.elements(), further), StoredExtra.Cause.TOKEN_PREDICTION);
    }

    /** Baichuan (arXiv 2309.10305): one fused projection; the 7B models rotate, the wider ones have ALiBi. */
    static Decoder baichuan(Config config) {
        Shape shape = Shape.stated(config, false);
        Tensors block = Tensors.layer()
                .linear("self_attn.W_pack", shape.hidden(), 3L * shape.hidden(), false)
                .linear("self_attn.o_proj", shape.hidden(), shape.hidden(), false)
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        boolean rotated = shape.hidden() == 4096;
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(rotated ? shape.headSize() : 0), Llamas.gated(config, shape), block);
    }

    /** InternLM 2 (arXiv 2403.17297): one fused projection, names of its own. */
    static Decoder internlm2(Config config) {
        Shape shape = Shape.stated(config, true);
        boolean bias = config.requiredFlag("bias");
        Tensors around = new Tensors("model.")
                .embedding("tok_embeddings", shape.vocabulary(), shape.hidden())
                .norm("norm", shape.hidden());
        Tensors block = Tensors.layer()
                .linear("attention.wqkv", shape.hidden(), shape.queries() + 2 * shape.keys(), bias)
                .linear("attention.wo", shape.queries(), shape.hidden(), bias)
                .linear("feed_forward.w1", shape.hidden(), shape.inner(), false)
                .linear("feed_forward.w3", shape.hidden(), shape.inner(), false)
                .linear("feed_forward.w2", shape.inner(), shape.hidden(), false)
                .norms(shape.hidden(), "attention_norm", "ffn_norm");
        return Decoder.of(shape, around)
                .head(config, "output", shape.hidden(), false, false)
                .layers(shape.attention(shape.headSize()), Llamas.gated(config, shape), block);
    }

    /** EXAONE 3 (arXiv 2408.03541): LLaMA with names of its own. */
    static Decoder exaone(Config config) {
        Config spelled = config.spelling("num_hidden_layers", "num_layers", "num_hidden_layers");
        Shape shape = Shape.stated(spelled, true);
        config.mustState("tie_word_embeddings", "true or false");
        Tensors around = new Tensors("transformer.")
                .embedding("wte", shape.vocabulary(), shape.hidden())
                .norm("ln_f", shape.hidden());
        Tensors block = new Tensors("transformer.h.{i}.")
                .norm("ln_1", shape.hidden())
                .linear("attn.attention.q_proj", shape.hidden(), shape.queries(), false)
                .linear("attn.attention.k_proj", shape.hidden(), shape.keys(), false)
                .linear("attn.attention.v_proj", shape.hidden(), shape.keys(), false)
                .linear("attn.attention.out_proj", shape.queries(), shape.hidden(), false)
                .norm("ln_2", shape.hidden())
                .linear("mlp.c_fc_0", shape.hidden(), shape.inner(), false)
                .linear("mlp.c_fc_1", shape.hidden(), shape.inner(), false)
                .linear("mlp.c_proj", shape.inner(), shape.hidden(), false);
        Activation activation = Activations.read(config, Activation.SILU, "activation_function");
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .layers(
                        shape.attention(shape.headSize()),
                        new FeedForward.Dense(shape.inner(), true, activation),
                        block);
    }

    /** Qwen (arXiv 2309.16609): {@code intermediate_size} is the width of both halves of the gate together. */
    static Decoder qwen(Config config) {
        Config spelled = config.spelling("max_position_embeddings", "max_position_embeddings", "seq_length")
                .spelling("head_dim", "kv_channels")
                .spelling("partial_rotary_factor", "rotary_pct");
        Shape read = Shape.stated(spelled, false);
        config.mustState("kv_channels", Range.WIDTH);
        config.require(
                read.queries() == read.hidden(),
                "kv_channels",
                read.headSize(),
                "the hidden width " + read.hidden() + " by the heads");
        Shape shape = read.withInner(Math.max(1, read.inner() / 2));
        boolean bias = !config.requiredFlag("no_bias");
        Tensors around = new Tensors("transformer.")
                .embedding("wte", shape.vocabulary(), shape.hidden())
                .norm("ln_f", shape.hidden());
        Tensors block = new Tensors("transformer.h.{i}.")
                .norm("ln_1", shape.hidden())
                .linear("attn.c_attn", shape.hidden(), 3L * shape.hidden(), true)
                .linear("attn.c_proj", shape.hidden(), shape.hidden(), bias)
                .norm("ln_2", shape.hidden())
                .linear("mlp.w1", shape.hidden(), shape.inner(), bias)
                .linear("mlp.w2", shape.hidden(), shape.inner(), bias)
                .linear("mlp.c_proj", shape.inner(), shape.hidden(), bias);
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .layers(
                        shape.attention(Rotary.partial(spelled, shape, 1), OptionalInt.empty()),
                        new FeedForward.Dense(shape.inner(), true, Activation.SILU),
                        block);
    }

    private static Decoder plain(Config config, Shape shape, Tensors block) {
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(shape.headSize()), Llamas.gated(config, shape), block);
    }
}
