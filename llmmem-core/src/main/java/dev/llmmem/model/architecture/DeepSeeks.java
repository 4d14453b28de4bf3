package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Optional;

/** DeepSeek-V2 and V3 (arXiv 2405.04434, 2412.19437): latent attention, and experts after a few dense layers. */
final class DeepSeeks {

    private DeepSeeks() {}

    static Decoder v2(Config config) {
        Shape shape = Shape.multiHead(config, new Defaults(102_400, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
        boolean grouped = config.text("topk_method").equals(Optional.of("group_limited_greedy"));
        Experts experts = experts(config, "num_experts", 64, 8, 1407, 2).routed(routing(config, grouped, false, 1, 1));
        return decoder(config, shape, experts, 0, config.flag(false, "mlp_bias"));
    }

    static Decoder v3(Config config) {
        Shape shape = Shape.multiHead(config, new Defaults(129_280, 7168, 18_432, 61, 128, DERIVED, DERIVED, 4096));
        boolean normalized = config.flag(true, "norm_topk_prob");
        Experts experts =
                experts(config, "num_local_experts", 256, 8, 2048, 1).routed(routing(config, true, normalized, 8, 4));
        return decoder(config, shape, experts, 3, false);
    }

    static FeedForward.Routing routing(Config config, boolean grouped, boolean normalized, int groups, int visited) {
        if (!grouped) {
            return FeedForward.Routing.ungrouped(normalized);
        }
        int all = config.count(Range.EXPERTS, groups, "n_group");
        int some = config.count(Range.EXPERTS, Math.min(visited, all), "topk_group");
        config.require(some <= all, "topk_group", some, "at most the " + all + " groups");
        return new FeedForward.Routing(normalized, all, Math.min(some, all));
    }

    private static Experts experts(Config config, String alias, int count, int perToken, int width, int shared) {
        int each = config.count(Range.WIDTH, width, "moe_intermediate_size");
        int together = Math.multiplyExact(each, config.count(Range.EXPERTS, shared, "n_shared_experts"));
        return Experts.read(Experts.counted(config, alias, "n_routed_experts"), count, perToken, each, together);
    }

    private static Decoder decoder(Config config, Shape shape, Experts experts, int denseByDefault, boolean bias) {
        Attention.Latent attention = attention(config, shape);
        Tensors projections = projections(shape, attention, config.flag(false, "attention_bias"));
        List<Parameter> dense = projections
                .gated("mlp", shape.hidden(), shape.inner(), bias)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm")
                .list();
        List<Parameter> sparse = projections
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .router("mlp.gate", experts.count(), shape.hidden())
                .gated("mlp.shared_experts", shape.hidden(), experts.sharedWidth(), bias)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm")
                .list();
        Layer first = new Layer(attention, Llamas.gated(config, shape), dense);
        Layer rest = new Layer(attention, experts.feedForward(config), sparse);
        int denseLayers = config.count(Range.LAYERS_OR_NONE, denseByDefault, "first_k_dense_replace");
        return Decoder.usual(config, shape, false).layers(i -> i < denseLayers ? first : rest);
    }

    private static Attention.Latent attention(Config config, Shape shape) {
        return new Attention.Latent(
                shape.heads(),
                config.nullable(Range.WIDTH, 1536, "q_lora_rank"),
                config.count(Range.WIDTH, 512, "kv_lora_rank"),
                config.count(Range.WIDTH, 128, "qk_nope_head_dim"),
                config.count(Range.WIDTH, 64, "qk_rope_head_dim"),
                config.count(Range.WIDTH, 128, "v_head_dim"));
    }

    static Tensors projections(Shape shape, Attention.Latent attention, boolean bias) {
        long heads = attention.heads();
        long hidden = shape.hidden();
        int rank = attention.keyValueRank();
        return queries(shape, attention, bias)
                .linear("self_attn.kv_a_proj_with_mqa", hidden, rank + attention.rotarySize(), bias)
                .norm("self_attn.kv_a_layernorm", rank)
                .linear("self_attn.kv_b_proj", rank, heads * (attention.plainSize() + attention.valueSize()), false)
                .linear("self_attn.o_proj", heads * attention.valueSize(), hidden, bias);
    }

    private static Tensors queries(Shape shape, Attention.Latent attention, boolean bias) {
        long width = (long) attention.heads() * attention.headSize();
        if (attention.queryRank().isEmpty()) {
            return Tensors.layer().linear("self_attn.q_proj", shape.hidden(), width, false);
        }
        int rank = attention.queryRank().getAsInt();
        return Tensors.layer()
                .linear("self_attn.q_a_proj", shape.hidden(), rank, bias)
                .norm("self_attn.q_a_layernorm", rank)
                .linear("self_attn.q_b_proj", rank, width, false);
    }
}
