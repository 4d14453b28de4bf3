package dev.llmmem.formats.peft;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import java.util.List;
import java.util.Set;

/**
 * Prompts, prefixes and their encoders: peft 0.21.0, {@code peft/tuners/<type>/model.py}, where {@code <type>} is the name of the
 * method here ({@code prompt_tuning} and so on), and {@code peft/utils/other.py}, {@code _prepare_prompt_learning_config}.
 *
 * <p>What is trained is stored as one tensor, the prompt that an encoder makes at the end.
 */
final class Prompts {

    private static final long MOST_TOKENS = 1 << 24;
    private static final String ENCODER = "prompt_encoder.";
    private static final String TABLE = ENCODER + "embedding.weight";
    private static final String STORED = "prompt_embeddings";

    /** Model types whose configuration counts the heads of keys and values by a name that PEFT does not look for. */
    private static final Set<String> OTHER_HEAD_COUNT = Set.of("falcon", "gpt_bigcode");

    private Prompts() {}

    /** What all of them say. */
    private record Common(long tokens, long submodules, long width, long heads, long layers) {
        static Common read(Settings settings) {
            return new Common(
                    settings.required("num_virtual_tokens", 1, MOST_TOKENS, "tokens"),
                    settings.number(
                            "num_transformer_submodules",
                            settings.text("task_type").orElse("").equals("SEQ_2_SEQ_LM") ? 2 : 1,
                            1,
                            2,
                            "stacks"),
                    settings.number("token_dim", 0, 1, Settings.WIDEST, "elements"),
                    settings.number("num_attention_heads", 0, 1, Settings.WIDEST, "heads"),
                    settings.number("num_layers", 0, 1, 1_000_000, "layers"));
        }

        long width(ModelSpec model) {
            requireSame("token_dim", width, model.hiddenSize(), "the hidden width");
            return model.hiddenSize();
        }

        /** The elements of all keys and values of a token. */
        long keysAndValues(ModelSpec model) {
            requireSame("num_layers", layers, model.layers().size(), "the number of layers");
            return 2 * keyWidth(model) * model.layers().size();
        }

        long all() {
            return Math.multiplyExact(tokens, submodules);
        }

        /** {@code token_dim}, which PEFT sets to the width of all keys. */
        long keyWidth(ModelSpec model) {
            Attention.Grouped first = grouped(model.layers().get(0));
            for (Layer layer : model.layers()) {
                Attention.Grouped other = grouped(layer);
                if (other.keyValueHeads() != first.keyValueHeads() || other.headSize() != first.headSize()) {
                    throw new IllegalArgumentException(
                            "the layers have keys of different widths, permitted one width: prefixes of others are not modelled");
                }
            }
            if (OTHER_HEAD_COUNT.contains(model.modelType())) {
                return width(model);
            }
            if (width > 0 && heads > 0) {
                requireSame("token_dim / num_attention_heads", width / heads, first.headSize(), "the width of a head");
            }
            return (long) first.keyValueHeads() * first.headSize();
        }

        private static Attention.Grouped grouped(Layer layer) {
            if (layer.attention() instanceof Attention.Grouped grouped) {
                return grouped;
            }
            throw new IllegalArgumentException(
                    "the attention is " + layer.attention().getClass().getSimpleName()
                            + ", permitted Grouped: prefixes of others are not modelled");
        }
    }

    private static void requireSame(String name, long stated, long right, String meaning) {
        if (stated > 0 && stated != right) {
            throw new IllegalArgumentException(name + " = " + stated + ", permitted " + right + ", " + meaning);
        }
    }

    static Method.Whole promptTuning(Settings settings) {
        Common common = Common.read(settings);
        return (model, out) -> {
            out.addTrained(TABLE, common.all(), common.width(model));
            store(out, common.all(), common.width(model));
        };
    }

    static Method.Whole multitaskPromptTuning(Settings settings) {
        Common common = Common.read(settings);
        long ranks = settings.number("num_ranks", 1, 1, Settings.WIDEST, "ranks");
        long tasks = settings.number("num_tasks", 1, 1, Settings.WIDEST, "tasks");
        return (model, out) -> {
            out.addShared("prefix_task_cols", true, true, true, tasks, common.all(), ranks);
            out.addShared("prefix_task_rows", true, true, true, tasks, ranks, common.width(model));
            out.addTrained(TABLE, common.all(), common.width(model));
            store(out, common.all(), common.width(model));
        };
    }

