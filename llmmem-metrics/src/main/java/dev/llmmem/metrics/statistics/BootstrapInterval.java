package dev.llmmem.metrics.statistics;

import java.util.Arrays;

/**
 * How far the score of a corpus would vary had its examples been others: the mean and the 95% interval of the scores of corpora
 * of the same size, drawn from it with replacement (Koehn, "Statistical Significance Tests for Machine Translation Evaluation",
 * EMNLP 2004), with the numbers of sacreBLEU 2.6 (sacrebleu/metrics/base.py) under NumPy 1. Under NumPy 2 sacreBLEU computes
 * scores of resamples in single precision and so differs from the fifth digit on.
 *
 * @param score the score of the corpus itself
 * @param mean the mean of the scores of the resamples
 * @param halfWidth half the distance between the scores that cut off one fortieth at either end
 * @param samples how many resamples were drawn
 */
public record BootstrapInterval(double score, double mean, double halfWidth, int samples) {

    /** How many resamples sacreBLEU draws unless told otherwise. */
    public static final int DEFAULT_SAMPLES = 1000;

    /** The seed of sacreBLEU, unless the environment sets another. */
    public static final long DEFAULT_SEED = 12345;

    /** The most resamples. */
    public static final int MOST_SAMPLES = 10_000_000;

    /**
     * Keeps the four numbers.
     *
     * @param score the score of the corpus itself
     * @param mean the mean of the scores of the resamples
     * @param halfWidth half the width of the interval
     * @param samples how many resamples were drawn
     */
    public BootstrapInterval {
        requireSamples("samples", samples);
    }

    /**
     * The interval from 1,000 resamples with sacreBLEU's seed.
     *
     * @param segments the corpus
     * @return the interval
     */
    public static BootstrapInterval of(Segments segments) {
        return of(segments, DEFAULT_SAMPLES, DEFAULT_SEED);
    }

    /**
     * The interval of a corpus. The mean is rounded once, as Python's {@code statistics.mean} rounds it.
     *
     * @param segments the corpus
     * @param samples how many resamples to draw, 1 to {@link #MOST_SAMPLES}
     * @param seed the seed of {@link Pcg64}, at least 0
     * @return the interval
     * @throws IllegalArgumentException if the number of samples or the seed is out of range, or a score is not finite
     */
    public static BootstrapInterval of(Segments segments, int samples, long seed) {
        requireSamples("samples", samples);
        double[] scores = segments.resampled(new Pcg64(seed), samples);
        ExactSum sum = new ExactSum();
        for (double score : scores) {
            sum.add(score);
        }
        return new BootstrapInterval(segments.score(), sum.mean(samples), halfWidth(sorted(scores)), samples);
    }

    /** The same with the mean that NumPy computes, as the paired tests give it. */
    static BootstrapInterval withNumpyMean(double score, double[] scores) {
        double[] sorted = sorted(scores);
        return new BootstrapInterval(score, PairwiseSum.mean(sorted), halfWidth(sorted), scores.length);
    }

    private static double[] sorted(double[] scores) {
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double halfWidth(double[] sorted) {
        int cut = sorted.length / 40;
        return 0.5 * (sorted[sorted.length - 1 - cut] - sorted[cut]);
    }

    static void requireSamples(String name, int samples) {
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw new IllegalArgumentException(name + " is " + samples + ", but must be 1 to " + MOST_SAMPLES);
        }
    }

    static void requireSeed(long seed) {
        if (seed < 0) {
            throw new IllegalArgumentException("seed is " + seed + ", but must be at least 0");
        }
    }

    /**
     * The numbers in one line.
     *
     * @return for example {@code 62.93 (mean 62.63 ± 28.88)}, unrounded
     */
    @Override
    public String toString() {
        return score + " (mean " + mean + " ± " + halfWidth + ")";
    }
}
