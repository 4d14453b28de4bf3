package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.workload.PromptEncoder;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;

/** The strategies of estimates that stand for adapters, and why others have none. */
final class Strategies {

    private Strategies() {}

    static Strategy of(String type, Settings fields, Recipe recipe, ModelSpec model) {
        Settings settings = fields.again();
        Strategy strategy = read(type, settings, recipe, model);
        if (!settings.faults().isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", settings.faults()));
        }
        return strategy;
    }

    private static Strategy read(String type, Settings settings, Recipe recipe, ModelSpec model) {
        return switch (type) {
            case "LORA" -> lora(settings, recipe, model);
            case "IA3" -> ia3(recipe, model);
            case "PROMPT_TUNING" -> new Strategy.PromptTuning(tokens(settings, recipe));
            case "PREFIX_TUNING" -> prefix(settings, recipe);
            case "P_TUNING" -> pTuning(settings, recipe, model);
            default ->
                throw new IllegalArgumentException("type is " + type
                        + ", permitted one that estimates model: IA3, LORA, PREFIX_TUNING, PROMPT_TUNING, P_TUNING");
        };
    }

    private static Strategy lora(Settings settings, Recipe recipe, ModelSpec model) {
        requirePlain(recipe);
        Lora lora = recipe.lora();
        boolean variant = settings.states("alora_invocation_tokens") || settings.states("velora_config");
        if (lora == null || !lora.isPlain() || variant) {
            throw new IllegalArgumentException("LoRA has ranks by pattern, its own biases or a variant,"
                    + " permitted one rank and no variant but DoRA");
        }
        long rank = settings.rank("r", 8);
        double alpha = settings.real("lora_alpha", 8, Double.MIN_NORMAL, 1e15);
        double scaled = settings.flag("use_rslora", false) ? alpha * Math.sqrt((double) rank) : alpha;
        Strategy.Lora.Bias bias = switch (recipe.bias()) {
            case NONE -> Strategy.Lora.Bias.NONE;
            case ALL -> Strategy.Lora.Bias.ALL;
            case OF_TARGETS -> Strategy.Lora.Bias.LORA_ONLY;
        };
        double dropout = settings.real("lora_dropout", 0, 0, Math.nextDown(1.0));
        return new Strategy.Lora(
                Math.toIntExact(rank),
                scaled,
                dropout,
                targets(recipe.selection().forModel(model)),
                bias,
                true,
                lora.isDora());
    }

    private static Strategy ia3(Recipe recipe, ModelSpec model) {
        requirePlain(recipe);
        if (recipe.ia3() == null) {
            throw new IllegalStateException("the recipe is not that of IA3");
        }
        return new Strategy.Ia3(
                targets(recipe.selection().forModel(model)),
                targets(recipe.ia3().feedForward(model)));
    }

    private static Strategy prefix(Settings settings, Recipe recipe) {
        if (settings.flag("prefix_projection", false)) {
            throw new IllegalArgumentException("prefix_projection = true, permitted false");
        }
        return new Strategy.PrefixTuning(tokens(settings, recipe));
    }

    private static Strategy pTuning(Settings settings, Recipe recipe, ModelSpec model) {
        int hidden = (int) settings.number("encoder_hidden_size", model.hiddenSize(), 1, Settings.WIDEST, "elements");
        int layers = (int) settings.number("encoder_num_layers", 2, 1, 10_000, "layers");
        if (settings.text("encoder_reparameterization_type").orElse("MLP").equals("MLP")) {
            return new Strategy.PTuning(tokens(settings, recipe), new PromptEncoder.Mlp(hidden));
        }
        if (layers > 1 && settings.real("encoder_dropout", 0, 0, 1) > 0) {
            throw new IllegalArgumentException("encoder_dropout is above 0, permitted 0 for an LSTM");
        }
        return new Strategy.PTuning(tokens(settings, recipe), new PromptEncoder.Lstm(hidden, layers));
    }

    private static int tokens(Settings settings, Recipe recipe) {
        requirePlain(recipe);
        if (settings.text("task_type").orElse("").equals("SEQ_2_SEQ_LM")
                || settings.number("num_transformer_submodules", 1, 1, 2, "stacks") > 1) {
            throw new IllegalArgumentException("num_transformer_submodules = 2, permitted 1");
        }
        return (int) settings.required("num_virtual_tokens", 1, Integer.MAX_VALUE, "tokens");
    }

    private static void requirePlain(Recipe recipe) {
        boolean plain = recipe.selection().isPlain()
                && recipe.tokens().isEmpty()
                && recipe.parameters().isEmpty();
        if (!plain) {
            throw new IllegalArgumentException(
                    "exclude_modules, modules_to_save, layers_to_transform, target_parameters or"
                            + " trainable_token_indices is set, or experts are adapted, permitted neither: estimates adapt all layers alike and nothing else");
        }
    }

    private static Targets targets(Selection selection) {
        return targets(selection.targets());
    }

    private static Targets targets(NameRule rule) {
        if (rule.isAllLinear()) {
            return new Targets.AllLinear();
        }
        return rule.isList()
                ? new Targets.Named(rule.names().stream().sorted().toList())
                : new Targets.Matching(rule.text());
    }
}
