package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@link Gleu} says.
 *
 * @param matches n-grams that prediction and reference share
 * @param ngrams n-grams of the prediction or the reference, whichever has more
 */
public record GleuScore(long matches, long ngrams) implements Score {

    /**
     * Checks the counts.
     *
     * @param matches n-grams that prediction and reference share
     * @param ngrams n-grams of the prediction or the reference, whichever has more
     * @throws IllegalArgumentException unless 0 &lt;= matches &lt;= ngrams
     */
    public GleuScore {
        if (matches < 0 || matches > ngrams) {
            throw new IllegalArgumentException("matches are " + matches + ", but must be 0 to " + ngrams);
        }
    }

    /**
     * GLEU.
     *
     * @return matches divided by n-grams, 0 to 1; 0 if there are none
     */
    public double score() {
        return ngrams == 0 ? 0 : (double) matches / (double) ngrams;
    }

    /**
     * The figures: {@code gleu}, {@code matches}, {@code ngrams}.
     *
     * @return names to figures, unmodifiable
     */
    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("gleu", score());
        figures.put("matches", (double) matches);
        figures.put("ngrams", (double) ngrams);
        return Collections.unmodifiableMap(figures);
    }

    /**
     * The score and what it is made of.
     *
     * @return for example {@code GLEU 0.42857142857142855 (6 of 14)}
     */
    @Override
    public String toString() {
        return "GLEU " + score() + " (" + matches + " of " + ngrams + ")";
    }
}
