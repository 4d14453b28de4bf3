package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter.Kind;
import java.util.Set;
import java.util.function.Function;

/** What a type of adapter adds. */
sealed interface Method {

    /** What is added to one module after another. It may hold what it saw of them. */
    interface Run {
        void adapt(BaseModule module, Inventory out);

        /** Adds what depends on all modules. */
        default void finish(Inventory out) {}
    }

    /**
     * Tensors for each target.
     *
     * @param kinds the modules that PEFT adapts
     * @param skipping whether it passes over other targets instead of refusing them
     * @param start begins with a model
     */
    record PerModule(Set<Kind> kinds, boolean skipping, Function<ModelSpec, Run> start) implements Method {}

    /** Tensors for the model as a whole. */
    non-sealed interface Whole extends Method {
        void add(ModelSpec model, Inventory out);
    }

    static Method perModule(Set<Kind> kinds, Run stateless) {
        return new PerModule(kinds, false, model -> stateless);
    }

    static Method linear(Run stateless) {
        return perModule(Set.of(Kind.LINEAR), stateless);
    }

    /** For linear layers in either storage order. */
    static Method bothLinear(Run stateless) {
        return perModule(Set.of(Kind.LINEAR, Kind.CONV1D), stateless);
    }
}
