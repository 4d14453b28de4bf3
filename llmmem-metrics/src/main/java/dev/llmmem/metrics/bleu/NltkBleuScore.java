package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link NltkBleu} says.
 *
 * @param scores BLEU by weight vector, in their order; 0 to 1, or above with smoothing 6
 * @param brevityPenalty 0 to 1
 * @param matches matched n-grams by order
 * @param totals n-grams of the hypotheses by order; one for each example that is too short to have any
 * @param hypothesisLength tokens of the hypotheses
 * @param referenceLength tokens of the references, of several the one of the closest length
 * @param unmatchedOrders how many orders have no match, of each of which NLTK warns if it does not smooth
 */
public record NltkBleuScore(
        List<Double> scores,
        double brevityPenalty,
        List<Long> matches,
        List<Long> totals,
        long hypothesisLength,
        long referenceLength,
        int unmatchedOrders)
        implements Score {

    /**
     * Copies the lists.
     *
     * @param scores BLEU by weight vector, at least one
     * @param brevityPenalty 0 to 1
     * @param matches matched n-grams by order
     * @param totals n-grams of the hypotheses by order
     * @param hypothesisLength tokens of the hypotheses
     * @param referenceLength tokens of the references
     * @param unmatchedOrders how many orders have no match
     * @throws IllegalArgumentException if there is no score
     */
    public NltkBleuScore {
        scores = List.copyOf(scores);
        matches = List.copyOf(matches);
        totals = List.copyOf(totals);
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("scores are none, but must be at least one");
        }
    }

    /**
     * BLEU for the first weight vector.
     *
     * @return a number from 0 on, seldom above 1
     */
    public double score() {
        return scores.get(0);
    }

    /**
     * The figures: {@code bleu}, {@code bleu_2} and so on for further weight vectors, {@code bp}, {@code hyp_len}, {@code ref_len}.
     *
     * @return names to figures, unmodifiable
     */
    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (int i = 0; i < scores.size(); i++) {
            figures.put(i == 0 ? "bleu" : "bleu_" + (i + 1), scores.get(i));
        }
        figures.put("bp", brevityPenalty);
        figures.put("hyp_len", (double) hypothesisLength);
        figures.put("ref_len", (double) referenceLength);
        return Collections.unmodifiableMap(figures);
    }

    /**
     * The scores and what they are made of.
     *
     * @return for example {@code BLEU 0.4953319416460018 (matches 11/9/6/4 of 12/11/10/9, penalty 0.7788007830714049)}
     */
    @Override
    public String toString() {
        return "BLEU " + (scores.size() == 1 ? scores.get(0) : scores) + " (matches " + join(matches) + " of "
                + join(totals) + ", penalty " + brevityPenalty + ")";
    }

    private static String join(List<Long> counts) {
        StringBuilder text = new StringBuilder();
        for (long count : counts) {
            text.append(text.length() == 0 ? "" : "/").append(count);
        }
        return text.toString();
    }
}
