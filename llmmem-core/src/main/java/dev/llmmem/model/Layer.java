package dev.llmmem.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One layer: how it mixes tokens, how it transforms each of them, and its parameters.
 *
 * <p>Equal layers of a model share one instance. Immutable and thread-safe.
 *
 * @param attention how tokens are mixed
 * @param feedForward how each token is transformed
 * @param parameters the named tensors, in the order of the model's modules, with <code>{i}</code> for the layer index;
 *     none where the layer runs with those of the layer before it
 */
public record Layer(Attention attention, FeedForward feedForward, List<Parameter> parameters) {

    /**
     * Copies the list.
     *
     * @param attention how tokens are mixed
     * @param feedForward how each token is transformed
     * @param parameters the named tensors
     */
    public Layer {
        Objects.requireNonNull(attention, "attention");
        Objects.requireNonNull(feedForward, "feedForward");
        parameters = List.copyOf(parameters);
    }

    /**
     * Whether the layer works with the parameters of the layer before it, as those of ALBERT do: the model has them once.
     *
     * @return true where there is something to do and no parameter to do it with
     */
    public boolean sharesParameters() {
        return parameters.isEmpty()
                && !(attention instanceof Attention.Absent && feedForward instanceof FeedForward.Absent);
    }

    /**
     * Finds a parameter by the end of its name.
     *
     * @param suffix the last parts of the name, for example {@code self_attn.q_proj.weight}
     * @return the parameter whose name is the suffix or ends with a dot and the suffix
     */
    public Optional<Parameter> find(String suffix) {
        for (Parameter parameter : parameters) {
            String name = parameter.name();
            if (name.endsWith(suffix)
                    && (name.length() == suffix.length() || name.charAt(name.length() - suffix.length() - 1) == '.')) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }
}
