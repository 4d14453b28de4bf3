package dev.llmmem.metrics;

import java.util.Map;

/** What a metric says of one example or of a corpus. Implementations are records: immutable and thread-safe. */
public interface Score {

    /**
     * All figures by name, in a fixed order; the first is the one that people quote.
     *
     * @return names to figures, unmodifiable; not empty
     */
    Map<String, Double> figures();

    /**
     * The figure that people quote.
     *
     * @return the first of {@link #figures()}
     */
    default double value() {
        return figures().values().iterator().next();
    }
}
