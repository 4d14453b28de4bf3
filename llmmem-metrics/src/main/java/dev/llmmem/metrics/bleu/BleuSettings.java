package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.text.Tokenizer;
import java.io.Serializable;

/**
 * What one {@link SacreBleu} has and another has not.
 *
 * @param tokenizer what cuts texts
 * @param tokenizerName what signatures call it
 * @param smoothing what is done about orders without a match
 * @param smoothingValue the number that goes with it
 * @param maxOrder the highest order
 * @param effectiveOrder whether the mean stops at orders without n-grams
 * @param lowercase whether texts are lower-cased
 */
record BleuSettings(
        Tokenizer tokenizer,
        String tokenizerName,
        BleuSmoothing smoothing,
        double smoothingValue,
        int maxOrder,
        boolean effectiveOrder,
        boolean lowercase)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    BleuSettings withTokenizer(Tokenizer other, String name) {
        return new BleuSettings(other, name, smoothing, smoothingValue, maxOrder, effectiveOrder, lowercase);
    }

    BleuSettings withSmoothing(BleuSmoothing other, double value) {
        return new BleuSettings(tokenizer, tokenizerName, other, value, maxOrder, effectiveOrder, lowercase);
    }

    BleuSettings withMaxOrder(int order) {
        return new BleuSettings(tokenizer, tokenizerName, smoothing, smoothingValue, order, effectiveOrder, lowercase);
    }

    BleuSettings withEffectiveOrder(boolean effective) {
        return new BleuSettings(tokenizer, tokenizerName, smoothing, smoothingValue, maxOrder, effective, lowercase);
    }

    BleuSettings withLowercase(boolean lower) {
        return new BleuSettings(tokenizer, tokenizerName, smoothing, smoothingValue, maxOrder, effectiveOrder, lower);
    }
}
