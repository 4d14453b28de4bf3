package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.statistics.Mt19937;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Confidence intervals of mean scores by resampling examples, as {@code rouge_score.scoring.BootstrapAggregator} 0.1.2 makes them
 * after {@code numpy.random.seed(seed)}, to the last bit. Immutable and thread-safe.
 *
 * <p>The types of the scores are resampled one after the other from one stream of random numbers, so the order and the number
 * of types matter, as there. Hugging Face's {@code evaluate} does not seed it: its numbers differ from run to run.
 */
public final class RougeBootstrap implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final double DEFAULT_CONFIDENCE = 0.95;
    private static final int DEFAULT_SAMPLES = 1000;

    /** Of the generator. */
    private final long seed;
    /** How often the examples are resampled. */
    private final int samples;
    /** The part of the bootstrap means that lies in the interval. */
    private final double confidence;

    private RougeBootstrap(long seed, int samples, double confidence) {
        this.seed = seed;
        this.samples = samples;
        this.confidence = confidence;
    }

    /**
     * Intervals of 95 % confidence from 1000 samples.
     *
     * @param seed what {@code numpy.random.seed} takes, 0 to 2<sup>32</sup> - 1
     * @return the settings
     * @throws IllegalArgumentException if the seed is out of range
     */
    public static RougeBootstrap seeded(long seed) {
        if (seed < 0 || seed > Mt19937.LARGEST_SEED) {
            throw new IllegalArgumentException("seed is " + seed + ", but must be 0 to " + Mt19937.LARGEST_SEED);
        }
        return new RougeBootstrap(seed, DEFAULT_SAMPLES, DEFAULT_CONFIDENCE);
    }

    /**
     * With another number of samples.
     *
     * @param samples how often the examples are resampled, at least 1
     * @return the settings
     * @throws IllegalArgumentException if it is not positive
     */
    public RougeBootstrap withSamples(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples is " + samples + ", but must be at least 1");
        }
        return new RougeBootstrap(seed, samples, confidence);
    }

    /**
     * With another confidence.
     *
     * @param confidence the part of the bootstrap means that lies in the interval, 0 to 1
     * @return the settings
     * @throws IllegalArgumentException if it is out of range
     */
    public RougeBootstrap withConfidence(double confidence) {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("confidence is " + confidence + ", but must be 0 to 1");
        }
        return new RougeBootstrap(seed, samples, confidence);
    }

    /**
     * The intervals of the means of some scores.
     *
     * @param scores of examples, all with the same types in the same order; at least one
     * @return the intervals by type
     * @throws IllegalArgumentException if there is none, or their types differ
     */
    public RougeIntervals aggregate(List<RougeScores> scores) {
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("scores are 0, but must be at least 1");
        }
        List<RougeType> types = List.copyOf(scores.get(0).byType().keySet());
        for (RougeScores score : scores) {
            if (!types.equals(List.copyOf(score.byType().keySet()))) {
                throw new IllegalArgumentException("types of a score are "
                        + score.byType().keySet() + ", but must be " + types + ", as those of the first");
            }
        }
        Mt19937 generator = new Mt19937(seed);
        Map<RougeType, RougeInterval> intervals = new LinkedHashMap<>();
        for (RougeType type : types) {
            double[] rows = new double[Math.multiplyExact(3, scores.size())];
            int row = 0;
            for (RougeScores example : scores) {
                RougeScore score = example.get(type);
                rows[row++] = score.precision();
                rows[row++] = score.recall();
                rows[row++] = score.f1();
            }
            intervals.put(type, interval(resample(rows, generator)));
        }
        return new RougeIntervals(intervals);
    }

    /** The means of precision, recall and F of each sample. */
    private double[][] resample(double[] rows, Mt19937 generator) {
        int count = rows.length / 3;
        double[][] means = new double[3][samples];
        for (int sample = 0; sample < samples; sample++) {
            double precision = 0;
            double recall = 0;
            double f1 = 0;
            for (int i = 0; i < count; i++) {
                int row = 3 * generator.index(count);
                precision += rows[row];
                recall += rows[row + 1];
                f1 += rows[row + 2];
            }
            means[0][sample] = precision / count;
            means[1][sample] = recall / count;
            means[2][sample] = f1 / count;
        }
        return means;
    }

    private RougeInterval interval(double[][] means) {
        for (double[] column : means) {
            Arrays.sort(column);
        }
        double delta = (1 - confidence) / 2;
        List<RougeScore> bounds = new ArrayList<>();
        for (double percent : new double[] {100 * delta, 50, 100 * (1 - delta)}) {
            bounds.add(new RougeScore(
                    percentile(means[0], percent), percentile(means[1], percent), percentile(means[2], percent)));
        }
        return new RougeInterval(bounds.get(0), bounds.get(1), bounds.get(2));
    }

    /** {@code numpy.percentile} with linear interpolation, whose two forms differ in the last bit. */
    private static double percentile(double[] sorted, double percent) {
        double place = percent / 100 * (sorted.length - 1);
        int below = (int) Math.floor(place);
        double low = sorted[below];
        double high = sorted[Math.min(below + 1, sorted.length - 1)];
        double part = place - below;
        return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RougeBootstrap that
                && seed == that.seed
                && samples == that.samples
                && Double.compare(confidence, that.confidence) == 0;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(confidence) + 31 * (samples + 31 * Long.hashCode(seed));
    }

    /**
     * The settings.
     *
     * @return for example {@code bootstrap (seed 1, 1000 samples, confidence 0.95)}
     */
    @Override
    public String toString() {
        return "bootstrap (seed " + seed + ", " + samples + " samples, confidence " + confidence + ")";
    }
}
