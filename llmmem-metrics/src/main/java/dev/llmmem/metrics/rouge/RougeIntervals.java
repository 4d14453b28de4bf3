package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Confidence intervals by type.
 *
 * @param byType the intervals in the order of the scorer's types; not empty; unmodifiable
 */
public record RougeIntervals(Map<RougeType, RougeInterval> byType) implements Score {

    /**
     * Copies the map and keeps its order.
     *
     * @param byType the intervals by type
     * @throws IllegalArgumentException if there is none
     */
    public RougeIntervals {
        if (byType.isEmpty()) {
            throw new IllegalArgumentException("byType is empty, but must have an interval");
        }
        byType = Collections.unmodifiableMap(new LinkedHashMap<>(byType));
    }

    /**
     * The interval of a type.
     *
     * @param type a type that the scores have
     * @return its interval
     * @throws IllegalArgumentException if the scores do not have it
     */
    public RougeInterval get(RougeType type) {
        RougeInterval interval = byType.get(type);
        if (interval == null) {
            throw new IllegalArgumentException("type is " + type + ", but must be one of " + byType.keySet());
        }
        return interval;
    }

    /**
     * Of each type the median F, as Hugging Face's {@code evaluate} reports it, and its bounds.
     *
     * @return for example {@code {rouge1=0.41, rouge1 low=0.38, rouge1 high=0.44}}
     */
    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        byType.forEach((type, interval) -> {
            figures.put(type.referenceName(), interval.mid().f1());
            figures.put(type.referenceName() + " low", interval.low().f1());
            figures.put(type.referenceName() + " high", interval.high().f1());
        });
        return Collections.unmodifiableMap(figures);
    }

    /**
     * The intervals in one line.
     *
     * @return for example {@code rouge1: f1 0.41 (0.38 to 0.44); rougeL: ...}
     */
    @Override
    public String toString() {
        return byType.entrySet().stream()
                .map(entry -> entry.getKey().referenceName() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
