package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.OptionalInt;

/** More mixtures of experts over the block of LLaMA, each with its own router (arXiv 2404.14219, 2508.06471). */
final class Sparse {

    private static final Range LAST_LAYER = new Range(-1, 10_000, "layers");

    private Sparse() {}

    /** Phi-3.5-MoE: norms with shifts; its router samples, so weights do not sum to one. */
    static Decoder phimoe(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(32_064, 4096, 6400, 32, 32, 8, DERIVED, 131_072));
        OptionalInt window = config.optional(Range.TOKENS, "sliding_window");
        boolean bias = config.flag(false, "attention_bias");
        Experts experts = Experts.read(Experts.counted(config, "num_local_experts"), 16, 2, shape.inner(), 0)
                .routed(FeedForward.Routing.ungrouped(false));
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .linear("mlp.router", shape.hidden(), experts.count(), false)
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .layerNorms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Variants.shifted(config, shape, false)
                .head(config, "lm_head", shape.hidden(), config.flag(false, "lm_head_bias"), false)
                .dropout(0, config.probability(0, "attention_dropout"), 0)
                .layers(shape.attention(shape.headSize(), window), experts.feedForward(config), block);
    }

    /** MiniMax-M2: queries and keys are normed before they are split into heads. */
    static Decoder minimaxM2(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(200_064, 3072, 1536, 62, 48, 8, 128, 196_608));
        config.refuseUnlessOff("shared_intermediate_size", "an expert for all tokens");
        Experts experts =
                Experts.read(Experts.counted(config, "num_experts", "num_local_experts"), 256, 8, shape.inner(), 0);
        Range rotated = new Range(1, shape.headSize(), "elements");
        int rotary = config.optional(rotated, "rotary_dim").orElse(shape.headSize());
        Tensors block = Tensors.layer()
                .attention(shape, false, false)
                .norm("self_attn.q_norm", shape.queries())
                .norm("self_attn.k_norm", shape.keys())
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        Decoder decoder = Decoder.usual(config, shape, false)
                .layers(
                        shape.attention(Rotary.partial(config, shape, (double) rotary / shape.headSize())),
                        experts.feedForward(config),
                        block);
        return Extras.corrections(decoder, "model.layers.{i}.mlp.e_score_correction_bias");
    }

    /** Granite 3 with experts. */
    static Decoder granitemoe(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(32_000, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
        boolean bias = config.flag(false, "attention_bias");
        Experts experts = Experts.read(Experts.counted(config, "num_local_experts"), 8, 2, shape.inner(), 0);
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm")
                .router("block_sparse_moe.router", experts.count(), shape.hidden())
                .experts("block_sparse_moe.experts", experts.count(), shape.hidden(), experts.width());
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(shape.headSize()), experts.feedForward(config), block);
    }

    /** ERNIE 4.5 with experts: what balances the experts is a parameter. */
    static Decoder ernie(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(103_424, 2560, 12_288, 28, 20, 4, DERIVED, 131_072));
        boolean bias = config.flag(false, "use_bias");
        int width = config.count(Range.WIDTH, 1536, "moe_intermediate_size");
        int shared = config.count(Range.NO_OR_MORE_EXPERTS, 2, "moe_num_shared_experts");
        Experts experts = Experts.read(
                Experts.counted(config, "num_experts", "moe_num_experts")
                        .spelling("num_experts_per_tok", "num_experts_per_tok", "moe_k"),
                64,
                6,
                width,
                Math.multiplyExact(shared, width));
        int interval = config.count(Range.LAYERS, 1, "moe_layer_interval");
        int first = config.count(Range.LAYERS_OR_NONE, 1, "moe_layer_start_index");
        int stated = config.count(LAST_LAYER, -1, "moe_layer_end_index");
        int last = stated == -1 ? shape.layers() - 1 : stated;
        Tensors attention = Tensors.layer().attention(shape, bias, bias);
        Tensors dense = attention.gated("mlp", shape.hidden(), shape.inner(), bias);
        Tensors sparse = attention
                .router("mlp.gate", experts.count(), shape.hidden())
                .add("mlp.gate.moe_statics.e_score_correction_bias", Kind.BIAS, 1L, (long) experts.count())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .when(
                        shared > 0,
                        layer -> layer.gated("mlp.shared_experts", shape.hidden(), experts.sharedWidth(), bias));
        Layer gated = layer(shape.attention(shape.headSize()), Llamas.gated(config, shape), dense, shape);
        Layer mixture = layer(shape.attention(shape.headSize()), experts.feedForward(config), sparse, shape);
        return Decoder.usual(config, shape, true)
                .head(config, "lm_head", shape.hidden(), bias, true)
                .dropout(0, 0, 0)
                .layers(i -> (i + 1) % interval == 0 && i >= first && i <= last ? mixture : gated);
    }

    /** GLM-4.5 to 4.7: dense layers first, half of each head rotated. */
    static Decoder glm4Moe(Config config) {
        int shared = Math.max(
                1,
                config.count(Range.WIDTH, 4096, "hidden_size") / config.count(Range.HEADS, 96, "num_attention_heads"));
        Shape shape = Shape.grouped(config, new Defaults(151_552, 4096, 10_944, 46, 96, 8, shared, 131_072));
        Experts experts = DeepSeeks.experts(config, 128, 8, 1408, 1, "num_local_experts")
                .routed(DeepSeeks.routing(config, true, config.flag(true, "norm_topk_prob"), 1, 1));
        Tensors attention = Tensors.layer()
                .attention(shape, config.flag(false, "attention_bias"), false)
                .when(
                        config.flag(false, "use_qk_norm"),
                        layer -> layer.norms(shape.headSize(), "self_attn.q_norm", "self_attn.k_norm"));
        Tensors dense = attention.gated("mlp", shape.hidden(), shape.inner(), false);
        Tensors sparse = attention
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .router("mlp.gate", experts.count(), shape.hidden())
                .gated("mlp.shared_experts", shape.hidden(), experts.sharedWidth(), false);
        Attention rotated = shape.attention(Rotary.partial(config, shape, 0.5));
        Layer gated = layer(rotated, Llamas.gated(config, shape), dense, shape);
        Layer mixture = layer(rotated, experts.feedForward(config), sparse, shape);
        int denseLayers = config.count(Range.LAYERS_OR_NONE, 1, "first_k_dense_replace");
        Decoder decoder = Decoder.usual(config, shape, false).layers(i -> i < denseLayers ? gated : mixture);
        return DeepSeeks.withExtras(decoder, Extras.further(config, 1), norms(sparse, shape), experts, true);
    }

    private static Layer layer(Attention attention, FeedForward network, Tensors block, Shape shape) {
        return new Layer(attention, network, norms(block, shape).list());
    }

    private static Tensors norms(Tensors block, Shape shape) {
        return block.norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
    }
}
