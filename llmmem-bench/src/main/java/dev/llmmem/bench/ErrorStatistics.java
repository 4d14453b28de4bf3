package dev.llmmem.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/**
 * What is said of a set of absolute errors in percent.
 *
 * @param count how many errors, at least 1
 * @param mean their mean
 * @param median the middle one, or the mean of the middle two
 * @param p95 the smallest error that at least 95 % of them do not exceed (the nearest rank)
 * @param max the largest
 * @param within01 how many do not exceed 0.1 %, in percent of all
 * @param within1 how many do not exceed 1 %, in percent of all
 */
record ErrorStatistics(int count, double mean, double median, double p95, double max, double within01, double within1) {

    /**
     * The numbers of these errors.
     *
     * @param errors absolute errors in percent, each 0 or more
     * @return their statistics, or empty where there are none
     */
    static Optional<ErrorStatistics> of(Collection<Double> errors) {
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        double[] sorted =
                errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int count = sorted.length;
        return Optional.of(new ErrorStatistics(
                count,
                Arrays.stream(sorted).average().orElseThrow(),
                (sorted[(count - 1) / 2] + sorted[count / 2]) / 2,
                sorted[nearestRank(count) - 1],
                sorted[count - 1],
                share(sorted, 0.1),
                share(sorted, 1)));
    }

    /** The smallest whole number that is at least 95 % of the count. */
    private static int nearestRank(int count) {
        return Math.toIntExact((95L * count + 99) / 100);
    }

    private static double share(double[] errors, double limit) {
        return 100.0 * Arrays.stream(errors).filter(error -> error <= limit).count() / errors.length;
    }
}
