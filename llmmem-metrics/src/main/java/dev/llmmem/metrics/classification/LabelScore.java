package dev.llmmem.metrics.classification;

/**
 * How well one label was found.
 *
 * @param truths how often it was true
 * @param predictions how often it was predicted
 * @param hits how often both
 */
public record LabelScore(long truths, long predictions, long hits) {

    /**
     * Checks the counts.
     *
     * @param truths how often it was true
     * @param predictions how often it was predicted
     * @param hits how often both
     * @throws IllegalArgumentException if one is negative, or hits are more than the others
     */
    public LabelScore {
        if (hits < 0 || hits > Math.min(truths, predictions)) {
            throw new IllegalArgumentException(
                    "hits are " + hits + ", but must be 0 to " + Math.min(truths, predictions));
        }
    }

    /**
     * The share of predictions that were true.
     *
     * @return 0 to 1; 0 if it was never predicted
     */
    public double precision() {
        return ratio((double) hits, (double) predictions);
    }

    /**
     * The share of truths that were predicted.
     *
     * @return 0 to 1; 0 if it was never true
     */
    public double recall() {
        return ratio((double) hits, (double) truths);
    }

    /**
     * The harmonic mean of precision and recall.
     *
     * @return 0 to 1; 0 if it was neither true nor predicted
     */
    public double f1() {
        return ratio(2.0 * hits, (double) truths + predictions);
    }

    static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
