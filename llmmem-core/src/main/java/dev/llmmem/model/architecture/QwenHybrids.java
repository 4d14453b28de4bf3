package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Qwen3-Next and the text decoders of Qwen3.5: gated delta nets (arXiv 2412.06464) in most layers, and attention whose
 * output is gated in every fourth.
 */
final class QwenHybrids {

    private static final Set<String> KINDS = Set.of(LayerKinds.RECURRENT, LayerKinds.FULL);

    private QwenHybrids() {}

    /** Qwen3-Next: a mixture of experts, with gates that are projected together. */
    static Decoder next(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(151_936, 2048, 5632, 48, 16, 2, 256, 32_768));
        Experts experts = experts(config, 512, 10).normalizedIfAsked(config, true);
        int predicted = config.optional(Range.LAYERS_OR_NONE, "num_nextn_predict_layers")
                .orElse(1);
        return decoder(
                config,
                shape,
                DeltaNet.read(config).inTwoProjections(shape.hidden()),
                new Network(experts.feedForward(config), mixture(shape, experts)),
                Mixtures.sparseLayers(config),
                predicted);
    }

    /** The text decoder of Qwen3.5. */
    static Decoder dense(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(248_320, 4096, 12_288, 32, 16, 4, 256, 32_768));
        return decoder(
                config,
                shape,
                DeltaNet.read(config).inFourProjections(shape.hidden()),
                network(config, shape),
                i -> true,
                predicted(config));
    }

    /** The text decoder of Qwen3.5 with a mixture of experts. */
    static Decoder mixture(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(248_320, 2048, DERIVED, 40, 16, 2, 256, 32_768));
        Experts experts = experts(config, 256, 8);
        return decoder(
                config,
                shape,
                DeltaNet.read(config).inFourProjections(shape.hidden()),
                new Network(experts.feedForward(config), mixture(shape, experts)),
                i -> true,
                predicted(config));
    }

    /** What a layer does after mixing. */
    private record Network(FeedForward feedForward, Tensors parameters) {}

    private static Network network(Config config, Shape shape) {
        return new Network(
                Llamas.gated(config, shape), Tensors.layer().gated("mlp", shape.hidden(), shape.inner(), false));
    }

    private static Experts experts(Config config, int count, int perToken) {
        return Experts.read(
                Experts.counted(config, "num_experts"),
                count,
                perToken,
                config.count(Range.WIDTH, 512, "moe_intermediate_size"),
                config.count(Range.WIDTH, 512, "shared_expert_intermediate_size"));
    }

    private static Tensors mixture(Shape shape, Experts experts) {
        return Tensors.layer()
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .gated("mlp.shared_expert", shape.hidden(), experts.sharedWidth(), false)
                .linear("mlp.shared_expert_gate", shape.hidden(), 1, false);
    }

    private static int predicted(Config config) {
        return config.optional(Range.LAYERS_OR_NONE, "mtp_num_hidden_layers").orElse(0);
    }

    private static Decoder decoder(
            Config config, Shape shape, DeltaNet net, Network usual, IntPredicate isUsual, int predicted) {
        if (!config.flag(true, "attn_output_gate")) {
            config.refuse("attn_output_gate", false, "absent or true: this type always gates");
        }
        int interval = config.count(Range.LAYERS, 4, "full_attention_interval");
        List<String> kinds =
                LayerKinds.read(config, "layer_types", shape.layers(), KINDS, LayerKinds.fullEvery(interval));
        Attention attention = shape.attention(Rotary.partial(config, shape, 0.25));
        Tensors full = full(shape, config.flag(false, "attention_bias"));
        Network dense = network(config, shape);
        Decoder decoder = Decoder.usual(config, shape, false).layers(i -> {
            boolean attends = kinds.get(i).equals(LayerKinds.FULL);
            Network network = isUsual.test(i) ? usual : dense;
            return new Layer(
                    attends ? attention : net.attention(),
                    network.feedForward(),
                    block(attends ? full : net.tensors(), network, shape).list());
        });
        if (predicted == 0) {
            return decoder;
        }
        long each = block(full, usual, shape).elements();
        long around = Math.multiplyExact(shape.hidden(), 2L * shape.hidden() + 3);
        return decoder.extra(
                "mtp", Math.addExact(Math.multiplyExact(predicted, each), around), StoredExtra.Cause.TOKEN_PREDICTION);
    }

    /** Attention with a gate beside each query. */
    private static Tensors full(Shape shape, boolean bias) {
        return Tensors.layer()
                .linear("self_attn.q_proj", shape.hidden(), 2 * shape.queries(), bias)
                .linear("self_attn.k_proj", shape.hidden(), shape.keys(), bias)
                .linear("self_attn.v_proj", shape.hidden(), shape.keys(), bias)
                .linear("self_attn.o_proj", shape.queries(), shape.hidden(), bias)
                .norms(shape.headSize(), "self_attn.q_norm", "self_attn.k_norm");
    }

    private static Tensors block(Tensors mixer, Network network, Shape shape) {
        return mixer.and(network.parameters()).norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
    }
}
