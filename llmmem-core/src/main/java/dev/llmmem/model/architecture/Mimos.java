package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * MiMo-V2-Flash (Xiaomi, 2025): values narrower than keys; layers with a window have sinks, and twice as many heads
 * of keys and values.
 */
final class Mimos {

    /** How many layers that predict further tokens the files have; no field says so. */
    private static final int PREDICTIONS = 3;

    /** The share of a head that is rotated. */
    private static final double ROTATED = 0.334;

    private Mimos() {}

    static Decoder v2Flash(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(152_576, 4096, 16_384, 48, 64, 4, 192, 131_072));
        int valueSize = config.count(Range.WIDTH, 128, "v_head_dim");
        int slidingHeads = Math.multiplyExact(2, shape.keyValueHeads());
        config.require(
                shape.heads() % slidingHeads == 0,
                "num_key_value_heads",
                shape.keyValueHeads(),
                "a divisor of half the " + shape.heads() + " heads");
        refuseOtherHeads(config, shape, valueSize, slidingHeads);
        config.refuseUnlessOff("add_full_attention_sink_bias", "a sink of layers without a window");
        config.refuseUnlessOff("n_shared_experts", "an expert for all tokens");
        OptionalInt window = OptionalInt.of(config.count(Range.TOKENS, 128, "sliding_window"));
        Optional<boolean[]> pattern = pattern(config, shape, "hybrid_layer_pattern");
        Windows windows =
                Windows.read(config, shape, window, i -> pattern.map(p -> p[i]).orElse(i > 0 && (i + 1) % 6 != 0));
        Optional<boolean[]> mixtures = pattern(config, shape, "moe_layer_freq");
        boolean[] sparse = LayerMarks.read(
                config,
                shape,
                "mlp_layer_types",
                "sparse",
                "dense",
                i -> mixtures.map(p -> p[i]).orElse(i > 0));
        int width = config.count(Range.WIDTH, 2048, "moe_intermediate_size");
        Experts experts = Experts.read(
                        Experts.counted(config, "num_local_experts", "n_routed_experts"), 256, 8, width, 0)
                .routed(DeepSeeks.routing(config, true, config.flag(true, "norm_topk_prob"), 1, 1));
        boolean bias = config.flag(false, "attention_bias");
        Tensors full = attention(Tensors.layer(), shape, valueSize, bias);
        Tensors sliding = attention(
                Tensors.layer().add("self_attn.sinks", Kind.OTHER, (long) shape.heads()),
                shape.withKeyValueHeads(slidingHeads),
                valueSize,
                bias);
        FeedForward gated = Llamas.gated(config, shape);
        FeedForward mixture = experts.feedForward(config);
        Decoder decoder = Decoder.usual(config, shape, false).layers(i -> {
            boolean isSliding = windows.isSliding(i);
            Tensors block = isSliding ? sliding : full;
            Attention attention = new Attention.Uneven(
                    shape.heads(),
                    isSliding ? slidingHeads : shape.keyValueHeads(),
                    shape.headSize(),
                    valueSize,
                    rotary(config, shape, isSliding ? "sliding_attention" : "full_attention"),
                    windows.at(i));
            return sparse[i]
                    ? new Layer(
                            attention, mixture, mixture(block, shape, experts).list())
                    : new Layer(attention, gated, dense(block, shape).list());
        });
        return predictions(
                Extras.corrections(decoder, "model.layers.{i}.mlp.gate.e_score_correction_bias"),
                dense(sliding, shape));
    }

    /** Each reads two vectors, has a window and a dense network, and a norm at its end. */
    private static Decoder predictions(Decoder decoder, Tensors dense) {
        long hidden = decoder.shape().hidden();
        Tensors whole =
                dense.linear("eh_proj", 2 * hidden, hidden, false).norms(hidden, "enorm", "hnorm", "final_layernorm");
        return decoder.extra(
                "model.mtp.layers.0-" + (PREDICTIONS - 1),
                Math.multiplyExact(PREDICTIONS, whole.elements()),
                Cause.TOKEN_PREDICTION);
    }

    private static Tensors attention(Tensors layer, Shape shape, int valueSize, boolean bias) {
        return layer.linear("self_attn.q_proj", shape.hidden(), shape.queries(), bias)
                .linear("self_attn.k_proj", shape.hidden(), shape.keys(), bias)
                .linear("self_attn.v_proj", shape.hidden(), (long) shape.keyValueHeads() * valueSize, bias)
                .linear("self_attn.o_proj", (long) shape.heads() * valueSize, shape.hidden(), false);
    }

    private static Tensors dense(Tensors block, Shape shape) {
        return norms(block.gated("mlp", shape.hidden(), shape.inner(), false), shape);
    }

    private static Tensors mixture(Tensors block, Shape shape, Experts experts) {
        return norms(
                block.experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                        .router("mlp.gate", experts.count(), shape.hidden()),
                shape);
    }

    private static Tensors norms(Tensors block, Shape shape) {
        return block.norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
    }

    /** Its files say 0 or 1 for each layer where the class has names. */
    private static Optional<boolean[]> pattern(Config config, Shape shape, String name) {
        return config.list(name).map(stated -> {
            boolean[] kinds = new boolean[shape.layers()];
            config.require(stated.size() == kinds.length, name, stated, "a list of " + kinds.length + ", one a layer");
            for (int i = 0; i < Math.min(kinds.length, stated.size()); i++) {
                kinds[i] = Long.valueOf(1).equals(stated.get(i));
                config.require(
                        kinds[i] || Long.valueOf(0).equals(stated.get(i)),
                        name,
                        stated.get(i),
                        "0 or 1 for each layer");
            }
            return kinds;
        });
    }

    private static int rotary(Config config, Shape shape, String kind) {
        double share = config.nested("rope_parameters")
                .flatMap(rope -> rope.nested(kind))
                .map(rope -> rope.share(ROTATED, "partial_rotary_factor"))
                .orElseGet(() -> config.share(ROTATED, "partial_rotary_factor"));
        return Rotary.shared(shape, share);
    }

    /** The files state the heads of layers with a window; the class has no others than these. */
    private static void refuseOtherHeads(Config config, Shape shape, int valueSize, int slidingHeads) {
        requireSame(config, "swa_num_attention_heads", shape.heads());
        requireSame(config, "swa_num_key_value_heads", slidingHeads);
        requireSame(config, "swa_head_dim", shape.headSize());
        requireSame(config, "swa_v_head_dim", valueSize);
        config.require(config.flag(true, "add_swa_attention_sink_bias"), "add_swa_attention_sink_bias", false, "true");
    }

    private static void requireSame(Config config, String name, int expected) {
        int stated = config.optional(Range.WIDTH, name).orElse(expected);
        config.require(stated == expected, name, stated, expected + ": others are not described");
    }
}
