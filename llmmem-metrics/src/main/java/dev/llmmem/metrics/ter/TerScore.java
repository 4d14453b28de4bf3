package dev.llmmem.metrics.ter;

import dev.llmmem.metrics.Score;
import dev.llmmem.metrics.text.PythonFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A translation edit rate.
 *
 * @param score edits per hundred words of the references, at least 0, lower is better; 100 if there are edits but no words of
 *     references, 0 if there is neither
 * @param edits how many edits it takes, of the fewest over the references of each text; at least 0
 * @param referenceLength the sum of the mean lengths of the references of each text, in tokens; at least 0
 * @param signature how it was computed, as sacreBLEU writes it
 */
public record TerScore(double score, long edits, double referenceLength, String signature) implements Score {

    /**
     * Checks for null.
     *
     * @param score edits per hundred words of the references
     * @param edits how many edits it takes
     * @param referenceLength the sum of the mean lengths of the references
     * @param signature how it was computed
     */
    public TerScore {
        Objects.requireNonNull(signature, "signature");
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("TER", score);
        figures.put("edits", (double) edits);
        figures.put("referenceLength", referenceLength);
        return Collections.unmodifiableMap(figures);
    }

    @Override
    public double value() {
        return score;
    }

    /**
     * The score as sacreBLEU prints it.
     *
     * @return for example {@code TER = 25.00}
     */
    @Override
    public String toString() {
        return "TER = " + PythonFormat.fixed(score, 2);
    }
}
