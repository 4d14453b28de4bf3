package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** LFM2 (arXiv 2511.23404): short convolutions between two gates, and attention in some layers. */
final class Lfms {

    private static final String CONVOLUTION = "conv";
    private static final Set<String> KINDS = Set.of(CONVOLUTION, LayerKinds.FULL);

    private Lfms() {}

    static Decoder lfm2(Config config) {
        Config spelled = config.spelling("intermediate_size", "block_ff_dim", "intermediate_size");
        Shape stated = Shape.grouped(spelled, new Defaults(65_536, 2560, 12_288, 32, 32, 8, DERIVED, 128_000));
        Shape shape = stated.withInner(inner(config, stated.inner()));
        Optional<List<?>> attending = config.list("full_attn_idxs");
        Set<Object> chosen = new HashSet<>(attending.orElse(List.of()));
        IntFunction<String> rule =
                i -> attending.isEmpty() || chosen.contains((long) i) ? LayerKinds.FULL : CONVOLUTION;
        Layer full = gated(attention(shape), shape.attention(shape.headSize()), shape);
        Layer recurrent = gated(convolution(config, shape), convolving(config, shape), shape);
        List<String> kinds = LayerKinds.read(config, "layer_types", shape.layers(), KINDS, rule);
        return decoder(config, shape).layers(i -> kinds.get(i).equals(LayerKinds.FULL) ? full : recurrent);
    }

    /** With a mixture of experts after some dense layers. */
    static Decoder lfm2Moe(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(65_536, 2048, 7168, 32, 32, 8, DERIVED, 128_000));
        if (!config.states("layer_types")) {
            config.refuse("layer_types", null, "a list, one a layer; this type has no default");
        }
        List<String> kinds = LayerKinds.read(config, "layer_types", shape.layers(), KINDS, i -> LayerKinds.FULL);
        int dense = config.count(Range.LAYERS_OR_NONE, 2, "num_dense_layers");
        Experts experts = Experts.read(
                        Experts.counted(config, "num_experts"),
                        32,
                        4,
                        config.count(Range.WIDTH, 1792, "moe_intermediate_size"),
                        0)
                .normalizedIfAsked(config, true);
        FeedForward network = new FeedForward.Experts(
                experts.count(), experts.perToken(), experts.width(), 0, true, Activation.SILU, experts.routing());
        Attention attention = shape.attention(shape.headSize());
        Decoder decoder = decoder(config, shape).layers(i -> {
            boolean attends = kinds.get(i).equals(LayerKinds.FULL);
            Tensors mixer = attends ? attention(shape) : convolution(config, shape);
            Attention mixing = attends ? attention : convolving(config, shape);
            return i < dense ? gated(mixer, mixing, shape) : mixture(mixer, mixing, network, shape, experts);
        });
        long corrections = (long) Math.max(0, shape.layers() - dense) * experts.count();
        return config.flag(true, "use_expert_bias") && corrections > 0
                ? decoder.extra(
                        "model.layers.{i}.feed_forward.expert_bias", corrections, StoredExtra.Cause.ROUTER_CORRECTION)
                : decoder;
    }

    private static Decoder decoder(Config config, Shape shape) {
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .norm("embedding_norm", shape.hidden());
        Config spelled = config.spelling("tie_word_embeddings", "tie_embedding", "tie_word_embeddings");
        return Decoder.of(shape, around).head(spelled, "lm_head", shape.hidden(), false, true);
    }

    /** Two thirds of the stated width, times a factor, rounded up. */
    private static int inner(Config config, int stated) {
        if (!config.flag(true, "block_auto_adjust_ff_dim")) {
            return stated;
        }
        int part = 2 * stated / 3;
        int multiple = config.count(Range.WIDTH, 256, "block_multiple_of");
        boolean rounds = config.states("block_ffn_dim_multiplier") || !config.has("block_ffn_dim_multiplier");
        long rounded = rounds ? roundUp((long) (config.factor(1, "block_ffn_dim_multiplier") * part), multiple) : part;
        config.require(Range.WIDTH.holds(rounded), "intermediate_size", rounded, Range.WIDTH + " after its adjustment");
        return (int) Math.max(1, Math.min(rounded, Range.WIDTH.most()));
    }

    private static long roundUp(long width, int multiple) {
        return (width + multiple - 1) / multiple * multiple;
    }

    private static Tensors attention(Shape shape) {
        return Tensors.layer()
                .queryKeyValue(shape, false)
                .linear("self_attn.out_proj", shape.queries(), shape.hidden(), false)
                .norms(shape.headSize(), "self_attn.q_layernorm", "self_attn.k_layernorm");
    }

    private static Tensors convolution(Config config, Shape shape) {
        boolean bias = config.flag(false, "conv_bias");
        return Tensors.layer()
                .convolution("conv.conv", shape.hidden(), kernel(config), bias)
                .linear("conv.in_proj", shape.hidden(), 3L * shape.hidden(), bias)
                .linear("conv.out_proj", shape.hidden(), shape.hidden(), bias);
    }

    /** Keeps what the convolution sees. */
    private static Attention convolving(Config config, Shape shape) {
        return new Attention.Recurrent(Attention.Recurrent.Rule.CONVOLUTION, 1, (long) shape.hidden() * kernel(config));
    }

    private static int kernel(Config config) {
        return config.count(Range.WIDTH, 3, "conv_L_cache");
    }

    private static Layer gated(Tensors mixer, Attention mixing, Shape shape) {
        Tensors block = mixer.linear("feed_forward.w1", shape.hidden(), shape.inner(), false)
                .linear("feed_forward.w3", shape.hidden(), shape.inner(), false)
                .linear("feed_forward.w2", shape.inner(), shape.hidden(), false);
        return layer(block, mixing, new FeedForward.Dense(shape.inner(), true, Activation.SILU), shape);
    }

    private static Layer mixture(Tensors mixer, Attention mixing, FeedForward network, Shape shape, Experts experts) {
        Tensors block = mixer.experts("feed_forward.experts", experts.count(), shape.hidden(), experts.width())
                .router("feed_forward.gate", experts.count(), shape.hidden());
        return layer(block, mixing, network, shape);
    }

    private static Layer layer(Tensors block, Attention mixing, FeedForward network, Shape shape) {
        return new Layer(
                mixing,
                network,
                block.norms(shape.hidden(), "operator_norm", "ffn_norm").list());
    }
}
