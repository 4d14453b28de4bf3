package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.workload.Strategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an {@code adapter_config.json} says. Immutable and thread-safe. */
public final class Adapter {

    private static final int MOST_SHOWN = 10;
    private static final Set<String> TASKS_WITH_A_HEAD = Set.of("SEQ_CLS", "TOKEN_CLS", "QUESTION_ANS");
    private static final List<String> OUTSIDE_FIELDS =
            List.of("auto_mapping", "base_model_name_or_path", "peft_type", "peft_version", "revision", "task_type");

    /** What an adapter trains of the model's own biases. */
    enum Bias {
        NONE,
        ALL,
        OF_TARGETS
    }

    private final String type;
    private final Optional<String> base;
    private final Optional<String> version;
    private final List<String> unknown;
    private final Recipe recipe;
    private final Settings settings;

    /** How tensors follow from the fields. */
    record Recipe(
            Method method,
            Selection selection,
            Bias bias,
            Map<String, List<Long>> tokens,
            List<String> parameters,
            @Nullable Lora lora,
            @Nullable Ia3 ia3) {}

    private Adapter(String type, Settings settings, Recipe recipe) {
        this.type = type;
        this.settings = settings;
        this.recipe = recipe;
        this.base = settings.text("base_model_name_or_path");
        this.version = settings.text("peft_version");
        this.unknown = settings.names().stream()
                .filter(name -> !Defaults.fields(type).contains(name) && !OUTSIDE_FIELDS.contains(name))
                .map(Settings::clean)
                .toList();
    }

    /**
     * Reads the fields.
     *
     * @param fields values by name
     * @return the adapter
     * @throws IllegalArgumentException if they are no adapter that is known, with everything that is wrong
     */
    public static Adapter of(Map<String, ? extends @Nullable Object> fields) {
        Settings settings = new Settings(fields);
        String type = settings.text("peft_type").orElse("");
        requireKnown(type, settings);
        String task = settings.text("task_type").orElse("");
        if (TASKS_WITH_A_HEAD.contains(task)) {
            settings.refuse(
                    "task_type",
                    "CAUSAL_LM, SEQ_2_SEQ_LM, FEATURE_EXTRACTION or null: the size of the head that is"
                            + " trained besides is not in the file");
        }
        settings.refuseIfSet("ensure_weight_tying", "tied adapters are not modelled");
        Selection selection = Selection.read(type, settings);
        Adapter adapter = new Adapter(type, settings, recipe(type, settings, selection));
        List<String> faults = settings.faults();
        if (!faults.isEmpty()) {
            int more = faults.size() - MOST_SHOWN;
            throw new IllegalArgumentException(String.join("; ", faults.subList(0, Math.min(faults.size(), MOST_SHOWN)))
                    + (more > 0 ? "; and " + more + " more" : ""));
        }
        return adapter;
    }

    private static void requireKnown(String type, Settings settings) {
        if (!Methods.reads(type)) {
            String why = Methods.refusal(type)
                    .map(reason -> " (not " + type + ": " + reason + ")")
                    .orElse("");
            settings.refuse("peft_type", "one of " + String.join(", ", types()) + why);
            List<String> faults = settings.faults();
            throw new IllegalArgumentException(faults.get(faults.size() - 1));
        }
    }

    private static Recipe recipe(String type, Settings settings, Selection selection) {
        boolean lora = type.equals("LORA");
        boolean hasTokens = Defaults.fields(type).contains("trainable_token_indices");
        Lora product = lora ? Lora.read(settings) : null;
        Ia3 vectors = type.equals("IA3") ? Ia3.read(settings, selection) : null;
        List<String> parameters = lora ? settings.texts("target_parameters").orElse(List.of()) : List.of();
        if (!parameters.isEmpty()) {
            Lora.checkParameters(settings);
        }
        Method method = product != null
                ? product.method()
                : vectors != null ? vectors.method() : Methods.read(type, settings, selection);
        return new Recipe(
                method,
                selection,
                bias(type, settings),
                hasTokens ? Tokens.beside(settings) : Map.of(),
                parameters,
                product,
                vectors);
    }

    private static Bias bias(String type, Settings settings) {
        if (!Defaults.fields(type).contains("bias")) {
            return Bias.NONE;
        }
        String text = settings.text("bias").orElse("none");
        if (text.equals("none") || text.equals("all")) {
            return text.equals("all") ? Bias.ALL : Bias.NONE;
        }
        if (!text.endsWith("_only")) {
            settings.refuse("bias", "none, all or a word that ends in _only");
        }
        return Bias.OF_TARGETS;
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
    public Optional<String> base() {
        return base;
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
    public List<String> unknown() {
        return unknown;
    }

    /**
     * What is added to a model.
     *
     * @param model the model
     * @return the tensors
     * @throws IllegalArgumentException if the adapter does not fit the model
     */
    public List<Added> added(ModelSpec model) {
        Inventory out = new Inventory(new Steps());
        if (recipe.method() instanceof Method.Whole whole) {
            whole.add(model, out);
            if (recipe.selection().savesAny()) {
                new Walk(recipe, model, recipe.selection().withoutTargets(), out).saveOnly();
            }
        } else if (recipe.method() instanceof Method.PerModule perModule) {
            Selection selection = targets(model);
            new Walk(recipe, model, selection, out).run(perModule);
            Tokens.addBeside(recipe.tokens(), model, selection, out);
        }
        return out.tensors();
    }

    private Selection targets(ModelSpec model) {
        boolean named = recipe.selection().stated().isPresent();
        boolean defaults = Defaults.targets(type, model.modelType()).isPresent();
        return !named && !defaults && !recipe.parameters().isEmpty()
                ? recipe.selection().withoutTargets()
                : recipe.selection().forModel(model);
    }

    /**
     * The strategy that estimates know.
     *
     * @param model the model
     * @return the strategy
     * @throws IllegalArgumentException if there is none, with the reason
     */
    public Strategy strategy(ModelSpec model) {
        return Strategies.of(type, settings, recipe, model);
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
        if (recipe.bias() == Bias.ALL && recipe.selection().savesAny()) {
            throw new IllegalArgumentException(
                    "bias = \"all\", permitted others where modules_to_save is set: what PEFT stores then is not modelled");
        }
    }

    /** The first of some names, for a message. */
    static String list(List<String> names) {
        List<String> shown = new ArrayList<>(names.subList(0, Math.min(names.size(), MOST_SHOWN)));
        if (names.size() > MOST_SHOWN) {
            shown.add("...");
        }
        return String.join(", ", shown);
    }
}
