package dev.llmmem.metrics.statistics;

import java.io.Serializable;
import java.util.List;

/**
 * A score of a corpus that depends on its examples only through sums of a few figures of each, as BLEU, chrF and TER do. Such a
 * score can be computed again for thousands of resampled corpora without looking at the texts again. Implementations are
 * immutable and thread-safe.
 */
public interface SummedStatistics extends Serializable {

    /**
     * The figures of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with
     * @return finite numbers, as many for every example
     * @throws IllegalArgumentException if the metric cannot score such an example
     */
    double[] statistics(String prediction, List<String> references);

    /**
     * The score of a corpus.
     *
     * @param sums the sums of the figures of its examples, in the same order; not to be kept or changed
     * @return the score
     */
    double score(double[] sums);

    /**
     * The score of a resampled corpus, whose sums sacreBLEU keeps in single precision: what its formula divides of two such sums
     * is single as well, under NumPy 1, in TER and in the precisions and recalls of chrF. BLEU multiplies by a double first.
     *
     * @param sums the sums of the figures of the examples drawn, in the same order; not to be kept or changed
     * @return the score, by default {@link #score} of the same sums
     */
    default double scoreOfResample(float[] sums) {
        double[] wide = new double[sums.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = sums[i];
        }
        return score(wide);
    }
}
