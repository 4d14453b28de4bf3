package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.text.BoundedPattern;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The modules that an adapter chooses, excludes and saves whole: peft 0.21.0, {@code peft/tuners/tuners_utils.py}, {@code
 * check_target_module_exists} and {@code _maybe_include_all_linear_layers}, and {@code peft/utils/other.py}, {@code _set_trainable}.
 * Immutable.
 */
final class Selection {

    /** From so many names on PEFT replaces whole names by ends of names. */
    private static final int MANY_NAMES = 20;

    /** Types that refuse layers beside a pattern; the others pass over them. */
    private static final Set<String> LISTS_ONLY = Set.of(
            "ADALORA",
            "C3A",
            "DEFT",
            "DELORA",
            "FOURIERFT",
            "HIRA",
            "HRA",
            "LORA",
            "MISS",
            "PSOFT",
            "UNILORA",
            "WAVEFT");

    private static final BoundedPattern LAYER = Python.pattern("layers_pattern", ".*?\\.[^.]*\\.(?P<idx>\\d+)\\.");

    private final String type;
    private final @Nullable NameRule targets;
    private final @Nullable NameRule excluded;
    private final List<String> saved;
    private final List<BoundedPattern> savedPatterns;
    private final Set<Long> layers;
    private final List<BoundedPattern> layerPatterns;

    private Selection(
            String type,
            @Nullable NameRule targets,
            @Nullable NameRule excluded,
            List<String> saved,
            List<BoundedPattern> savedPatterns,
            Set<Long> layers,
            List<BoundedPattern> layerPatterns) {
        this.type = type;
        this.targets = targets;
        this.excluded = excluded;
        this.saved = saved;
        this.savedPatterns = savedPatterns;
        this.layers = layers;
        this.layerPatterns = layerPatterns;
    }

    static Selection read(String type, Settings settings) {
        NameRule targets = NameRule.read(settings, "target_modules", true).orElse(null);
        NameRule excluded = NameRule.read(settings, "exclude_modules", false)
                .filter(rule -> !rule.isList() || !rule.names().isEmpty())
                .orElse(null);
        List<String> saved =
                settings.texts("modules_to_save", Settings.MOST_ENDS).orElse(List.of());
        Set<Long> layers = Set.copyOf(
                settings.numbers("layers_to_transform", 0, 1_000_000, "layers").orElse(List.of()));
        if (!layers.isEmpty() && targets != null && !targets.isList()) {
            if (targets.isAllLinear() || LISTS_ONLY.contains(type)) {
                settings.refuse("target_modules", "a list of names where layers_to_transform is set");
            }
            layers = Set.of();
        }
        List<String> patterns = settings.isText("layers_pattern")
                ? settings.text("layers_pattern").stream().toList()
                : settings.texts("layers_pattern", Settings.MOST_ENDS).orElse(List.of());
        return new Selection(
                type,
                targets,
                excluded,
                saved,
                compiled(settings, "modules_to_save", "(^|.*\\.)", saved, "($|\\..*)"),
                layers,
                compiled(settings, "layers_pattern", "(?:^|.*?\\.)", patterns, "\\.(?<idx>\\d+)\\."));
    }

    private static List<BoundedPattern> compiled(
            Settings settings, String field, String before, List<String> patterns, String after) {
        List<BoundedPattern> compiled = new ArrayList<>();
        for (String pattern : patterns) {
            try {
                compiled.add(Python.between(field, before, pattern, after));
            } catch (IllegalArgumentException e) {
                settings.refuse(field, "names: " + e.getMessage());
            }
        }
        return List.copyOf(compiled);
    }

    /** The same with the targets that PEFT takes for the model where none are named. */
    Selection forModel(ModelSpec model) {
        if (targets != null) {
            return this;
        }
        NameRule found = Defaults.targets(type, model.modelType())
                .orElseThrow(
                        () -> new IllegalArgumentException("target_modules = null, permitted names: PEFT has no default"
                                + " of " + type + " for model type " + model.modelType()));
        return withTargets(found);
    }

    /** The same with other targets. */
    Selection withTargets(NameRule other) {
        return new Selection(type, other, excluded, saved, savedPatterns, layers, layerPatterns);
    }

    /** The same with nothing to adapt. */
    Selection withoutTargets() {
        return withTargets(NameRule.named(List.of()));
    }

    Optional<NameRule> stated() {
        return Optional.ofNullable(targets);
    }

    NameRule targets() {
        if (targets == null) {
            throw new IllegalStateException("the targets hang on the model");
        }
        return targets;
    }

    /** Whether anything but the targets decides. */
    boolean isPlain() {
        return excluded == null && saved.isEmpty() && layers.isEmpty();
    }

    boolean savesAny() {
        return !saved.isEmpty();
    }

    boolean excludes(String name, StepBudget steps) {
        return (excluded != null && excluded.chooses(name, steps))
                || savedPatterns.stream().anyMatch(pattern -> pattern.matchesStart(name, steps));
    }

    boolean chooses(BaseModule module, StepBudget steps) {
        if (excludes(module.name(), steps)) {
            return false;
        }
        if (targets().isAllLinear()) {
            return module.isLinear() && !ModuleTree.isHead(module);
        }
        return ruleChooses(module.name(), steps);
    }

    /** Whether a name is chosen, of a module that holds others too; never where all linear layers are. */
    boolean choosesName(String name, StepBudget steps) {
        return !targets().isAllLinear() && !excludes(name, steps) && ruleChooses(name, steps);
    }

    private boolean ruleChooses(String name, StepBudget steps) {
        NameRule rule = targets();
        if (!rule.chooses(name, steps)) {
            return false;
        }
        if (layers.isEmpty()) {
            return true;
        }
        if (rule.holds(name)) {
            if (rule.names().size() >= MANY_NAMES) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "target_modules has %d names, permitted fewer than %d where layers_to_transform is set"
                                + " and a whole name is among them",
                        rule.names().size(),
                        MANY_NAMES));
            }
            return true;
        }
        return index(name, steps).map(layers::contains).orElse(false);
    }

    private Optional<Long> index(String name, StepBudget steps) {
        List<BoundedPattern> patterns = layerPatterns.isEmpty() ? List.of(LAYER) : layerPatterns;
        for (BoundedPattern pattern : patterns) {
            Optional<String> index = pattern.groupAtStart(name, "idx", steps);
            if (index.isPresent()) {
                return index.filter(digits -> digits.length() < 10).map(Long::valueOf);
            }
        }
        return Optional.empty();
    }

    /** Whether the name of a module ends as one that is saved whole, with or without a dot before. */
    boolean saves(String name) {
        return saved.stream().anyMatch(name::endsWith);
    }
}
