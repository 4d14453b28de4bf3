package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.text.Tokenizer;
import java.io.Serializable;
import java.util.List;

/**
 * What one {@link NltkBleu} has and another has not.
 *
 * @param weights weights by order, one vector or several
 * @param smoothing what is done about orders without a match
 * @param autoReweigh whether default weights fit themselves to short texts
 * @param tokenizer what cuts texts
 */
record NltkSettings(List<List<Double>> weights, NltkSmoothing smoothing, boolean autoReweigh, Tokenizer tokenizer)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    int orders() {
        int most = 0;
        for (List<Double> vector : weights) {
            most = Math.max(most, vector.size());
        }
        return most;
    }
}
