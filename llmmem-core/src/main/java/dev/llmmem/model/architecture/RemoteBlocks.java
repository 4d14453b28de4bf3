package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import java.util.OptionalInt;

/**
 * Decoders whose code comes with their checkpoints and whose block is their own; what decides the shape must be
 * stated. Names are those of the checkpoints; their order is that of the computation.
 */
final class RemoteBlocks {

    private RemoteBlocks() {}

    /** ChatGLM 2 and 3, and GLM-4-9B in their format (arXiv 2406.12793): half of each head is rotated. */
    static Decoder chatglm(Config config) {
        Config spelled = config.spelling("num_hidden_layers", "num_layers")
                .spelling("intermediate_size", "ffn_hidden_size")
                .spelling("vocab_size", "padded_vocab_size")
                .spelling("head_dim", "kv_channels")
                .spelling("num_key_value_heads", "multi_query_group_num")
                .spelling("max_position_embeddings", "seq_length");
        Shape shape = Shape.stated(spelled, config.requiredFlag("multi_query_attention"));
        config.mustState("kv_channels", Range.WIDTH);
        boolean bias = config.requiredFlag("add_bias_linear");
        config.refuseUnlessOff("pre_seq_len", "a learned prefix");
        config.refuseUnlessOff("quantization_bit", "its own quantization");
        config.refuseUnlessOff("tie_word_embeddings", "a shared head");
        config.require(config.requiredFlag("rmsnorm"), "rmsnorm", false, "true");
        Tensors around = new Tensors("transformer.")
                .embedding("embedding.word_embeddings", shape.vocabulary(), shape.hidden())
                .when(
                        config.requiredFlag("post_layer_norm"),
                        outer -> outer.norm("encoder.final_layernorm", shape.hidden()));
        Tensors block = new Tensors("transformer.encoder.layers.{i}.")
                .norm("input_layernorm", shape.hidden())
                .linear(
                        "self_attention.query_key_value",
                        shape.hidden(),
                        shape.queries() + 2 * shape.keys(),
                        bias || config.requiredFlag("add_qkv_bias"))
                .linear("self_attention.dense", shape.queries(), shape.hidden(), bias)
                .norm("post_attention_layernorm", shape.hidden())
                .linear("mlp.dense_h_to_4h", shape.hidden(), 2L * shape.inner(), bias)
                .linear("mlp.dense_4h_to_h", shape.inner(), shape.hidden(), bias);
        int rotary = shape.headSize() / 2;
        return Decoder.of(shape, around)
                .head(config, "transformer.output_layer", shape.hidden(), bias, false)
                .layers(shape.attention(rotary), new FeedForward.Dense(shape.inner(), true, Activation.SILU), block)
                .frequencies("transformer.rotary_pos_emb.inv_freq", 1, rotary);
    }

