package dev.llmmem.metrics.classification;

import dev.llmmem.metrics.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well numbers were predicted.
 *
 * @param pearson Pearson's correlation, -1 to 1; not a number if predictions or truths are constant
 * @param spearman Spearman's correlation, -1 to 1; not a number if predictions or truths are constant
 */
public record CorrelationScore(double pearson, double spearman) implements Score {

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("pearson", pearson);
        figures.put("spearman", spearman);
        return Collections.unmodifiableMap(figures);
    }

    /**
     * Both in one line.
     *
     * @return for example {@code Pearson 0.91, Spearman 0.9}, unrounded
     */
    @Override
    public String toString() {
        return "Pearson " + pearson + ", Spearman " + spearman;
    }
}
