package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * DeepSeek-V4: one vector per token for all heads, older tokens compressed, several residual streams. Its layers that
 * predict further tokens are not described.
 */
final class DeepSeekV4 {

    private static final String SPARSELY = "compressed_sparse_attention";
    private static final String HEAVILY = "heavily_compressed_attention";
    private static final String SLIDING = "sliding_attention";

    private final Config config;
    private final Shape shape;
    private final int queryRank;
    private final int indexSize;

    private DeepSeekV4(Config config, Shape shape) {
        this.config = config;
        this.shape = shape;
        this.queryRank = config.count(Range.WIDTH, 1024, "q_lora_rank");
        this.indexSize = config.count(Range.WIDTH, 128, "index_head_dim");
    }

    static Decoder read(Config config) {
        Config spelled = config.spelling("intermediate_size", "intermediate_size", "moe_intermediate_size");
        Shape heads = Shape.latent(spelled, new Defaults(129_280, 4096, 2048, 43, 64, DERIVED, DERIVED, 1_048_576));
        int single = config.count(Range.HEADS, 1, "num_key_value_heads");
        config.require(single == 1, "num_key_value_heads", single, "1: all heads share one");
        Shape shape = heads.withKeyValueHeads(1).withHeadSize(config.count(Range.WIDTH, 512, "head_dim"));
        return new DeepSeekV4(config, shape).decoder();
    }

    private Decoder decoder() {
        int streams = config.count(Range.HEADS, 4, "hc_mult");
        Experts experts = Experts.read(
                        Experts.counted(config, "num_local_experts", "n_routed_experts"),
                        256,
                        6,
                        shape.inner(),
                        shape.inner())
                .normalizedIfAsked(config, true);
        String[] types = types();
        boolean[] hashed = hashed();
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .norm("norm", shape.hidden())
                .add("hc_head.hc_fn", Kind.OTHER, (long) streams, (long) streams * shape.hidden())
                .add("hc_head.hc_base", Kind.OTHER, (long) streams)
                .add("hc_head.hc_scale", Kind.OTHER, 1L);
        FeedForward mixture = experts.feedForward(config);
        Layer sliding = layer(SLIDING, mixture, experts, streams);
        Layer sparsely = layer(SPARSELY, mixture, experts, streams);
        Layer heavily = layer(HEAVILY, mixture, experts, streams);
        Decoder decoder = Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .dropout(0, config.probability(0, "attention_dropout"), 0)
                .layers(i -> switch (types[i]) {
                    case SPARSELY -> sparsely;
                    case HEAVILY -> heavily;
                    default -> sliding;
                });
        return withExtras(decoder, hashed, experts);
    }

    /** Layers that route by a table of the vocabulary keep that; others the correction of their router. */
    private Decoder withExtras(Decoder decoder, boolean[] hashed, Experts experts) {
        long tables = 0;
        for (boolean table : hashed) {
            tables += table ? 1 : 0;
        }
        long corrections = (hashed.length - tables) * experts.count();
        Decoder tabled = tables == 0
                ? decoder
                : decoder.extra(
                        "model.layers.{i}.mlp.gate.tid2eid",
                        tables * shape.vocabulary() * experts.perToken(),
                        Cause.BUFFER);
        return corrections == 0
                ? tabled
                : tabled.extra(
                        "model.layers.{i}.mlp.gate.e_score_correction_bias", corrections, Cause.ROUTER_CORRECTION);
    }

    private Layer layer(String type, FeedForward mixture, Experts experts, int streams) {
        int rate = rate(type);
        int index = type.equals(SPARSELY) ? indexSize : 0;
        boolean fits = rate == 0 || (shape.headSize() % rate == 0 && index % rate == 0);
        config.require(
                fits, "compress_rates", rate, "a divisor of head_dim " + shape.headSize() + " and index_head_dim");
        Attention attention = new Attention.Compressed(
                shape.heads(),
                shape.headSize(),
                rotary(),
                config.count(Range.TOKENS, 128, "sliding_window"),
                rate,
                index);
        long weights = (2L + streams) * streams;
        boolean bias = config.flag(false, "mlp_bias");
        Tensors block = compressor(attention(), type, rate)
                .router("mlp.gate", experts.count(), shape.hidden())
                .experts("mlp.experts", experts.count(), shape.hidden(), experts.width())
                .gated("mlp.shared_experts", shape.hidden(), experts.sharedWidth(), bias)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        for (String connection : List.of("attn_hc", "ffn_hc")) {
            block = block.add(connection + ".fn", Kind.OTHER, weights, (long) streams * shape.hidden())
                    .add(connection + ".base", Kind.OTHER, weights)
                    .add(connection + ".scale", Kind.OTHER, 3L);
        }
        return new Layer(attention, mixture, block.list());
    }

