package dev.llmmem.metrics.rouge;

/**
 * Precision, recall and their harmonic mean, of one example; or the means of each over a corpus, so that the third is not
 * the harmonic mean of the other two then.
 *
 * @param precision which part of the prediction is in the reference, 0 to 1
 * @param recall which part of the reference is in the prediction, 0 to 1
 * @param f1 2 × precision × recall / (precision + recall), 0 if both are 0
 */
public record RougeScore(double precision, double recall, double f1) {

    /**
     * A score.
     *
     * @param precision which part of the prediction is in the reference, 0 to 1
     * @param recall which part of the reference is in the prediction, 0 to 1
     * @param f1 their harmonic mean, 0 to 1
     * @throws IllegalArgumentException if a figure is out of range
     */
    public RougeScore {
        check("precision", precision);
        check("recall", recall);
        check("f1", f1);
    }

    private static void check(String name, double figure) {
        if (!(figure >= 0 && figure <= 1)) {
            throw new IllegalArgumentException(name + " is " + figure + ", but must be 0 to 1");
        }
    }

    /** The harmonic mean in the order of operations of {@code rouge_score.scoring.fmeasure}. */
    static double f1(double precision, double recall) {
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }

    /**
     * The three figures.
     *
     * @return for example {@code precision 0.8, recall 1.0, f1 0.888888888888889}
     */
    @Override
    public String toString() {
        return "precision " + precision + ", recall " + recall + ", f1 " + f1;
    }
}
