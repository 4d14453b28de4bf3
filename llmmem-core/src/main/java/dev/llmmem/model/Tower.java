package dev.llmmem.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/**
 * A part of a model that reads something before the layers do: an image tower, or the encoder of an encoder-decoder.
 *
 * <p>A tower takes memory for its weights and is counted. It is not estimated in training. Immutable and thread-safe.
 *
 * @param name what it is, for example {@code vision} or {@code encoder}
 * @param parts its tensors in the order of its modules
 */
public record Tower(String name, List<Part> parts) {

    /**
     * Copies the list.
     *
     * @param name what it is
     * @param parts its tensors
     * @throws IllegalArgumentException if the name is blank or no tensor is given
     */
    public Tower {
        if (name.isBlank()) {
            throw new IllegalArgumentException("tower name is blank, but must be a text");
        }
        parts = List.copyOf(parts);
        if (parts.isEmpty() || new LinkedHashSet<>(parts).size() < parts.size()) {
            throw new IllegalArgumentException(
                    "tower " + name + " has " + parts.size() + " tensors, but must have at least 1, each once");
        }
    }

    /**
     * The number of parameters.
     *
     * @return the exact number of elements
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE}
     */
    public long parameterCount() {
        long count = 0;
        for (Part part : parts) {
            count = Math.addExact(count, Math.multiplyExact(part.parameter().elements(), (long) part.count()));
        }
        return count;
    }

    /**
     * A tensor of a tower.
     *
     * @param parameter the tensor, with <code>{i}</code> for an index
     * @param count how often it is there, at least 1
     */
    public record Part(Parameter parameter, int count) {

        /**
         * Checks the number.
         *
         * @param parameter the tensor
         * @param count how often it is there
         * @throws IllegalArgumentException if the count is below 1
         */
        public Part {
            Objects.requireNonNull(parameter, "parameter");
            if (count < 1) {
                throw new IllegalArgumentException(
                        "count of " + parameter.name() + " is " + count + ", but must be at least 1");
            }
        }
    }
}
