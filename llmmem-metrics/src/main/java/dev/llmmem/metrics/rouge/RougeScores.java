package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Scores by type, of one example or of a corpus.
 *
 * @param byType the scores in the order of the scorer's types; not empty; unmodifiable
 */
public record RougeScores(Map<RougeType, RougeScore> byType) implements Score {

    /**
     * Copies the map and keeps its order.
     *
     * @param byType the scores by type
     * @throws IllegalArgumentException if there is none
     */
    public RougeScores {
        if (byType.isEmpty()) {
            throw new IllegalArgumentException("byType is empty, but must have a score");
        }
        byType = Collections.unmodifiableMap(new LinkedHashMap<>(byType));
    }

    /** Of precision, recall and F of each type in turn. */
    static RougeScores of(List<RougeType> types, double[] figures) {
        Map<RougeType, RougeScore> byType = new LinkedHashMap<>();
        for (int i = 0; i < types.size(); i++) {
            byType.put(types.get(i), new RougeScore(figures[3 * i], figures[3 * i + 1], figures[3 * i + 2]));
        }
        return new RougeScores(byType);
    }

    /**
     * The score of a type.
     *
     * @param type a type that the scorer computes
     * @return its score
     * @throws IllegalArgumentException if the scorer does not compute it
     */
    public RougeScore get(RougeType type) {
        RougeScore score = byType.get(type);
        if (score == null) {
            throw new IllegalArgumentException("type is " + type + ", but must be one of " + byType.keySet());
        }
        return score;
    }

    /**
     * The F of each type.
     *
     * @return for example {@code {rouge1=0.888888888888889, rougeL=0.888888888888889}}
     */
    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        byType.forEach((type, score) -> figures.put(type.referenceName(), score.f1()));
        return Collections.unmodifiableMap(figures);
    }

    /**
     * The scores in one line.
     *
     * @return for example {@code rouge1: precision 0.8, recall 1.0, f1 0.888888888888889; rougeL: ...}
     */
    @Override
    public String toString() {
        return byType.entrySet().stream()
                .map(entry -> entry.getKey().referenceName() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
