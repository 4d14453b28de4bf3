package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.units.text.StepBudget;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * IA3: peft 0.21.0, {@code peft/tuners/ia3/model.py} ({@code _check_target_module_feedforward}, {@code _prepare_adapter_config})
 * and {@code peft/tuners/ia3/layer.py}. A feed-forward target scales its inputs, any other its outputs.
 */
final class Ia3 {

    private final @Nullable NameRule feedForward;

    private Ia3(@Nullable NameRule feedForward) {
        this.feedForward = feedForward;
    }

    static Ia3 read(Settings settings, Selection selection) {
        Optional<NameRule> feedForward = NameRule.read(settings, "feedforward_modules", false);
        if (feedForward.filter(rule -> rule.names().size() > Settings.MOST_ENDS).isPresent()) {
            settings.refuse("feedforward_modules", "a list of [0, " + Settings.MOST_ENDS + "] texts");
        }
        Optional<NameRule> targets = selection.stated();
        if (feedForward.isPresent()
                && feedForward.get().isList()
                && targets.isPresent()
                && targets.get().isList()
                && !targets.get().names().containsAll(feedForward.get().names())) {
            settings.refuse("feedforward_modules", "names that target_modules has too");
        }
        return new Ia3(feedForward.orElse(null));
    }

    Method method() {
        return new Method.PerModule(Set.of(Kind.LINEAR, Kind.CONV1D), false, model -> {
            NameRule inner = feedForward(model);
            return (module, out) -> {
                if (isFeedForward(inner, module, out.steps())) {
                    out.add(module, "ia3_l", 1, module.inputs());
                } else {
                    out.add(module, "ia3_l", module.outputs(), 1);
                }
            };
        });
    }

    NameRule feedForward(ModelSpec model) {
        return Optional.ofNullable(feedForward)
                .or(() -> Defaults.targets("IA3.feedforward", model.modelType()))
                .orElseThrow(
                        () -> new IllegalArgumentException("feedforward_modules = null, permitted names: PEFT has no"
                                + " default for model type " + model.modelType()));
    }

    /** Of names, one is the end of a module's, with or without a dot before. */
    private static boolean isFeedForward(NameRule rule, BaseModule module, StepBudget steps) {
        return rule.isList()
                ? rule.names().stream().anyMatch(module.name()::endsWith)
                : rule.chooses(module.name(), steps);
    }
}
