package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.architecture.Shape.Defaults;

/** Jamba (arXiv 2403.19887): Mamba with attention in one layer of many, and mixtures of experts in every other. */
final class Jambas {

    private Jambas() {}

    static Decoder jamba(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(65_536, 4096, 14_336, 32, 32, 8, DERIVED, 262_144));
        int attentionPeriod = config.count(Range.LAYERS, 8, "attn_layer_period");
        int attentionOffset = offset(config, "attn_layer_offset", 4, attentionPeriod);
        int expertPeriod = config.count(Range.LAYERS, 2, "expert_layer_period");
        int expertOffset = offset(config, "expert_layer_offset", 1, expertPeriod);
        Mamba mixer = new Mamba(
                (long) shape.hidden() * config.count(Range.WIDTH, 2, "mamba_expand"),
                config.count(Range.WIDTH, 16, "mamba_d_state"),
                config.count(Range.WIDTH, 4, "mamba_d_conv"),
                Mamba.rank(config, shape.hidden(), "mamba_dt_rank"),
                config.flag(true, "mamba_conv_bias"),
                config.flag(false, "mamba_proj_bias"));
        Experts experts = Experts.read(
                        Experts.counted(config, "num_local_experts", "num_experts"), 16, 2, shape.inner(), 0)
                .routed(FeedForward.Routing.ungrouped(false));
        Tensors recurrent = mixer.add(Tensors.layer(), "mamba", shape.hidden())
                .norm("mamba.dt_layernorm", mixer.rank())
                .norms(mixer.state(), "mamba.b_layernorm", "mamba.c_layernorm");
        Tensors attending = Tensors.layer().attention(shape, false, false);
        Attention attention = shape.attention(0);
        FeedForward dense = Llamas.gated(config, shape);
        return decoder(config, shape, "final_layernorm").layers(i -> {
            boolean attends = i % attentionPeriod == attentionOffset;
            boolean mixes = experts.count() > 1 && i % expertPeriod == expertOffset;
            Tensors block = attends ? attending : recurrent;
            return new Layer(
                    attends ? attention : mixer.attention(),
                    mixes ? experts.feedForward(config) : dense,
                    (mixes ? mixture(block, shape, experts) : gated(block, shape, false))
                            .norms(shape.hidden(), "input_layernorm", "pre_ff_layernorm")
                            .list());
        });
    }

    /** The block of LLaMA around a final norm of another name. */
    static Decoder decoder(Config config, Shape shape, String norm) {
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .norm(norm, shape.hidden());
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .dropout(0, config.probability(0, "attention_dropout"), 0);
    }

    static Tensors gated(Tensors block, Shape shape, boolean bias) {
        return block.gated("feed_forward", shape.hidden(), shape.inner(), bias);
    }

    private static Tensors mixture(Tensors block, Shape shape, Experts experts) {
        return block.linear("feed_forward.router", shape.hidden(), experts.count(), false)
                .experts("feed_forward.experts", experts.count(), shape.hidden(), experts.width());
    }

    private static int offset(Config config, String name, int absent, int period) {
        int offset = config.count(Range.LAYERS_OR_NONE, absent, name);
        config.require(offset < period, name, offset, "less than the period of " + period + " layers");
        return offset;
    }
}
