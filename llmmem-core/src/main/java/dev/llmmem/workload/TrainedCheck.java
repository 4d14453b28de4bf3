package dev.llmmem.workload;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** Whether a choice of trained parameters has a meaning for a model. */
final class TrainedCheck {

    /** Names times parameters that are compared at most. */
    private static final long MOST_STEPS = 5_000_000;

    private TrainedCheck() {}

    /** Every reason why a model cannot be trained so; none if it can. */
    static List<String> violations(ModelSpec model, Trained trained) {
        List<String> violations = new ArrayList<>();
        Trained named = trained instanceof Trained.AllBut but ? but.frozen() : trained;
        if (named instanceof Trained.LastLayers last
                && last.count() > model.layers().size()) {
            violations.add("trained count is " + last.count() + ", but must be 0 to "
                    + model.layers().size() + " layers, as many as the model has");
        }
        if (named instanceof Trained.Named chosen && chosen.names().size() * parameters(model) > MOST_STEPS) {
            violations.add("trained has " + chosen.names().size() + " names, but must have 1 to "
                    + MOST_STEPS / parameters(model) + " names for a model of " + parameters(model) + " tensors");
        } else if (named instanceof Trained.Named chosen) {
            Set<String> missing = new LinkedHashSet<>(chosen.names());
            boolean all = any(model, (parameter, layer) -> {
                String name = Trained.Named.fullName(parameter, layer);
                missing.removeIf(part -> Trained.Named.stands(part, name));
                return missing.isEmpty();
            });
            if (!all) {
                violations.add(
                        "trained is " + missing.stream().map(Quoted::start).collect(Collectors.joining(", "))
                                + ", but each name must stand between dots in the name of a parameter, for example in "
                                + model.layers().get(0).parameters().get(0).name());
            }
        }
        if (violations.isEmpty() && !any(model, (parameter, layer) -> trained.contains(model, parameter, layer))) {
            violations.add("trained is " + Describe.trained(trained) + ", but must hold a parameter of the model, "
                    + (named instanceof Trained.Biases ? "which has no bias" : "which it does not"));
        }
        return violations;
    }

    private static long parameters(ModelSpec model) {
        long count = model.outerParameters().size();
        for (Layer layer : model.layers()) {
            count += layer.parameters().size();
        }
        return count;
    }

    private static boolean any(ModelSpec model, BiPredicate<Parameter, OptionalInt> test) {
        for (Parameter parameter : model.outerParameters()) {
            if (test.test(parameter, OptionalInt.empty())) {
                return true;
            }
        }
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            for (Parameter parameter : layers.get(i).parameters()) {
                if (test.test(parameter, OptionalInt.of(i))) {
                    return true;
                }
            }
        }
        return false;
    }
}
