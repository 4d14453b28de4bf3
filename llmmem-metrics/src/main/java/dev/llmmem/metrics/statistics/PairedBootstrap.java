package dev.llmmem.metrics.statistics;

import java.util.Optional;

/**
 * Tests by resampling whether a system and a baseline differ by more than chance (Koehn, "Statistical Significance Tests for
 * Machine Translation Evaluation", EMNLP 2004), with the numbers of sacreBLEU 2.6 (sacrebleu/significance.py, {@code
 * _paired_bs_test}) under NumPy 1: p-values and intervals to the bit.
 *
 * <p>Limit case of the reference, kept: a system compared with itself differs in no sample by more than 0, so that its p-value is
 * the smallest, 1 / (samples + 1). Look at the scores too.
 *
 * @param samples how many resamples to draw, 1 to {@link BootstrapInterval#MOST_SAMPLES}
 * @param seed the seed of {@link Pcg64}, at least 0
 */
public record PairedBootstrap(int samples, long seed) {

    /**
     * Checks both.
     *
     * @param samples how many resamples to draw, 1 to {@link BootstrapInterval#MOST_SAMPLES}
     * @param seed the seed of {@link Pcg64}, at least 0
     * @throws IllegalArgumentException if one is out of range
     */
    public PairedBootstrap {
        BootstrapInterval.requireSamples("samples", samples);
        BootstrapInterval.requireSeed(seed);
    }

    /** The test with sacreBLEU's 1,000 samples and its seed. */
    public PairedBootstrap() {
        this(BootstrapInterval.DEFAULT_SAMPLES, BootstrapInterval.DEFAULT_SEED);
    }

    /**
     * The baseline's own interval, from the same samples.
     *
     * @param baseline the corpus as the baseline answered it
     * @return the interval
     */
    public BootstrapInterval interval(Segments baseline) {
        return BootstrapInterval.withNumpyMean(baseline.score(), baseline.resampled(new Pcg64(seed), samples));
    }

    /**
     * Compares a system with a baseline.
     *
     * @param baseline the corpus as the baseline answered it
     * @param system the same examples in the same order as the system answered them
     * @return the scores, the p-value and the system's interval
     * @throws IllegalArgumentException if the sizes differ
     */
    public Comparison compare(Segments baseline, Segments system) {
        system.requireSameSize(baseline);
        double observed = Math.abs(baseline.score() - system.score());
        double[] scores = system.resampled(new Pcg64(seed), samples);
        double[] differences = baseline.resampled(new Pcg64(seed), samples);
        for (int i = 0; i < samples; i++) {
            differences[i] = Math.abs(scores[i] - differences[i]);
        }
        double mean = PairwiseSum.mean(differences);
        int more = 0;
        for (double difference : differences) {
            if (difference - mean > observed) {
                more++;
            }
        }
        return new Comparison(
                baseline.score(),
                system.score(),
                Comparison.pValue(more, samples),
                Optional.of(BootstrapInterval.withNumpyMean(system.score(), scores)));
    }
}
