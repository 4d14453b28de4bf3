package dev.llmmem.metrics.classification;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.statistics.ExactSum;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Predicted numbers against true ones: the correlations of Pearson and Spearman, as scipy.stats 1.17 defines them. STS-B of GLUE is
 * scored by both. Sums are exact and rounded once, so that results do not depend on the order of examples; they differ from
 * scipy's in the last bits.
 *
 * <p>Predictions and references are decimal numbers as texts, such as {@code 3.75}. Immutable and thread-safe.
 */
public final class Correlation implements Metric<CorrelationScore> {

    private static final long serialVersionUID = 1L;

    /** The scorer. */
    public static final Correlation INSTANCE = new Correlation();

    private Correlation() {}

    @Override
    public String name() {
        return "correlation";
    }

    /**
     * One pair of numbers has no correlation.
     *
     * @param prediction the predicted number
     * @param references the true number alone
     * @return never
     * @throws IllegalArgumentException if there is not exactly one true number, or one is not finite or no number
     * @throws IllegalStateException otherwise
     */
    @Override
    public CorrelationScore score(String prediction, List<String> references) {
        Accumulator<CorrelationScore> corpus = corpus();
        corpus.add(prediction, references);
        return corpus.result();
    }

    @Override
    public Accumulator<CorrelationScore> corpus() {
        return new CorrelationCorpus();
    }

    /**
     * Pearson's correlation: how nearly two rows of numbers lie on a line.
     *
     * @param x finite numbers, at least two
     * @param y as many
     * @return -1 to 1; not a number if either row is constant
     * @throws IllegalArgumentException if the numbers are too few, not as many, or not finite
     */
    public static double pearson(double[] x, double[] y) {
        requirePairs(x, y);
        return correlation(centred(x), centred(y));
    }

    /**
     * Spearman's correlation: Pearson's of the ranks, ties having the mean of theirs.
     *
     * @param x finite numbers, at least two
     * @param y as many
     * @return -1 to 1; not a number if either row is constant
     * @throws IllegalArgumentException if the numbers are too few, not as many, or not finite
     */
    public static double spearman(double[] x, double[] y) {
        requirePairs(x, y);
        return correlation(centred(ranks(x)), centred(ranks(y)));
    }

    private static void requirePairs(double[] x, double[] y) {
        if (x.length < 2) {
            throw new IllegalArgumentException("numbers of x are " + x.length + ", but must be at least 2");
        }
        if (y.length != x.length) {
            throw new IllegalArgumentException(
                    "numbers of y are " + y.length + ", but must be " + x.length + ", as many as of x");
        }
        for (int i = 0; i < x.length; i++) {
            requireFinite("x", x[i]);
            requireFinite("y", y[i]);
        }
    }

    static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be finite");
        }
    }

    /** Deviations from the mean, in units that keep squares from overflow and underflow; all zero if constant. */
    private static double[] centred(double[] values) {
        double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        int exponent = largest == 0 ? 0 : Math.getExponent(largest) + 2;
        double[] centred = new double[values.length];
        ExactSum sum = new ExactSum();
        for (int i = 0; i < values.length; i++) {
            centred[i] = Math.scalb(values[i], -exponent);
            sum.add(centred[i]);
        }
        double mean = sum.mean(values.length);
        boolean constant = true;
        for (int i = 0; i < values.length; i++) {
            constant &= values[i] == values[0];
            centred[i] -= mean;
        }
        return constant ? new double[values.length] : centred;
    }

    private static double correlation(double[] x, double[] y) {
        double norms = Math.sqrt(dot(x, x) * dot(y, y));
        return norms == 0 ? Double.NaN : Math.max(-1, Math.min(1, dot(x, y) / norms));
    }

    private static double dot(double[] x, double[] y) {
        ExactSum sum = new ExactSum();
        for (int i = 0; i < x.length; i++) {
            sum.add(x[i] * y[i]);
        }
        return sum.value();
    }

    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                // -0 ties with 0
                .sorted((a, b) -> Double.compare(values[a] + 0.0, values[b] + 0.0))
                .mapToInt(i -> i)
                .toArray();
        double[] ranks = new double[values.length];
        for (int start = 0; start < order.length; ) {
            int end = start + 1;
            while (end < order.length && values[order[end]] == values[order[start]]) {
                end++;
            }
            for (int i = start; i < end; i++) {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }
            start = end;
        }
        return ranks;
    }

    /**
     * Keeps the scorer single.
     *
     * @return the scorer
     */
    private Object readResolve() {
        return INSTANCE;
    }

    @Override
    public String toString() {
        return name();
    }
}
