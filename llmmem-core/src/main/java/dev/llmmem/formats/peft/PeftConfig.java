package dev.llmmem.formats.peft;

import dev.llmmem.formats.AdapterTensor;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.text.StepBudget;
import dev.llmmem.workload.Strategy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an {@code adapter_config.json} says. Immutable and thread-safe. */
public final class PeftConfig {

    private static final int MOST_FAULTS = 10;
    private static final int MOST_STEPS = 50_000_000;
    private static final Set<String> TASKS_WITH_A_HEAD = Set.of("SEQ_CLS", "TOKEN_CLS", "QUESTION_ANS");
    private static final Set<String> COMMON_FIELDS =
            Set.of("auto_mapping", "base_model_name_or_path", "peft_type", "peft_version", "revision", "task_type");

    private final String type;
    private final Settings settings;
    private final Recipe recipe;
    private final Optional<String> baseModel;
    private final Optional<String> version;

    private PeftConfig(String type, Settings settings) {
        this.type = type;
        this.settings = settings;
        this.recipe = Recipe.read(type, settings);
        this.baseModel = settings.text("base_model_name_or_path");
        this.version = settings.text("peft_version");
    }

    /**
     * Reads the fields.
     *
     * @param fields values by name
     * @return the adapter
     * @throws IllegalArgumentException if they are no adapter that is known, with everything that is wrong
     */
    public static PeftConfig of(Map<String, ? extends @Nullable Object> fields) {
        Settings settings = new Settings(fields);
        String type = settings.text("peft_type").orElse("");
        if (!Methods.reads(type)) {
            throw unknown(type, settings);
        }
        if (TASKS_WITH_A_HEAD.contains(settings.text("task_type").orElse(""))) {
            settings.refuse(
                    "task_type",
                    "CAUSAL_LM, SEQ_2_SEQ_LM, FEATURE_EXTRACTION or null: the size of the head that is"
                            + " trained besides is not in the file");
        }
        PeftConfig config = new PeftConfig(type, settings);
        List<String> faults = settings.faults();
        if (!faults.isEmpty()) {
            int more = faults.size() - MOST_FAULTS;
            throw new IllegalArgumentException(String.join(
                            "; ", faults.subList(0, Math.min(faults.size(), MOST_FAULTS)))
                    + (more > 0 ? "; and " + more + " more" : ""));
        }
        return config;
    }

    private static IllegalArgumentException unknown(String type, Settings settings) {
        String why = Methods.refusal(type)
                .map(reason -> " (not " + type + ": " + reason + ")")
                .orElse("");
        return new IllegalArgumentException("peft_type = " + Settings.shown(settings.value("peft_type"))
                + ", permitted one of " + String.join(", ", types()) + why);
    }

    /**
     * The types that are read.
     *
     * @return values of {@code peft_type}, in order
     */
    public static SortedSet<String> types() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(Methods.types()));
    }

    /**
     * The type.
     *
     * @return the value of {@code peft_type}
     */
    public String type() {
        return type;
    }

    /**
     * The base model.
     *
     * @return its name or path
     */
    public Optional<String> baseModel() {
        return baseModel;
    }

    /**
     * The version that wrote the file.
     *
     * @return the version of PEFT
     */
    public Optional<String> version() {
        return version;
    }

    /**
     * Fields that PEFT 0.21 does not know.
     *
     * @return their names
     */
    public List<String> unknownFields() {
        return settings.names().stream()
                .filter(name -> !Defaults.fields(type).contains(name) && !COMMON_FIELDS.contains(name))
                .map(Settings::clean)
                .toList();
    }

    /**
     * What is added to a model.
     *
     * @param model the model
     * @return the tensors
     * @throws IllegalArgumentException if the adapter does not fit the model
     * @throws ArithmeticException if a tensor has too many elements
     */
    public List<AdapterTensor> tensors(ModelSpec model) {
        if (!model.towers().isEmpty()) {
            throw new IllegalArgumentException("the model has " + model.towers().size()
                    + " towers, permitted 0: what of them an adapter reaches is not modelled");
        }
        StepBudget steps = new StepBudget(MOST_STEPS);
        Inventory out = new Inventory(steps);
        if (recipe.method() instanceof Method.Whole whole) {
            whole.add(model, out);
            if (recipe.selection().savesAny()) {
                new Walk(recipe, model, recipe.selection().withoutTargets(), out).saveOnly();
            }
            return out.tensors();
        }
        Recipe renamed = ExpertTargets.rename(recipe, model, steps);
        Selection selection = targets(renamed, model);
        if (renamed.method() instanceof Method.PerModule perModule) {
            new Walk(renamed, model, selection, out).run(perModule);
            Tokens.addBeside(renamed.tokens(), model, selection, out);
        }
        return out.tensors();
    }

    private Selection targets(Recipe renamed, ModelSpec model) {
        boolean named = renamed.selection().stated().isPresent();
        boolean defaults = Defaults.targets(type, model.modelType()).isPresent();
        return !named && !defaults && !renamed.parameters().isEmpty()
                ? renamed.selection().withoutTargets()
                : renamed.selection().forModel(model);
    }

    /**
     * The strategy that estimates know.
     *
     * @param model the model
     * @return the strategy
     * @throws IllegalArgumentException if there is none, with the reason
     */
    public Strategy strategy(ModelSpec model) {
        Recipe renamed = ExpertTargets.rename(recipe, model, new StepBudget(MOST_STEPS));
        return Strategies.of(type, settings, renamed, model);
    }

    /**
     * Checks that what PEFT stores of the type is known.
     *
     * @throws IllegalArgumentException if it is not
     */
    public void requireStored() {
        if (!Methods.storedIsKnown(type)) {
            throw new IllegalArgumentException(
                    "peft_type = " + type + ", permitted one whose stored tensors are modelled");
        }
        if (recipe.bias() == Recipe.Bias.ALL && recipe.selection().savesAny()) {
            throw new IllegalArgumentException(
                    "bias = \"all\", permitted others where modules_to_save is set: what PEFT stores then is not modelled");
        }
    }

    /**
     * Whether PEFT cuts the tensors after training, so that stored shapes are not those that are trained.
     *
     * @return true for AdaLoRA
     */
    public boolean cutsRanks() {
        return type.equals("ADALORA");
    }
}
