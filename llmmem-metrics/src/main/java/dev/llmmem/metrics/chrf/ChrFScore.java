package dev.llmmem.metrics.chrf;

import dev.llmmem.metrics.Score;
import dev.llmmem.metrics.text.PythonFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A chrF score.
 *
 * @param name for example {@code chrF2}, or {@code chrF2++} with words up to order 2
 * @param score the F score in percent, 0 to 100 but for rounding, higher is better
 * @param counts how many n-grams there were and matched: those of characters from order 1 on, then those of words
 * @param signature how it was computed, as sacreBLEU writes it
 */
public record ChrFScore(String name, double score, List<NGramCounts> counts, String signature) implements Score {

    /**
     * Copies the list.
     *
     * @param name what the score is called
     * @param score the F score in percent
     * @param counts how many n-grams there were and matched
     * @param signature how it was computed
     */
    public ChrFScore {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(signature, "signature");
        counts = List.copyOf(counts);
    }

    @Override
    public Map<String, Double> figures() {
        return Map.of(name, score);
    }

    @Override
    public double value() {
        return score;
    }

    /**
     * The score as sacreBLEU prints it.
     *
     * @return for example {@code chrF2 = 85.00}
     */
    @Override
    public String toString() {
        return name + " = " + PythonFormat.fixed(score, 2);
    }
}
