package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/** Mixtures of experts over the block of LLaMA (arXiv 2401.04088, 2409.02060, 2505.09388, 2508.10925). */
final class Mixtures {

    private Mixtures() {}

    static Decoder mixtral(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(32_000, 4096, 14_336, 32, 32, 8, DERIVED, 131_072));
        OptionalInt window = config.optional(Range.TOKENS, "sliding_window");
        Experts experts = Experts.read(counted(config), 8, 2, shape.inner(), 0);
        Tensors block = Tensors.layer()
                .attention(shape, false, false)
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(shape.headSize(), window), experts.feedForward(config), block);
    }

    static Decoder olmoe(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(50_304, 2048, 2048, 16, 16, DERIVED, DERIVED, 4096));
        boolean bias = config.flag(false, "attention_bias");
        Experts experts =
                Experts.read(localFirst(config), 64, 8, shape.inner(), 0).normalizedIfAsked(config, false);
        Tensors block = Tensors.layer()
                .attention(shape, bias, bias)
                .norm("self_attn.q_norm", shape.hidden())
                .norm("self_attn.k_norm", (long) shape.hidden() / shape.heads() * shape.keyValueHeads())
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(shape.headSize()), experts.feedForward(config), block);
    }

    static Decoder qwen2Moe(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(151_936, 2048, 5632, 24, 16, 16, DERIVED, 32_768));
        int upper = config.count(Range.LAYERS_OR_NONE, 28, "max_window_layers");
        OptionalInt width = Windows.widthIfUsed(config, OptionalInt.of(4096));
        Windows windows = Windows.read(config, shape, width, i -> i % 2 == 0 && i < upper);
        int sharedWidth = config.count(Range.WIDTH, 5632, "shared_expert_intermediate_size");
        Experts experts = Experts.read(
                        Experts.counted(config, "num_experts"),
                        60,
                        4,
                        config.count(Range.WIDTH, 1408, "moe_intermediate_size"),
                        sharedWidth)
                .normalizedIfAsked(config, false);
        Tensors attention = Tensors.layer().attention(shape, config.flag(true, "qkv_bias"), false);
        Tensors mixture = attention
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .gated("mlp.shared_expert", shape.hidden(), sharedWidth, false)
                .linear("mlp.shared_expert_gate", shape.hidden(), 1, false);
        return qwen(config, shape, windows, experts.feedForward(config), attention, mixture);
    }

    static Decoder qwen3Moe(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(151_936, 2048, 6144, 24, 32, 4, DERIVED, 32_768));
        OptionalInt width = Windows.widthIfUsed(config, OptionalInt.of(4096));
        Windows windows = Windows.everywhere(shape, width);
        Experts experts = Experts.read(
                        localFirst(config), 128, 8, config.count(Range.WIDTH, 768, "moe_intermediate_size"), 0)
                .normalizedIfAsked(config, false);
        return qwen3Moe(config, shape, windows, experts);
    }

    /** Of Qwen3-VL: no windows, and weights always made to sum to one. */
    static Decoder qwen3VlMoe(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(151_936, 2048, 5632, 24, 16, 16, DERIVED, 128_000));
        Experts experts =
                Experts.read(localFirst(config), 60, 4, config.count(Range.WIDTH, 1408, "moe_intermediate_size"), 0);
        return qwen3Moe(config, shape, Windows.everywhere(shape, OptionalInt.empty()), experts);
    }

    private static Decoder qwen3Moe(Config config, Shape shape, Windows windows, Experts experts) {
        boolean bias = config.flag(false, "attention_bias");
        Tensors attention = Tensors.layer()
                .attention(shape, bias, bias)
                .norms(shape.headSize(), "self_attn.q_norm", "self_attn.k_norm");
        Tensors mixture = attention
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .router("mlp.gate", experts.count(), shape.hidden());
        return qwen(config, shape, windows, experts.feedForward(config), attention, mixture);
    }

    /** Sinks, biases everywhere, and expert weights stored transposed. */
    static Decoder gptOss(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(201_088, 2880, 2880, 36, 64, 8, 64, 131_072));
        OptionalInt window = config.nullable(Range.TOKENS, 128, "sliding_window");
        Windows windows = Windows.read(config, shape, window, i -> i % 2 == 0);
        Experts experts = Experts.read(counted(config), 128, 4, shape.inner(), 0);
        boolean bias = config.flag(true, "attention_bias");
        long count = experts.count();
        long hidden = shape.hidden();
        long inner = experts.width();
        Tensors block = Tensors.layer()
                .add("self_attn.sinks", Kind.OTHER, (long) shape.heads())
                .attention(shape, bias, bias)
                .router("mlp.router", count, hidden)
                .add("mlp.router.bias", Kind.OTHER, count)
                .add("mlp.experts.gate_up_proj", Kind.EXPERTS, count, hidden, 2 * inner)
                .add("mlp.experts.gate_up_proj_bias", Kind.BIAS, count, 2 * inner)
                .add("mlp.experts.down_proj", Kind.EXPERTS, count, inner, hidden)
                .add("mlp.experts.down_proj_bias", Kind.BIAS, count, hidden)
                .norms(hidden, "input_layernorm", "post_attention_layernorm");
        return Decoder.usual(config, shape, false)
                .layers(i -> shape.attention(shape.headSize(), windows.at(i)), experts.feedForward(config), block);
    }

    /** The name {@code num_experts} is an alias, and is set after the other. */
    private static Config counted(Config config) {
        return Experts.counted(config, "num_experts", "num_local_experts");
    }

    /** The other way round. */
    private static Config localFirst(Config config) {
        return Experts.counted(config, "num_local_experts", "num_experts");
    }

    /** Every {@code decoder_sparse_step}-th layer is a mixture, except those that {@code mlp_only_layers} lists. */
    static IntPredicate sparseLayers(Config config) {
        int step = config.count(Range.LAYERS, 1, "decoder_sparse_step");
        Set<Object> denseOnly = new HashSet<>(config.list("mlp_only_layers").orElse(List.of()));
        return i -> (i + 1) % step == 0 && !denseOnly.contains((long) i);
    }

    private static Decoder qwen(
            Config config, Shape shape, Windows windows, FeedForward experts, Tensors attention, Tensors mixture) {
        IntPredicate isSparse = sparseLayers(config);
        List<Parameter> sparse = norms(mixture, shape);
        List<Parameter> dense = norms(attention.gated("mlp", shape.hidden(), shape.inner(), false), shape);
        FeedForward gated = Llamas.gated(config, shape);
        return Decoder.usual(config, shape, false)
                .layers(i -> new Layer(
                        shape.attention(shape.headSize(), windows.at(i)),
                        isSparse.test(i) ? experts : gated,
                        isSparse.test(i) ? sparse : dense));
    }

    private static List<Parameter> norms(Tensors block, Shape shape) {
        return block.norms(shape.hidden(), "input_layernorm", "post_attention_layernorm")
                .list();
    }
}
