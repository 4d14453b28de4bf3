package dev.llmmem.metrics;

import java.util.List;
import java.util.Objects;

/**
 * A generated text and the texts that it is compared with.
 *
 * @param prediction the generated text
 * @param references what it should have been, at least in meaning; which metrics permit none or several, they say
 */
public record Example(String prediction, List<String> references) {

    /**
     * Copies the list.
     *
     * @param prediction the generated text
     * @param references the texts that it is compared with
     */
    public Example {
        Objects.requireNonNull(prediction, "prediction");
        references = List.copyOf(references);
    }

    /**
     * An example with one reference or several.
     *
     * @param prediction the generated text
     * @param references the texts that it is compared with
     * @return the example
     */
    public static Example of(String prediction, String... references) {
        return new Example(prediction, List.of(references));
    }
}
