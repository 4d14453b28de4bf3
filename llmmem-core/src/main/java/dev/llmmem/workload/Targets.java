package dev.llmmem.workload;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.text.BoundedPattern;
import dev.llmmem.units.text.StepBudget;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which linear layers an adapter changes, by the name rules of Hugging Face PEFT ({@code target_modules}).
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Targets {

    /**
     * Whether the adapter changes a module.
     *
     * @param model the model
     * @param weight the weight of one of its linear layers
     * @return true where PEFT would wrap the module
     */
    boolean match(ModelSpec model, Parameter weight);

    /**
     * The modules that PEFT 0.21 chooses for the model type when none are named, for example {@code q_proj, v_proj}.
     */
    record Default() implements Targets {

        /**
         * Whether PEFT's choice for the model type has the module.
         *
         * @param model the model
         * @param weight the weight of one of its linear layers
         * @return true where PEFT would wrap the module
         * @throws IllegalArgumentException if PEFT has no default for the model type
         */
        @Override
        public boolean match(ModelSpec model, Parameter weight) {
            return of(model).match(model, weight);
        }

        /**
         * The targets that stand for the default.
         *
         * @param model the model
         * @return names, or a pattern
         * @throws IllegalArgumentException if PEFT has no default for the model type
         */
        public static Targets of(ModelSpec model) {
            return PeftDefaults.find(model.modelType())
                    .orElseThrow(
                            () -> new IllegalArgumentException("targets is PEFT's default, but PEFT has none for model"
                                    + " type " + model.modelType() + "; name the modules, or use all linear layers"));
        }
    }

    /**
     * Modules whose name equals one of the given names or ends with a dot and one of them.
     *
     * <p>Where a layer index is part of the name, it is that of the first layer that has the module.
     *
     * @param names 1 to 10000 names, for example {@code q_proj}
     */
    record Named(List<String> names) implements Targets {
        private static final int MOST_NAMES = 10_000;

        /**
         * Copies the names.
         *
         * @param names 1 to 10000 names
         * @throws IllegalArgumentException if there are fewer or more
         */
        public Named {
            names = List.copyOf(names);
            if (names.isEmpty() || names.size() > MOST_NAMES) {
                throw new IllegalArgumentException(
                        "targets has " + names.size() + " names, but must have 1 to " + MOST_NAMES + " names");
            }
        }

        @Override
        public boolean match(ModelSpec model, Parameter weight) {
            return TargetRules.named(names, model, weight);
        }
    }

    /**
     * Modules whose whole name matches a regular expression.
     *
     * <p>The syntax is that of {@link Pattern}, which is Python's but for rarities such as {@code (?P<name>...)}. Where
     * a layer index is part of the name, it is that of the first layer that has the module.
     *
     * @param pattern at most 4096 characters, matched against for example {@code model.layers.0.self_attn.q_proj}
     */
    record Matching(String pattern) implements Targets {
        private static final int MOST_STEPS = 1_000_000;
        private static final String PATTERN = "target pattern";

        /**
         * Checks the expression.
         *
         * @param pattern a regular expression
         * @throws IllegalArgumentException if it is not one, or too long or too deeply nested
         */
        public Matching {
            var unused = BoundedPattern.compile(PATTERN, pattern);
        }

        /**
         * Whether the expression matches the module's whole name.
         *
         * @param model the model
         * @param weight the weight of one of its linear layers
         * @return true where PEFT would wrap the module
         * @throws IllegalArgumentException if the expression backtracks without end
         */
        @Override
        public boolean match(ModelSpec model, Parameter weight) {
            return BoundedPattern.compile(PATTERN, pattern)
                    .matches(TargetRules.inFirstLayer(model, weight), new StepBudget(MOST_STEPS));
        }
    }

    /** Every linear layer but the output head ({@code "all-linear"}), inside the layers and outside. */
    record AllLinear() implements Targets {
        @Override
        public boolean match(ModelSpec model, Parameter weight) {
            return TargetRules.linear(weight);
        }
    }
}
