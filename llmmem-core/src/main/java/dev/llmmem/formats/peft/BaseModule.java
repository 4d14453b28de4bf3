package dev.llmmem.formats.peft;

import dev.llmmem.model.Parameter;
import java.util.List;
import java.util.Optional;

/**
 * A module of the model that holds parameters itself.
 *
 * @param name its name
 * @param folded its name with <code>{i}</code> for the layer index
 * @param layer the index of its layer, or -1 outside the layers
 * @param parameters what it holds
 * @param tied whether its weight is that of the token embeddings, and no parameter of its own
 */
record BaseModule(String name, String folded, int layer, List<Parameter> parameters, boolean tied) {

    /** The parameter that says what sort of module it is. */
    Parameter main() {
        return parameters.stream()
                .filter(parameter -> parameter.kind() != Parameter.Kind.BIAS)
                .findFirst()
                .orElse(parameters.get(0));
    }

    /** What the name of a parameter has behind that of its module, with the dot. */
    static String ending(Parameter parameter) {
        return parameter.name().substring(parameter.module().length());
    }

    Parameter.Kind kind() {
        return main().kind();
    }

    boolean isLinear() {
        return main().isLinear();
    }

    long inputs() {
        return isLinear() ? main().inputs() : main().shape().get(0);
    }

    long outputs() {
        return isLinear() ? main().outputs() : main().shape().get(main().shape().size() - 1);
    }

    Optional<Parameter> bias() {
        return parameters.stream()
                .filter(parameter -> parameter.name().endsWith(".bias"))
                .findFirst();
    }
}
