package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** GPT-2 (2019) and those that keep its names: learned or rotary positions, no gate, norms with shifts. */
final class Gpts {

    private Gpts() {}

    static Decoder gpt2(Config config) {
        Config spelled = spelled(config);
        Shape shape = Shape.multiHead(spelled, new Defaults(50_257, 768, DERIVED, 12, 12, DERIVED, DERIVED, 1024));
        refuseCrossAttention(config);
        Tensors block = layer().layerNorm("ln_1", shape.hidden())
                .conv1d("attn.c_attn", shape.hidden(), 3L * shape.hidden())
                .conv1d("attn.c_proj", shape.hidden(), shape.hidden())
                .layerNorm("ln_2", shape.hidden())
                .conv1d("mlp.c_fc", shape.hidden(), shape.inner())
                .conv1d("mlp.c_proj", shape.inner(), shape.hidden());
        return decoder(spelled, shape, true, 0.1, true)
                .layers(shape.attention(0), plain(config, shape, Activation.GELU_NEW), block)
                .masks("transformer.h.{i}.attn.bias", shape.layers());
    }

    /** SantaCoder and StarCoder (arXiv 2301.03988, 2305.06161): one head of keys and values. */
    static Decoder gptBigcode(Config config) {
        Config spelled = spelled(config);
        Shape whole = Shape.multiHead(spelled, new Defaults(50_257, 768, DERIVED, 12, 12, DERIVED, DERIVED, 1024));
        Shape shape = whole.withKeyValueHeads(config.flag(true, "multi_query") ? 1 : whole.heads());
        refuseCrossAttention(config);
        Tensors block = layer().layerNorm("ln_1", shape.hidden())
                .linear("attn.c_attn", shape.hidden(), shape.hidden() + 2 * shape.keys(), true)
                .linear("attn.c_proj", shape.hidden(), shape.hidden(), true)
                .layerNorm("ln_2", shape.hidden())
                .linear("mlp.c_fc", shape.hidden(), shape.inner(), true)
                .linear("mlp.c_proj", shape.inner(), shape.hidden(), true);
        return decoder(spelled, shape, true, 0.1, true)
                .layers(shape.attention(0), plain(config, shape, Activation.GELU_TANH), block);
    }

    /** GPT-Neo (2021): every other layer sees a window. */
    static Decoder gptNeo(Config config) {
        Config spelled = config.spelling("num_hidden_layers", "num_hidden_layers", "num_layers")
                .spelling("num_attention_heads", "num_attention_heads", "num_heads");
        Shape shape = Shape.multiHead(spelled, new Defaults(50_257, 2048, DERIVED, 24, 16, DERIVED, DERIVED, 2048));
        List<Boolean> local = localLayers(config, shape);
        OptionalInt window = OptionalInt.of(config.count(Range.TOKENS, 256, "window_size"));
        Tensors block = layer().layerNorm("ln_1", shape.hidden())
                .linear("attn.attention.k_proj", shape.hidden(), shape.hidden(), false)
                .linear("attn.attention.v_proj", shape.hidden(), shape.hidden(), false)
                .linear("attn.attention.q_proj", shape.hidden(), shape.hidden(), false)
                .linear("attn.attention.out_proj", shape.hidden(), shape.hidden(), true)
                .layerNorm("ln_2", shape.hidden())
                .linear("mlp.c_fc", shape.hidden(), shape.inner(), true)
                .linear("mlp.c_proj", shape.inner(), shape.hidden(), true);
        return decoder(spelled, shape, true, 0, true)
                .dropout(
                        config.probability(0, "embed_dropout"),
                        config.probability(0, "attention_dropout"),
                        config.probability(0, "resid_dropout"))
                .layers(
                        i -> shape.attention(0, local.get(i) ? window : OptionalInt.empty()),
                        plain(config, shape, Activation.GELU_NEW),
                        block)
                // The first release gave a mask to the layers that see everything, and blocks to the others.
                .masks("transformer.h.{i}.attn.attention.bias", Collections.frequency(local, false));
    }

    /** GPT-J (2021): attention and network side by side, rotary positions, a head with a bias. */
    static Decoder gptj(Config config) {
        Config spelled = spelled(config);
        Shape shape = Shape.multiHead(spelled, new Defaults(50_400, 4096, DERIVED, 28, 16, DERIVED, DERIVED, 2048));
        Tensors block = layer().layerNorm("ln_1", shape.hidden())
                .linear("attn.k_proj", shape.hidden(), shape.hidden(), false)
                .linear("attn.v_proj", shape.hidden(), shape.hidden(), false)
                .linear("attn.q_proj", shape.hidden(), shape.hidden(), false);
        return parallel(spelled, shape, block);
    }

