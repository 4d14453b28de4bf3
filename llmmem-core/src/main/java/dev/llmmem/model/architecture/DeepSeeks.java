package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** DeepSeek-V2 and V3 (arXiv 2405.04434, 2412.19437): latent attention, and experts after a few dense layers. */
final class DeepSeeks {

    private static final Attention.Latent LATENT = new Attention.Latent(1, OptionalInt.of(1536), 512, 128, 64, 128);

    private DeepSeeks() {}

    static Decoder v2(Config config) {
        Shape shape = Shape.multiHead(config, new Defaults(102_400, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
        boolean grouped = config.text("topk_method").equals(Optional.of("group_limited_greedy"));
        Experts experts = experts(config, 64, 8, 1407, 2, "num_experts").routed(routing(config, grouped, false, 1, 1));
        Latents latents = new Latents(config, shape, experts, config.flag(false, "mlp_bias"));
        int denseLayers = config.count(Range.LAYERS_OR_NONE, 0, "first_k_dense_replace");
        return latents.decoder(attention(config, shape, LATENT), i -> i >= denseLayers);
    }

    static Decoder v3(Config config) {
        Shape shape = Shape.latent(config, new Defaults(129_280, 7168, 18_432, 61, 128, DERIVED, DERIVED, 4096));
        boolean normalized = config.flag(true, "norm_topk_prob");
        Experts experts =
                experts(config, 256, 8, 2048, 1, "num_local_experts").routed(routing(config, true, normalized, 8, 4));
        Latents latents = new Latents(config, shape, experts, false);
        Attention.Latent attention = attention(config, shape, LATENT);
        int denseLayers = config.count(Range.LAYERS_OR_NONE, 3, "first_k_dense_replace");
        return withExtras(
                latents.decoder(attention, i -> i >= denseLayers),
                Extras.further(config, 1),
                latents.mixture(latents.projections(attention)),
                experts,
                true);
    }

    /** GLM-4.7-Flash: as DeepSeek-V3; how many layers are dense is a list of its own. */
    static Decoder glm4MoeLite(Config config) {
        Shape shape = Shape.latent(config, new Defaults(154_880, 2048, 10_240, 47, 20, DERIVED, DERIVED, 202_752));
        boolean normalized = config.flag(true, "norm_topk_prob");
        Experts experts =
                experts(config, 64, 4, 1536, 1, "num_local_experts").routed(routing(config, true, normalized, 1, 1));
        Latents latents = new Latents(config, shape, experts, false);
        Attention.Latent attention = attention(
                config.spelling("qk_rope_head_dim", "head_dim", "qk_rope_head_dim"),
                shape,
                new Attention.Latent(1, OptionalInt.of(768), 512, 192, 64, 256));
        boolean[] sparse = LayerMarks.read(config, shape, "mlp_layer_types", "sparse", "dense", i -> i > 0);
        return withExtras(
                latents.decoder(attention, i -> sparse[i]),
                Extras.further(config, 1),
                latents.mixture(latents.projections(attention)),
                experts,
                true);
    }

    /** DeepSeek-V3.2 (arXiv 2512.02556): as V3, with an indexer that picks the tokens to attend to. */
    static Decoder v32(Config config) {
        Defaults defaults = new Defaults(129_280, 7168, 18_432, 61, 128, DERIVED, DERIVED, 163_840);
        return indexed(config, defaults, LATENT, 64, 8, 4, i -> true, true);
    }

    /** GLM-5: as DeepSeek-V3.2; some layers take the picks of the layer before. */
    static Decoder glmMoeDsa(Config config) {
        Defaults defaults = new Defaults(154_880, 6144, 12_288, 78, 64, DERIVED, DERIVED, 202_752);
        boolean[] full = indexers(config, Shape.latent(config, defaults));
        return indexed(
                config,
                defaults,
                new Attention.Latent(1, OptionalInt.of(2048), 512, 192, 64, 256),
                32,
                1,
                1,
                i -> full[i],
                false);
    }

    private static boolean[] indexers(Config config, Shape shape) {
        if (!config.states("indexer_types") && config.states("index_topk_pattern")) {
            return config.isText("index_topk_pattern")
                    ? LayerMarks.letters(config, shape, "index_topk_pattern", 'F', 'S')
                    : LayerMarks.read(config, shape, "index_topk_pattern", "full", "shared", i -> true);
        }
        int period = Math.max(1, config.count(Range.LAYERS_OR_NONE, 1, "index_topk_freq"));
        int offset = config.count(Range.LAYERS_OR_NONE, 2, "index_skip_topk_offset");
        return LayerMarks.read(
                config, shape, "indexer_types", "full", "shared", i -> Math.max(i - offset + 1, 0) % period == 0);
    }

    private static Decoder indexed(
            Config config,
            Defaults defaults,
            Attention.Latent latent,
            int indexHeads,
            int groups,
            int visited,
            IntPredicate picks,
            boolean copies) {
        Shape shape = Shape.latent(config, defaults);
        boolean normalized = config.flag(true, "norm_topk_prob");
        Experts experts = experts(config, 256, 8, 2048, 1, "num_local_experts", "num_experts")
                .routed(routing(config, true, normalized, groups, visited));
        Latents latents = new Latents(config, shape, experts, false);
        Attention.Latent attention = attention(config, shape, latent);
        int rank = attention.queryRank().orElseGet(() -> {
            config.refuse("q_lora_rank", null, Range.WIDTH + ": the indexer reads that vector");
            return 1;
        });
        int size = config.count(Range.WIDTH, 128, "index_head_dim");
        long heads = config.count(Range.HEADS, indexHeads, "index_n_heads");
        Tensors plain = latents.projections(attention);
        Tensors indexing = plain.linear("self_attn.indexer.wq_b", rank, heads * size, false)
                .linear("self_attn.indexer.wk", shape.hidden(), size, false)
                .layerNorm("self_attn.indexer.k_norm", size)
                .linear("self_attn.indexer.weights_proj", shape.hidden(), heads, false);
        int denseLayers = config.count(Range.LAYERS_OR_NONE, 3, "first_k_dense_replace");
        boolean[] sparse = LayerMarks.read(config, shape, "mlp_layer_types", "sparse", "dense", i -> i >= denseLayers);
        Decoder decoder = Decoder.usual(config, shape, false)
                .layers(i -> latents.layer(
                        new Attention.Indexed(attention, picks.test(i) ? size : 0),
                        picks.test(i) ? indexing : plain,
                        sparse[i]));
        return withExtras(decoder, Extras.further(config, 1), latents.mixture(indexing), experts, copies);
    }

    static Decoder withExtras(Decoder decoder, int further, Tensors mixture, Experts experts, boolean copies) {
        Decoder corrected = Extras.corrections(decoder, "model.layers.{i}.mlp.gate.e_score_correction_bias");
        Decoder predicting = Extras.predictions(corrected, further, mixture, experts.count());
        return copies ? Extras.predictionCopies(predicting, further) : predicting;
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

    static Experts experts(Config config, int count, int perToken, int width, int shared, String... aliases) {
        String[] names =
                Stream.concat(Stream.of(aliases), Stream.of("n_routed_experts")).toArray(String[]::new);
        int each = config.count(Range.WIDTH, width, "moe_intermediate_size");
        int together = Math.multiplyExact(each, config.count(Range.EXPERTS, shared, "n_shared_experts"));
        return Experts.read(Experts.counted(config, names), count, perToken, each, together);
    }

    private static Attention.Latent attention(Config config, Shape shape, Attention.Latent absent) {
        return new Attention.Latent(
                shape.heads(),
                config.nullable(Range.WIDTH, absent.queryRank().orElseThrow(), "q_lora_rank"),
                config.count(Range.WIDTH, absent.keyValueRank(), "kv_lora_rank"),
                config.count(Range.WIDTH, absent.plainSize(), "qk_nope_head_dim"),
                config.count(Range.WIDTH, absent.rotarySize(), "qk_rope_head_dim"),
                config.count(Range.WIDTH, absent.valueSize(), "v_head_dim"));
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

    /** What such a decoder's layers are made of. */
    private record Latents(Config config, Shape shape, Experts experts, boolean bias) {

        Tensors projections(Attention.Latent attention) {
            return DeepSeeks.projections(shape, attention, config.flag(false, "attention_bias"));
        }

        Tensors mixture(Tensors projections) {
            return norms(projections
                    .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                    .router("mlp.gate", experts.count(), shape.hidden())
                    .gated("mlp.shared_experts", shape.hidden(), experts.sharedWidth(), bias));
        }

        Layer layer(Attention attention, Tensors projections, boolean sparse) {
            return sparse
                    ? new Layer(
                            attention,
                            experts.feedForward(config),
                            mixture(projections).list())
                    : new Layer(
                            attention,
                            Llamas.gated(config, shape),
                            norms(projections.gated("mlp", shape.hidden(), shape.inner(), bias))
                                    .list());
        }

        Decoder decoder(Attention.Latent attention, IntPredicate isSparse) {
            Tensors projections = projections(attention);
            Layer dense = layer(attention, projections, false);
            Layer sparse = layer(attention, projections, true);
            return Decoder.usual(config, shape, false).layers(i -> isSparse.test(i) ? sparse : dense);
        }

        private Tensors norms(Tensors block) {
            return block.norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        }
    }
}
