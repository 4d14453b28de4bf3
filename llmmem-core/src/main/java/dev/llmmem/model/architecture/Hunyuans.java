package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.Arrays;
import java.util.List;

/** Hunyuan (arXiv 2411.02265 and the A13B release): norms of queries and keys, and one expert that all tokens visit. */
final class Hunyuans {

    /** With one expert, its own code builds a plain network. */
    private static final Range SEVERAL = new Range(2, Range.EXPERTS.most(), "experts");

    private Hunyuans() {}

    /** Without experts. */
    static Decoder dense(Config config) {
        Shape shape = shape(config);
        boolean bias = config.flag(false, "attention_bias");
        Tensors block = norms(
                normed(Tensors.layer().attention(shape, bias, bias), shape)
                        .gated("mlp", shape.hidden(), shape.inner(), false),
                shape);
        return Decoder.usual(config, shape, false)
                .layers(shape.attention(shape.headSize()), Llamas.gated(config, shape), block);
    }

    /** With experts, as transformers has it: all are as wide as {@code intermediate_size}. */
    static Decoder moe(Config config) {
        Shape shape = shape(config);
        Config counted = config.spelling("experts", "num_local_experts", "num_experts")
                .spelling("visited", "num_experts_per_tok", "moe_topk");
        int count = counted.count(Range.EXPERTS, 1, "experts");
        int[] visited = perLayer(counted, shape, Range.EXPERTS, "visited", 1);
        int[] width = repeated(shape, shape.inner());
        boolean bias = config.flag(false, "attention_bias");
        Tensors attention = normed(Tensors.layer().attention(shape, bias, bias), shape);
        return mixtures(config, shape, attention, count, visited, width, width, 0);
    }

    /**
     * In the format of its own code. There is no class to take defaults from, so what decides the shape must be stated;
     * names are those of transformers for the same model.
     */
    static Decoder remote(Config config) {
        for (String other : List.of("use_cla", "use_mla", "add_classification_head", "q_lora_rank", "kv_lora_rank")) {
            config.refuseUnlessOff(other, "another kind of attention or head");
        }
        config.refuseUnlessOff("mlp_bias", "a bias of the networks");
        Shape shape = Shape.stated(config.spelling("head_dim", "head_dim", "attention_head_dim"), true);
        for (String stated : List.of("num_experts", "moe_topk", "moe_intermediate_size", "num_shared_expert")) {
            config.mustState(stated, "a number, or one for each layer");
        }
        int count = config.required(SEVERAL, "num_experts");
        int[] visited = perLayer(config, shape, Range.EXPERTS, "moe_topk", 1);
        int[] width = perLayer(config, shape, Range.WIDTH, "moe_intermediate_size", 1);
        int[] shared = perLayer(config, shape, Range.NO_OR_MORE_EXPERTS, "num_shared_expert", 1);
        boolean mixed = config.requiredFlag("use_mixed_mlp_moe");
        int[] sharedWidth = new int[shared.length];
        for (int i = 0; i < shared.length; i++) {
            sharedWidth[i] = mixed ? Math.multiplyExact(shape.inner(), shared[i]) : 0;
        }
        boolean bias = config.requiredFlag("attention_bias");
        Tensors projections = Tensors.layer().attention(shape, bias, bias);
        Tensors attention = config.requiredFlag("use_qk_norm") ? normed(projections, shape) : projections;
        config.mustState("tie_word_embeddings", "true or false");
        return mixtures(
                config,
                shape,
                attention,
                count,
                visited,
                width,
                sharedWidth,
                config.required(Range.LAYERS_OR_NONE, "moe_layer_num_skipped"));
    }

    private static Decoder mixtures(
            Config config,
            Shape shape,
            Tensors attention,
            int count,
            int[] visited,
            int[] width,
            int[] sharedWidth,
            int denseLayers) {
        config.require(
                Arrays.stream(visited).allMatch(v -> v <= count), "moe_topk", visited.length, "at most " + count);
        return Decoder.usual(config, shape, false).layers(i -> {
            if (i < denseLayers) {
                Tensors dense = attention.gated("mlp", shape.hidden(), shape.inner(), false);
                return layer(shape, Llamas.gated(config, shape), dense);
            }
            Experts experts = new Experts(
                    count, Math.min(visited[i], count), width[i], sharedWidth[i], FeedForward.Routing.ungrouped(true));
            Tensors sparse = attention
                    .linear("mlp.gate.wg", shape.hidden(), count, false)
                    .experts("mlp.experts", count, shape.hidden(), width[i])
                    .when(
                            sharedWidth[i] > 0,
                            mixture -> mixture.gated("mlp.shared_mlp", shape.hidden(), sharedWidth[i], false));
            return layer(shape, experts.feedForward(config), sparse);
        });
    }

    private static Layer layer(Shape shape, FeedForward network, Tensors block) {
        return new Layer(
                shape.attention(shape.headSize()), network, norms(block, shape).list());
    }

    private static Shape shape(Config config) {
        config.mustState("head_dim", Range.WIDTH);
        return Shape.grouped(config, new Defaults(290_943, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
    }

    private static Tensors normed(Tensors attention, Shape shape) {
        return attention.norms(shape.headSize(), "self_attn.query_layernorm", "self_attn.key_layernorm");
    }

    private static Tensors norms(Tensors block, Shape shape) {
        return block.norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
    }

    /** A number for all layers, or a list with one for each. */
    private static int[] perLayer(Config config, Shape shape, Range range, String name, int absent) {
        if (!config.isList(name)) {
            return repeated(shape, config.count(range, absent, name));
        }
        List<?> stated = config.list(name).orElse(List.of());
        int[] numbers = repeated(shape, Math.toIntExact(range.least()));
        config.require(stated.size() == numbers.length, name, stated, "a list of " + numbers.length + ", one a layer");
        for (int i = 0; i < Math.min(numbers.length, stated.size()); i++) {
            if (stated.get(i) instanceof Long number && range.holds(number)) {
                numbers[i] = Math.toIntExact(number);
            } else {
                config.refuse(name, stated.get(i), range + " for each layer");
            }
        }
        return numbers;
    }

    private static int[] repeated(Shape shape, int number) {
        int[] numbers = new int[shape.layers()];
        Arrays.fill(numbers, number);
        return numbers;
    }
}
