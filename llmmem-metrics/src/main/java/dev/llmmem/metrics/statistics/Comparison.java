package dev.llmmem.metrics.statistics;

import java.util.Objects;
import java.util.Optional;

/**
 * How a system compares with a baseline on the same examples.
 *
 * @param baseline the score of the baseline
 * @param score the score of the system
 * @param pValue how likely a difference at least so large would be if neither system were better, above 0 and at most 1
 * @param interval the mean and interval of the system's score, if they were asked for
 */
public record Comparison(double baseline, double score, double pValue, Optional<BootstrapInterval> interval) {

    /**
     * Keeps the numbers.
     *
     * @param baseline the score of the baseline
     * @param score the score of the system
     * @param pValue above 0 and at most 1
     * @param interval the mean and interval of the system's score, if they were asked for
     * @throws IllegalArgumentException if the p-value is out of range
     */
    public Comparison {
        Objects.requireNonNull(interval, "interval");
        if (!(pValue > 0 && pValue <= 1)) {
            throw new IllegalArgumentException("pValue is " + pValue + ", but must be above 0 and at most 1");
        }
    }

    /**
     * Whether a difference so large would be rare if neither system were better.
     *
     * @param level how rare, 0 to 1; 0.05 is usual
     * @return whether the p-value is below it
     * @throws IllegalArgumentException if the level is out of range
     */
    public boolean isSignificantAt(double level) {
        if (!(level >= 0 && level <= 1)) {
            throw new IllegalArgumentException("level is " + level + ", but must be 0 to 1");
        }
        return pValue < level;
    }

    /** The p-value from how many of so many trials differ more than what was observed: never 0, as an estimate must not be. */
    static double pValue(int more, int trials) {
        return (more + 1.0) / (trials + 1.0);
    }

    /**
     * The numbers in one line.
     *
     * @return for example {@code 80.26 against 62.93, p = 0.126}, unrounded
     */
    @Override
    public String toString() {
        return score + " against " + baseline + ", p = " + pValue;
    }
}
