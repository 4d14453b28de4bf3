package dev.llmmem.workload;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.text.BoundedPattern;
import dev.llmmem.units.text.Quoted;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Whether an adapter's targets are modules of a model that PEFT adapts and that the estimate models.
 *
 * <p>PEFT 0.21 refuses to adapt what is neither a linear layer nor an embedding, and a model without any target.
 * Refused here besides, because it is not modelled: an embedding, a head that shares the embedding's matrix, fused
 * experts, and layers that differ in their targets.
 */
final class TargetCheck {

    private static final int MOST_NAMES_SHOWN = 40;
    private static final int MOST_STEPS = 50_000_000;

    /**
     * A module: its name as the model folds it, its name in the first layer that has it, and its parameter of most say.
     */
    private record Module(String name, String firstName, Parameter parameter) {}

    private final ModelSpec model;
    private final Targets targets;
    private final Map<String, Module> modules;
    private final List<String> violations = new ArrayList<>();

    private TargetCheck(ModelSpec model, Targets targets) {
        this.model = model;
        this.targets = targets;
        this.modules = modules(model);
    }

    /** Every reason why an adapter cannot be on these targets; none if it can. */
    static List<String> violations(ModelSpec model, Targets targets) {
        try {
            Targets chosen = targets instanceof Targets.Default ? Targets.Default.of(model) : targets;
            TargetCheck check = new TargetCheck(model, chosen);
            check.run();
            return check.violations;
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private void run() {
        if (reachesExperts()) {
            refuse("reaches the experts of model type " + model.modelType() + ", and LoRA on experts is not modelled");
        } else if (targets instanceof Targets.Named named) {
            Set<String> names = new HashSet<>(named.names());
            check(module -> TargetRules.named(names, module), names.stream().anyMatch(TargetCheck::hasIndex));
        } else if (targets instanceof Targets.Matching matching) {
            BoundedPattern pattern = BoundedPattern.compile("target pattern", matching.pattern());
            StepBudget budget = new StepBudget(MOST_STEPS);
            check(module -> pattern.matches(module, budget), true);
        } else {
            checkAny(module -> TargetRules.linear(module.parameter()));
        }
    }

    private void refuse(String why) {
        violations.add("targets is " + Describe.targets(targets) + ", but " + why);
    }

    /** Where a model has such experts, PEFT turns patterns and all linear layers into names before it goes on. */
    private boolean reachesExperts() {
        List<String> experts = PeftExperts.names(model.modelType());
        if (experts.isEmpty()) {
            return false;
        }
        return !(targets instanceof Targets.Named named)
                || named.names().stream().anyMatch(name -> experts.contains(TargetRules.lastPart(name)));
    }

    private static boolean hasIndex(String name) {
        return name.chars().anyMatch(c -> c >= '0' && c <= '9');
    }

    private void check(Predicate<String> targeted, boolean mayTellLayersApart) {
        Set<String> embeddings = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        for (Module module : modules.values()) {
            if (!module.parameter().isLinear() && targeted.test(module.firstName())) {
                boolean embedding = module.parameter().kind() == Parameter.Kind.EMBEDDING;
                (embedding ? embeddings : others).add(module.name());
            }
        }
        blocks().forEach((firstName, name) -> {
            if (targeted.test(firstName)) {
                others.add(name);
            }
        });
        if (!embeddings.isEmpty()) {
            refuse(list(embeddings) + " is an embedding, and LoRA on an embedding is not modelled");
        }
        if (!others.isEmpty()) {
            refuse(list(others) + " is not a linear layer, and PEFT adapts no other");
        }
        if (model.tiedHead() && targeted.test("lm_head")) {
            refuse("lm_head shares the matrix of the embedding, and LoRA on a shared matrix is not modelled");
        }
        if (mayTellLayersApart) {
            checkLayersAlike(targeted);
        }
        checkAny(module -> module.parameter().isLinear() && targeted.test(module.firstName()));
    }

    private void checkLayersAlike(Predicate<String> targeted) {
        Map<String, Boolean> before = new HashMap<>();
        Set<String> different = new LinkedHashSet<>();
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            for (Parameter parameter : layers.get(i).parameters()) {
                String module = parameter.module();
                if (parameter.isLinear() && TargetRules.isInLayer(module)) {
                    boolean here = targeted.test(TargetRules.inLayer(module, i));
                    Boolean there = before.putIfAbsent(module, here);
                    if (there != null && there != here) {
                        different.add(module);
                    }
                }
            }
        }
        if (!different.isEmpty()) {
            refuse(list(different) + " is a target in some layers only, and layers that differ are not modelled");
        }
    }

    private void checkAny(Predicate<Module> targeted) {
        if (violations.isEmpty() && modules.values().stream().noneMatch(targeted)) {
            Set<String> known = modules.values().stream()
                    .filter(module -> module.parameter().isLinear())
                    .map(module -> TargetRules.lastPart(module.name()))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            refuse("must match a linear layer of the model, which has " + (known.isEmpty() ? "none" : list(known)));
        }
    }

    private static Map<String, Module> modules(ModelSpec model) {
        Map<String, Module> modules = new LinkedHashMap<>();
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            if (i == 0 || !layers.get(i).equals(layers.get(i - 1))) {
                for (Parameter parameter : layers.get(i).parameters()) {
                    add(modules, parameter, TargetRules.inLayer(parameter.module(), i));
                }
            }
        }
        for (Parameter parameter : model.outerParameters()) {
            add(modules, parameter, parameter.module());
        }
        return modules;
    }

    private static void add(Map<String, Module> modules, Parameter parameter, String firstName) {
        Module module = new Module(parameter.module(), firstName, parameter);
        modules.merge(
                module.name(),
                module,
                (old, next) -> next.parameter().isLinear() && !old.parameter().isLinear() ? next : old);
    }

    /** The modules that hold modules, by their names in the first layer. */
    private Map<String, String> blocks() {
        Map<String, String> blocks = new LinkedHashMap<>();
        for (Module module : modules.values()) {
            String name = module.name();
            String firstName = module.firstName();
            while (name.indexOf('.') >= 0) {
                name = name.substring(0, name.lastIndexOf('.'));
                firstName = firstName.substring(0, firstName.lastIndexOf('.'));
                if (!modules.containsKey(name)) {
                    blocks.put(firstName, name);
                }
            }
        }
        return blocks;
    }

    private static String list(Collection<String> names) {
        String shown = names.stream().limit(MOST_NAMES_SHOWN).map(Quoted::start).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES_SHOWN ? shown + ", ..." : shown;
    }
}