    /**
     * Phi-3-small (arXiv 2404.14219): norms with shifts, biases, a gated network of GELU's sigmoid approximation. Blocks
     * that its sparse layers do not read are kept in the cache all the same.
     */
    static Decoder phi3small(Config config) {
        Config spelled = config.spelling("intermediate_size", "ff_intermediate_size");
        Shape shape = Shape.stated(spelled, true);
        String activation = config.text("hidden_act").orElse("gegelu");
        config.require(activation.equals("gegelu"), "hidden_act", activation, "\"gegelu\"");
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .layerNorm("final_layernorm", shape.hidden());
        Tensors block = Tensors.layer()
                .layerNorm("input_layernorm", shape.hidden())
                .linear("self_attn.query_key_value", shape.hidden(), shape.queries() + 2 * shape.keys(), true)
                .linear("self_attn.dense", shape.queries(), shape.hidden(), true)
                .layerNorm("post_attention_layernorm", shape.hidden())
                .linear("mlp.up_proj", shape.hidden(), 2L * shape.inner(), true)
                .linear("mlp.down_proj", shape.inner(), shape.hidden(), true);
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, true)
                .layers(
                        shape.attention(shape.headSize()),
                        new FeedForward.Dense(shape.inner(), true, Activation.GELU),
                        block)
                .rotaryBuffers();
    }

    /** MiniCPM (arXiv 2404.06395), with experts if their number is stated; its scales of depth and width have no parameters. */
    static Decoder minicpm(Config config) {
        Shape shape = Shape.stated(config, true);
        if (config.optional(Range.NO_OR_MORE_EXPERTS, "num_experts").orElse(0) > 0) {
            return RemoteMixtures.minicpm(config, shape);
        }
        return Decoder.usual(config, shape, true)
                .layers(
                        shape.attention(shape.headSize()),
                        Llamas.gated(config, shape),
                        Tensors.llama(shape, false, false, false));
    }

    /** MiniCPM 3: latent attention as DeepSeek-V2 has it, without experts; values are as wide as heads share. */
    static Decoder minicpm3(Config config) {
        Shape shape = Shape.stated(config, true);
        Attention.Latent attention = new Attention.Latent(
                shape.heads(),
                OptionalInt.of(config.required(Range.WIDTH, "q_lora_rank")),
                config.required(Range.WIDTH, "kv_lora_rank"),
                config.required(Range.WIDTH, "qk_nope_head_dim"),
                config.required(Range.WIDTH, "qk_rope_head_dim"),
                Math.max(1, shape.hidden() / shape.heads()));
        Tensors block = DeepSeeks.projections(shape, attention, config.flag(false, "attention_bias"))
                .gated("mlp", shape.hidden(), shape.inner(), false)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Decoder.usual(config, shape, true).layers(attention, Llamas.gated(config, shape), block);
    }

    /** Phi-1 to 2 (arXiv 2306.11644) in the format before they were a part of transformers. */
    static Decoder phiMsft(Config config) {
        return phi(config, "transformer.embd.wte", "transformer.h.{i}.", "lm_head.");
    }

    /**
     * The same in one list of modules: the first is the embedding, the last the head, and a layer's <code>{i}</code>
     * counts from 1.
     */
    static Decoder mixformer(Config config) {
        int layers = Gpts.spelled(config).required(Range.LAYERS, "num_hidden_layers");
        return phi(config, "layers.0.wte", "layers.{i}.", "layers." + (layers + 1L) + ".");
    }

    private static Decoder phi(Config config, String embedding, String layer, String head) {
        Config spelled = Gpts.spelled(config).spelling("num_key_value_heads", "n_head_kv");
        int inner = Math.multiplyExact(4, spelled.required(Range.WIDTH, "hidden_size"));
        Config whole = spelled.states("intermediate_size") ? spelled : spelled.withDefault("intermediate_size", inner);
        Shape shape = Shape.stated(whole, spelled.states("num_key_value_heads"));
        int rotary = Math.min(config.required(Range.WIDTH, "rotary_dim"), shape.headSize());
        config.refuseUnlessOff("tie_word_embeddings", "a shared head");
        Tensors around = new Tensors("")
                .embedding(embedding, shape.vocabulary(), shape.hidden())
                .layerNorm(head + "ln", shape.hidden());
        Tensors block = new Tensors(layer)
                .layerNorm("ln", shape.hidden())
                .linear("mixer.Wqkv", shape.hidden(), shape.queries() + 2 * shape.keys(), true)
                .linear("mixer.out_proj", shape.queries(), shape.hidden(), true)
                .linear("mlp.fc1", shape.hidden(), shape.inner(), true)
                .linear("mlp.fc2", shape.inner(), shape.hidden(), true);
        Activation activation = Activations.read(config, Activation.GELU_NEW, "activation_function");
        return Decoder.of(shape, around)
                .head(config, head + "linear", shape.hidden(), true, false)
                .parallel(true)
                .layers(shape.attention(rotary), new FeedForward.Dense(shape.inner(), false, activation), block);
    }
}
