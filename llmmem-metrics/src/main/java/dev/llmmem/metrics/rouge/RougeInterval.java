package dev.llmmem.metrics.rouge;

import java.util.Objects;

/**
 * Percentiles of bootstrap means, of precision, recall and F each by itself.
 *
 * @param low the lower bound of the confidence interval
 * @param mid the median of the bootstrap means, which is not the mean of the examples
 * @param high the upper bound of the confidence interval
 */
public record RougeInterval(RougeScore low, RougeScore mid, RougeScore high) {

    /**
     * An interval.
     *
     * @param low the lower bounds
     * @param mid the medians
     * @param high the upper bounds
     */
    public RougeInterval {
        Objects.requireNonNull(low, "low");
        Objects.requireNonNull(mid, "mid");
        Objects.requireNonNull(high, "high");
    }

    /**
     * The F with its bounds.
     *
     * @return for example {@code f1 0.41 (0.38 to 0.44)}
     */
    @Override
    public String toString() {
        return "f1 " + mid.f1() + " (" + low.f1() + " to " + high.f1() + ")";
    }
}
