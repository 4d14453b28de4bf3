package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Score;
import dev.llmmem.metrics.text.PythonFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link SacreBleu} says. All figures but the lengths and counts are doubles as sacreBLEU computes them; only the score and the
 * brevity penalty, which need logarithms and powers, may differ from those of a platform whose C library rounds otherwise.
 *
 * @param score BLEU, 0 to 100; a perfect one is 100.00000000000004
 * @param counts matched n-grams by order, with what smoothing adds
 * @param totals n-grams of the hypotheses by order, with what smoothing adds
 * @param precisions by order, in percent; all 0 if nothing matches
 * @param brevityPenalty 0 to 1; 1 if the hypotheses are not shorter than the references
 * @param hypothesisLength tokens of the hypotheses
 * @param referenceLength tokens of the references, of several the one of the closest length; -1 for an empty hypothesis without any
 */
public record BleuScore(
        double score,
        List<Double> counts,
        List<Double> totals,
        List<Double> precisions,
        double brevityPenalty,
        long hypothesisLength,
        long referenceLength)
        implements Score {

    /**
     * Copies the lists.
     *
     * @param score BLEU, 0 to 100
     * @param counts matched n-grams by order
     * @param totals n-grams of the hypotheses by order
     * @param precisions by order, in percent
     * @param brevityPenalty 0 to 1
     * @param hypothesisLength tokens of the hypotheses
     * @param referenceLength tokens of the references
     * @throws IllegalArgumentException if the lists differ in length
     */
    public BleuScore {
        counts = List.copyOf(counts);
        totals = List.copyOf(totals);
        precisions = List.copyOf(precisions);
        if (totals.size() != counts.size() || precisions.size() != counts.size()) {
            throw new IllegalArgumentException("totals and precisions are " + totals.size() + " and "
                    + precisions.size() + ", but must be " + counts.size() + ", as many as counts");
        }
    }

    /**
     * How long the hypotheses are, as a part of the references.
     *
     * @return the quotient of the lengths; 0 if the references are empty
     */
    public double ratio() {
        return referenceLength == 0 ? 0 : (double) hypothesisLength / referenceLength;
    }

    /**
     * The figures: {@code bleu}, {@code precision1} and so on, {@code bp}, {@code ratio}, {@code hyp_len}, {@code ref_len}.
     *
     * @return names to figures, unmodifiable
     */
    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("bleu", score);
        for (int n = 0; n < precisions.size(); n++) {
            figures.put("precision" + (n + 1), precisions.get(n));
        }
        figures.put("bp", brevityPenalty);
        figures.put("ratio", ratio());
        figures.put("hyp_len", (double) hypothesisLength);
        figures.put("ref_len", (double) referenceLength);
        return Collections.unmodifiableMap(figures);
    }

    /**
     * What sacreBLEU prints.
     *
     * @return for example {@code BLEU = 53.73 81.2/66.7/50.0/30.8 (BP = 1.000 ratio = 1.231 hyp_len = 16 ref_len = 13)}
     */
    public String format() {
        return "BLEU = " + PythonFormat.fixed(score, 2) + " " + details();
    }

    /**
     * What sacreBLEU prints after a bootstrap.
     *
     * @param mean the mean of the scores of the samples
     * @param halfWidth half the width of the interval
     * @return for example {@code BLEU = 53.73 (μ = 53.70 ± 2.11) 81.2/66.7/50.0/30.8 (BP = ...)}; without mean and
     *     interval if the mean is not above 0
     */
    public String format(double mean, double halfWidth) {
        return mean > 0
                ? "BLEU = " + PythonFormat.fixed(score, 2) + " (\u03BC = " + PythonFormat.fixed(mean, 2) + " \u00B1 "
                        + PythonFormat.fixed(halfWidth, 2) + ") " + details()
                : format();
    }

    private String details() {
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < precisions.size(); n++) {
            text.append(n == 0 ? "" : "/").append(PythonFormat.fixed(precisions.get(n), 1));
        }
        return text.append(" (BP = ")
                .append(PythonFormat.fixed(brevityPenalty, 3))
                .append(" ratio = ")
                .append(PythonFormat.fixed(ratio(), 3))
                .append(" hyp_len = ")
                .append(hypothesisLength)
                .append(" ref_len = ")
                .append(referenceLength)
                .append(')')
                .toString();
    }

    /**
     * The same as {@link #format()}.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return format();
    }
}
