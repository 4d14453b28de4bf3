package dev.llmmem.workload;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether an adapter's targets are modules of a model that PEFT adapts and that the estimate models.
 *
 * <p>PEFT 0.21 refuses to adapt what is neither a linear layer nor an embedding, and a model without any target. Refused
 * here besides, because it is not modelled: an embedding, a head that shares the embedding's matrix, fused experts, and
 * layers that differ in their targets.
 */
final class TargetCheck {

    private static final int MOST_NAMES = 40;

    private final ModelSpec model;
    private final Targets targets;
    private final List<String> violations = new ArrayList<>();

    private TargetCheck(ModelSpec model, Targets targets) {
        this.model = model;
        this.targets = targets;
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
            return;
        }
        if (targets instanceof Targets.Named named) {
            checkNames(module -> TargetRules.named(named.names(), module));
        } else if (targets instanceof Targets.Matching matching) {
            Pattern pattern = BoundedMatch.compile(matching.pattern());
            checkNames(module -> BoundedMatch.matches(pattern, module));
        }
        checkAnyLinear();
    }

    private void refuse(String why) {
        violations.add("targets is " + Describe.targets(targets) + ", but " + why);
    }

    /** A pattern or all linear layers become names in PEFT where a model has such experts, so they are refused alike. */
    private boolean reachesExperts() {
        List<String> experts = PeftExperts.names(model.modelType());
        if (experts.isEmpty()) {
            return false;
        }
        return !(targets instanceof Targets.Named named)
                || named.names().stream().anyMatch(name -> experts.contains(TargetRules.lastPart(name)));
    }

    private void checkNames(Predicate<String> targeted) {
        Set<String> embeddings = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        Map<String, Parameter> modules = modules();
        for (Parameter parameter : modules.values()) {
            if (!parameter.isLinear() && targeted.test(TargetRules.firstModule(model, parameter))) {
                (parameter.kind() == Parameter.Kind.EMBEDDING ? embeddings : others).add(parameter.module());
            }
        }
        for (Parameter parameter : modules.values()) {
            String module = parameter.module();
            String first = TargetRules.firstModule(model, parameter);
            // Both names have the same number of parts.
            for (int dot = module.lastIndexOf('.'), at = first.lastIndexOf('.');
                    dot >= 0;
                    dot = module.lastIndexOf('.', dot - 1), at = first.lastIndexOf('.', at - 1)) {
                String block = module.substring(0, dot);
                if (!modules.containsKey(block) && targeted.test(first.substring(0, at))) {
                    others.add(block);
                }
            }
        }
        if (!embeddings.isEmpty()) {
            refuse(list(embeddings) + " is an embedding, and LoRA on an embedding is not modelled");
        }
        if (!others.isEmpty()) {
            refuse(list(others) + " is not a linear layer, and PEFT adapts no other");
        }
        if (model.tiedHead() && targeted.test("lm_head")) {
            refuse("lm_head shares the matrix of the embedding, and LoRA on a shared matrix is not modelled");
        }
        checkLayersAlike(targeted);
    }

    private void checkLayersAlike(Predicate<String> targeted) {
        Set<String> different = new LinkedHashSet<>();
        Map<Parameter, Boolean> first = new LinkedHashMap<>();
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            for (Parameter parameter : layers.get(i).parameters()) {
                if (parameter.isLinear() && TargetRules.isInLayer(parameter.name())) {
                    boolean here = targeted.test(TargetRules.module(parameter.module(), i));
                    if (here != first.computeIfAbsent(parameter, p -> here)) {
                        different.add(parameter.module());
                    }
                }
            }
        }
        if (!different.isEmpty()) {
            refuse(list(different) + " is a target in some layers only, and layers that differ are not modelled");
        }
    }

    private void checkAnyLinear() {
        boolean any = modules().values().stream().anyMatch(p -> p.isLinear() && targets.match(model, p));
        if (!any && violations.isEmpty()) {
            Set<String> known = modules().values().stream()
                    .filter(Parameter::isLinear)
                    .map(p -> TargetRules.lastPart(p.module()))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            refuse("must match a linear layer of the model, which has "
                    + (known.isEmpty() ? "none" : list(known)));
        }
    }

    /** One parameter for each module, in the model's order; the weight of a linear layer or embedding where it has one. */
    private Map<String, Parameter> modules() {
        Map<String, Parameter> modules = new LinkedHashMap<>();
        for (Parameter parameter : model.inventory().keySet()) {
            modules.merge(parameter.module(), parameter, (a, b) -> b.isLinear() ? b : a);
        }
        return modules;
    }

    private static String list(Set<String> names) {
        String shown = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? shown + ", ..." : shown;
    }
}
