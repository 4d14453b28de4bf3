package dev.llmmem.metrics.statistics;

import java.util.Optional;

/**
 * Tests by swapping answers whether a system and a baseline differ by more than chance (Riezler and Maxwell, "On Some Pitfalls in
 * Automatic Evaluation and Significance Testing for MT", ACL workshop 2005), with the numbers of sacreBLEU 2.6
 * (sacrebleu/significance.py, {@code _paired_ar_test}) under NumPy 1: p-values and intervals to the bit.
 *
 * <p>Limit case of the reference, kept: a system compared with itself differs in no trial by more than 0, so that its p-value is
 * the smallest, 1 / (trials + 1). Look at the scores too.
 *
 * @param trials how often to swap, 1 to {@link BootstrapInterval#MOST_SAMPLES}
 * @param intervalSamples how many resamples to draw for intervals, 0 (none) to {@link BootstrapInterval#MOST_SAMPLES}
 * @param seed the seed of {@link Pcg64}, at least 0
 */
public record ApproximateRandomization(int trials, int intervalSamples, long seed) {

    /** How often sacreBLEU swaps unless told otherwise. */
    public static final int DEFAULT_TRIALS = 10_000;

    /**
     * Checks the three.
     *
     * @param trials how often to swap, 1 to {@link BootstrapInterval#MOST_SAMPLES}
     * @param intervalSamples how many resamples to draw for intervals, 0 (none) to {@link BootstrapInterval#MOST_SAMPLES}
     * @param seed the seed of {@link Pcg64}, at least 0
     * @throws IllegalArgumentException if one is out of range
     */
    public ApproximateRandomization {
        BootstrapInterval.requireSamples("trials", trials);
        if (intervalSamples < 0 || intervalSamples > BootstrapInterval.MOST_SAMPLES) {
            throw new IllegalArgumentException(
                    "intervalSamples is " + intervalSamples + ", but must be 0 to " + BootstrapInterval.MOST_SAMPLES);
        }
        BootstrapInterval.requireSeed(seed);
    }

    /** The test with sacreBLEU's 10,000 trials, its seed and no interval. */
    public ApproximateRandomization() {
        this(DEFAULT_TRIALS, 0, BootstrapInterval.DEFAULT_SEED);
    }

    /**
     * The baseline's own interval, if intervals are asked for.
     *
     * @param baseline the corpus as the baseline answered it
     * @return the interval, or nothing
     */
    public Optional<BootstrapInterval> interval(Segments baseline) {
        return interval(baseline, new Pcg64(seed));
    }

    /**
     * Compares a system with a baseline.
     *
     * @param baseline the corpus as the baseline answered it
     * @param system the same examples in the same order as the system answered them, with as many figures each
     * @return the scores, the p-value and the system's interval if intervals are asked for
     * @throws IllegalArgumentException if the sizes differ
     */
    public Comparison compare(Segments baseline, Segments system) {
        system.requireSameSize(baseline);
        double observed = Math.abs(baseline.score() - system.score());
        Pcg64 random = new Pcg64(seed);
        Pcg64.Booleans chance = random.booleans();
        int more = 0;
        for (int i = 0; i < trials; i++) {
            if (baseline.swappedDifference(system, chance) > observed) {
                more++;
            }
        }
        return new Comparison(
                baseline.score(), system.score(), Comparison.pValue(more, trials), interval(system, random));
    }

    private Optional<BootstrapInterval> interval(Segments segments, Pcg64 random) {
        return intervalSamples == 0
                ? Optional.empty()
                : Optional.of(
                        BootstrapInterval.withNumpyMean(segments.score(), segments.resampled(random, intervalSamples)));
    }
}