    private Tensors attention() {
        int groups = config.count(Range.HEADS, 8, "o_groups");
        long outputs = (long) groups * config.count(Range.WIDTH, 1024, "o_lora_rank");
        config.require(
                shape.queries() % groups == 0,
                "o_groups",
                groups,
                "a divisor of the width of all heads " + shape.queries());
        return Tensors.layer()
                .add("self_attn.sinks", Kind.OTHER, (long) shape.heads())
                .linear("self_attn.q_a_proj", shape.hidden(), queryRank, false)
                .norm("self_attn.q_a_norm", queryRank)
                .linear("self_attn.q_b_proj", queryRank, shape.queries(), false)
                .linear("self_attn.kv_proj", shape.hidden(), shape.headSize(), false)
                .norm("self_attn.kv_norm", shape.headSize())
                .linear("self_attn.o_a_proj", Math.max(1, shape.queries() / groups), outputs, false)
                .linear("self_attn.o_b_proj", outputs, shape.hidden(), false);
    }

    private Tensors compressor(Tensors attention, String type, int rate) {
        return switch (type) {
            case HEAVILY -> compressor(attention, "self_attn.compressor.", rate, shape.headSize(), shape.headSize());
            case SPARSELY -> {
                long heads = config.count(Range.HEADS, 64, "index_n_heads");
                String indexer = "self_attn.compressor.indexer.";
                Tensors outer =
                        compressor(attention, "self_attn.compressor.", rate, 2L * shape.headSize(), shape.headSize());
                yield compressor(outer, indexer, rate, 2L * indexSize, indexSize)
                        .linear(indexer + "q_b_proj", queryRank, heads * indexSize, false)
                        .linear(indexer + "scorer.weights_proj", shape.hidden(), heads, false);
            }
            default -> attention;
        };
    }

    private Tensors compressor(Tensors attention, String module, int rate, long width, int size) {
        return attention
                .add(module + "position_bias", Kind.OTHER, (long) rate, width)
                .linear(module + "kv_proj", shape.hidden(), width, false)
                .linear(module + "gate_proj", shape.hidden(), width, false)
                .norm(module + "kv_norm", size);
    }

    private int rate(String type) {
        if (type.equals(SLIDING)) {
            return 0;
        }
        boolean sparsely = type.equals(SPARSELY);
        int absent = sparsely ? 4 : 128;
        int stated = config.nested("compress_rates")
                .map(rates -> rates.count(Range.TOKENS, absent, type))
                .orElse(absent);
        return config.optional(Range.TOKENS, sparsely ? "compress_rate_csa" : "compress_rate_hca")
                .orElse(stated);
    }

    private int rotary() {
        int plain = config.optional(new Range(1, shape.headSize(), "elements"), "qk_rope_head_dim")
                .orElse(0);
        double absent = plain > 0 ? (double) plain / shape.headSize() : 64.0 / 512;
        return Rotary.shared(shape, config.share(absent, "partial_rotary_factor"));
    }

    /** The names of the class, or else the ratios of the first files, or else two heavy layers and then by turns. */
    private String[] types() {
        String[] types = new String[shape.layers()];
        String name = config.states("layer_types") ? "layer_types" : "compress_ratios";
        Optional<List<?>> stated = config.list(name);
        stated.ifPresent(list -> config.require(
                list.size() >= types.length, name, list, "a list of at least " + types.length + ", one a layer"));
        List<?> values = stated.orElse(List.of());
        for (int i = 0; i < types.length; i++) {
            String byTurns = i < 2 || i % 2 == 0 ? HEAVILY : SPARSELY;
            types[i] = i < values.size() ? type(name, values.get(i)) : byTurns;
        }
        return types;
    }

    private String type(String name, @Nullable Object value) {
        if (SPARSELY.equals(value) || Long.valueOf(4).equals(value)) {
            return SPARSELY;
        }
        if (HEAVILY.equals(value) || Long.valueOf(128).equals(value)) {
            return HEAVILY;
        }
        if (!SLIDING.equals(value) && !Long.valueOf(0).equals(value)) {
            config.refuse(name, value, SLIDING + ", " + SPARSELY + " or " + HEAVILY + ", or 0, 4 or 128");
        }
        return SLIDING;
    }

    private boolean[] hashed() {
        int first = config.optional(Range.LAYERS_OR_NONE, "num_hash_layers").orElse(3);
        return LayerMarks.read(config, shape, "mlp_layer_types", "hash_moe", "moe", i -> i < first);
    }
}