    static Method.Whole prefixTuning(Settings settings) {
        Common common = Common.read(settings);
        boolean projected = settings.flag("prefix_projection", false);
        long stated = settings.number("encoder_hidden_size", 0, 1, Settings.WIDEST, "elements");
        return (model, out) -> {
            long keys = common.keysAndValues(model);
            if (projected) {
                long width = common.keyWidth(model);
                long hidden = stated > 0 ? stated : width;
                out.addTrained(TABLE, common.tokens(), width);
                linear(out, "transform.0", width, hidden);
                linear(out, "transform.2", hidden, keys);
            } else {
                out.addTrained(TABLE, common.tokens(), keys);
            }
            store(out, common.tokens(), keys);
        };
    }

    static Method.Whole cartridge(Settings settings) {
        Common common = Common.read(settings);
        long frozen = settings.number("num_frozen_tokens", 1, 0, MOST_TOKENS, "tokens");
        if (frozen > common.tokens()) {
            settings.refuse("num_frozen_tokens", "[0, num_virtual_tokens = " + common.tokens() + "] tokens");
        }
        return (model, out) -> {
            long keys = common.keysAndValues(model);
            if (common.tokens() > frozen) {
                out.addTrained(ENCODER + "trainable_embedding", common.tokens() - frozen, keys);
            }
            store(out, common.tokens(), keys);
        };
    }

    static Method.Whole pTuning(Settings settings) {
        Common common = Common.read(settings);
        boolean lstm = settings.choice("encoder_reparameterization_type", "MLP", List.of("MLP", "LSTM"))
                .equals("LSTM");
        long layers = settings.number("encoder_num_layers", 2, 1, 10_000, "layers");
        long stated = settings.number("encoder_hidden_size", 0, 1, Settings.WIDEST, "elements");
        return (model, out) -> {
            long width = common.width(model);
            long hidden = stated > 0 ? stated : width;
            out.addTrained(TABLE, common.all(), width);
            if (lstm) {
                lstm(out, width, hidden, layers);
                linear(out, "mlp_head.0", 2 * hidden, 2 * hidden);
                linear(out, "mlp_head.2", 2 * hidden, width);
            } else {
                linear(out, "mlp_head.0", width, hidden);
                linear(out, "mlp_head.2", hidden, hidden);
                linear(out, "mlp_head.4", hidden, width);
            }
            store(out, common.all(), width);
        };
    }

    static Method.Whole cpt(Settings settings) {
        List<Long> tokens = settings.numbers("cpt_token_ids", 0, Integer.MAX_VALUE, "token ids")
                .orElse(List.of());
        if (tokens.isEmpty()) {
            settings.refuse("cpt_token_ids", "a list of at least 1 token id");
        }
        return (model, out) -> out.addTrained(ENCODER + "delta_embedding.weight", tokens.size(), model.hiddenSize());
    }

    private static void linear(Inventory out, String name, long inputs, long outputs) {
        out.addTrained(ENCODER + name + ".weight", outputs, inputs);
        out.addTrained(ENCODER + name + ".bias", outputs);
    }

    /** {@code torch.nn.LSTM} with four gates and two directions. */
    private static void lstm(Inventory out, long width, long hidden, long layers) {
        for (long i = 0; i < layers; i++) {
            for (String direction : List.of("", "_reverse")) {
                String end = "_l" + i + direction;
                out.addTrained(ENCODER + "lstm_head.weight_ih" + end, 4 * hidden, i == 0 ? width : 2 * hidden);
                out.addTrained(ENCODER + "lstm_head.weight_hh" + end, 4 * hidden, hidden);
                out.addTrained(ENCODER + "lstm_head.bias_ih" + end, 4 * hidden);
                out.addTrained(ENCODER + "lstm_head.bias_hh" + end, 4 * hidden);
            }
        }
    }

    private static void store(Inventory out, long tokens, long width) {
        out.addShared(STORED, false, true, true, tokens, width);
    }
}
