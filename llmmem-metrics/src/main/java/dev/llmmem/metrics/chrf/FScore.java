package dev.llmmem.metrics.chrf;

/** The F score of counts of n-grams, with the reference's operations in its order. */
final class FScore {

    private static final double EPSILON = 1e-16;

    private FScore() {}

    /** In percent; counts are n-grams of the hypothesis, of the reference and of both, for each order. */
    static double percent(double[] counts, int beta, boolean epsilonSmoothing) {
        return percent(counts, beta, epsilonSmoothing, false);
    }

    /** The same where quotients of counts are rounded to single precision. */
    static double percent(double[] counts, int beta, boolean epsilonSmoothing, boolean single) {
        double factor = (double) beta * beta;
        double sum = 0;
        double precisions = 0;
        double recalls = 0;
        int all = counts.length / 3;
        int orders = 0;
        for (int i = 0; i < counts.length; i += 3) {
            double precision = counts[i] > 0 ? quotient(counts[i + 2], counts[i], single) : EPSILON;
            double recall = counts[i + 1] > 0 ? quotient(counts[i + 2], counts[i + 1], single) : EPSILON;
            double denominator = factor * precision + recall;
            sum += denominator > 0 ? (1 + factor) * precision * recall / denominator : EPSILON;
            if (counts[i] > 0 && counts[i + 1] > 0) {
                precisions += precision;
                recalls += recall;
                orders++;
            }
        }
        if (epsilonSmoothing) {
            return 100 * sum / all;
        }
        if (precisions + recalls == 0) {
            return 0;
        }
        double precision = precisions / orders;
        double recall = recalls / orders;
        return 100 * ((1 + factor) * precision * recall / (factor * precision + recall));
    }

    private static double quotient(double matches, double all, boolean single) {
        return single ? (float) (matches / all) : matches / all;
    }
}