    /** CodeGen (arXiv 2203.13474): GPT-J with one fused projection. */
    static Decoder codegen(Config config) {
        Config spelled = spelled(config);
        Shape shape = Shape.multiHead(spelled, new Defaults(50_400, 4096, DERIVED, 28, 16, DERIVED, DERIVED, 2048));
        Tensors block = layer().layerNorm("ln_1", shape.hidden())
                .linear("attn.qkv_proj", shape.hidden(), 3L * shape.hidden(), false);
        return parallel(spelled, shape, block);
    }

    private static Decoder parallel(Config config, Shape shape, Tensors block) {
        int rotary = config.nullable(Range.WIDTH, 64, "rotary_dim").orElse(shape.headSize());
        config.require(rotary <= shape.headSize(), "rotary_dim", rotary, "at most the head width " + shape.headSize());
        Tensors whole = block.linear("attn.out_proj", shape.hidden(), shape.hidden(), false)
                .linear("mlp.fc_in", shape.hidden(), shape.inner(), true)
                .linear("mlp.fc_out", shape.inner(), shape.hidden(), true);
        return decoder(config, shape, false, 0, false)
                .layers(shape.attention(rotary), plain(config, shape, Activation.GELU_NEW), whole);
    }

    static Config spelled(Config config) {
        // where a file has both, the common name counts: it is set after the family's own
        return config.spelling("hidden_size", "hidden_size", "n_embd")
                .spelling("intermediate_size", "n_inner")
                .spelling("num_hidden_layers", "num_hidden_layers", "n_layer")
                .spelling("num_attention_heads", "num_attention_heads", "n_head")
                .spelling("max_position_embeddings", "max_position_embeddings", "n_positions");
    }

    private static Tensors layer() {
        return new Tensors("transformer.h.{i}.");
    }

    private static Decoder decoder(
            Config config, Shape shape, boolean learnedPositions, double dropout, boolean tiedByDefault) {
        Tensors around = new Tensors("transformer.")
                .embedding("wte", shape.vocabulary(), shape.hidden())
                .when(learnedPositions, outer -> outer.embedding("wpe", shape.positions(), shape.hidden()))
                .layerNorm("ln_f", shape.hidden());
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), !learnedPositions, tiedByDefault)
                .dropout(
                        config.probability(dropout, "embd_pdrop"),
                        config.probability(dropout, "attn_pdrop"),
                        config.probability(dropout, "resid_pdrop"));
    }

    private static FeedForward plain(Config config, Shape shape, Activation absent) {
        return new FeedForward.Dense(shape.inner(), false, Activations.read(config, absent, "activation_function"));
    }

    private static void refuseCrossAttention(Config config) {
        if (config.flag(false, "add_cross_attention")) {
            config.refuse("add_cross_attention", true, "false: only decoders without an encoder are described");
        }
    }

    /** Expands {@code attention_types}: pairs of a list of kinds and how often it repeats. */
    private static List<Boolean> localLayers(Config config, Shape shape) {
        String permitted =
                "pairs of a list of \"global\" and \"local\" and a count, " + shape.layers() + " layers in all";
        List<Boolean> local = new ArrayList<>();
        List<?> pairs = config.list("attention_types").orElse(List.of(List.of(List.of("global", "local"), 12L)));
        for (Object pair : pairs) {
            boolean valid = pair instanceof List<?> two
                    && two.size() == 2
                    && two.get(0) instanceof List<?> kinds
                    && two.get(1) instanceof Long times
                    && expand(kinds, times, shape.layers(), local);
            if (!valid) {
                config.refuse("attention_types", pairs, permitted);
                break;
            }
        }
        config.require(local.size() == shape.layers(), "attention_types", pairs, permitted);
        while (local.size() < shape.layers()) {
            local.add(false);
        }
        return local;
    }

    private static boolean expand(List<?> kinds, long times, int most, List<Boolean> local) {
        if (times < 0
                || times > most
                || !kinds.stream().allMatch(kind -> "global".equals(kind) || "local".equals(kind))) {
            return false;
        }
        for (long time = 0; time < times && local.size() <= most; time++) {
            for (Object kind : kinds) {
                local.add("local".equals(kind));
            }
        }
        return true;
    }
}
