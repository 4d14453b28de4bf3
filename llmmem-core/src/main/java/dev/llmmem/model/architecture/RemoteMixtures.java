package dev.llmmem.model.architecture;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Mixtures of experts whose code comes with their checkpoints, so that what decides the shape must be stated.
 *
 * <p>Names are those of the checkpoints, but for routed experts: the files have each by itself, here a layer's experts
 * are in two tensors, as transformers holds those of the types that it knows.
 */
final class RemoteMixtures {

    private RemoteMixtures() {}

    /** DeepSeek-MoE (arXiv 2401.06066): plain attention, dense layers first, shared experts. */
    static Decoder deepseek(Config config) {
        Shape shape = Shape.stated(config, true);
        boolean bias = config.requiredFlag("attention_bias");
        Experts experts = experts(config, "n_routed_experts", "n_shared_experts");
        int denseLayers = config.required(Range.LAYERS_OR_NONE, "first_k_dense_replace");
        int period = config.required(Range.LAYERS, "moe_layer_freq");
        Tensors attention = Tensors.layer().attention(shape, bias, bias);
        return Decoder.usual(config, shape, false)
                .layers(layers(config, shape, experts, attention, i -> i >= denseLayers && i % period == 0));
    }

    /** Ling (arXiv 2503.05139): one fused projection, names of its own. */
    static Decoder bailing(Config config) {
        Shape shape = Shape.stated(config, true);
        boolean bias = config.requiredFlag("use_bias");
        config.refuseUnlessOff("use_qk_norm", "a norm of queries and keys");
        config.refuseUnlessOff("moe_router_enable_expert_bias", "a correction of the router");
        Experts experts = experts(config, "num_experts", "num_shared_experts");
        int denseLayers = config.required(Range.LAYERS_OR_NONE, "first_k_dense_replace");
        Tensors around = new Tensors("model.")
                .embedding("word_embeddings", shape.vocabulary(), shape.hidden())
                .norm("norm", shape.hidden());
        Tensors attention = Tensors.layer()
                .linear(
                        "attention.query_key_value",
                        shape.hidden(),
                        shape.queries() + 2 * shape.keys(),
                        config.requiredFlag("use_qkv_bias"))
                .linear("attention.dense", shape.queries(), shape.hidden(), bias);
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .layers(layers(config, shape, experts, attention, i -> i >= denseLayers));
    }

    /** MiniCPM-MoE: MiniCPM's block, whose network is a mixture in every layer. */
    static Decoder minicpm(Config config, Shape shape) {
        Experts experts = Experts.read(Experts.counted(config, "num_experts"), 1, 1, shape.inner(), 0);
        config.mustState("num_experts_per_tok", Range.EXPERTS);
        Tensors block = Tensors.layer()
                .attention(shape, false, false)
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Decoder.usual(config, shape, true)
                .layers(shape.attention(shape.headSize()), experts.feedForward(config), block);
    }

    private static Experts experts(Config config, String count, String shared) {
        int width = config.required(Range.WIDTH, "moe_intermediate_size");
        int together = Math.multiplyExact(
                width, config.optional(Range.NO_OR_MORE_EXPERTS, shared).orElse(0));
        config.mustState(count, Range.EXPERTS);
        config.mustState("num_experts_per_tok", Range.EXPERTS);
        return Experts.read(Experts.counted(config, count), 1, 1, width, together)
                .routed(FeedForward.Routing.ungrouped(config.requiredFlag("norm_topk_prob")));
    }

    private static IntFunction<Layer> layers(
            Config config, Shape shape, Experts experts, Tensors attention, IntPredicate isSparse) {
        Tensors dense = attention.gated("mlp", shape.hidden(), shape.inner(), false);
        Tensors sparse = attention
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .when(
                        experts.sharedWidth() > 0,
                        layer -> layer.gated("mlp.shared_experts", shape.hidden(), experts.sharedWidth(), false));
        Layer gated = layer(shape, Llamas.gated(config, shape), dense);
        Layer mixture = layer(shape, experts.feedForward(config), sparse);
        return i -> isSparse.test(i) ? mixture : gated;
    }

    private static Layer layer(Shape shape, FeedForward network, Tensors block) {
        return new Layer(
                shape.attention(shape.headSize()),
                network,
                block.norms(shape.hidden(), "input_layernorm", "post_attention_layernorm")
                        .list());
    }
}
