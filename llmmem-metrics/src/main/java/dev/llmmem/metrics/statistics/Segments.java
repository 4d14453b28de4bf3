package dev.llmmem.metrics.statistics;

import dev.llmmem.metrics.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The figures of every example of a corpus as one system answered it, and the score that their sums give: what intervals and
 * tests resample. Immutable; thread-safe if the score is.
 */
public final class Segments {

    private final double[] figures;
    private final int size;
    private final int width;
    private final ToDoubleFunction<double[]> score;
    private final ToDoubleFunction<float[]> scoreOfResample;

    private Segments(List<double[]> rows, ToDoubleFunction<double[]> score, ToDoubleFunction<float[]> scoreOfResample) {
        this.score = score;
        this.scoreOfResample = scoreOfResample;
        size = rows.size();
        if (size == 0) {
            throw new IllegalArgumentException("segments are 0, but must be at least 1");
        }
        width = rows.get(0).length;
        if (width == 0) {
            throw new IllegalArgumentException("figures of segment 0 are 0, but must be at least 1");
        }
        figures = new double[Math.multiplyExact(size, width)];
        for (int i = 0; i < size; i++) {
            double[] row = rows.get(i);
            if (row.length != width) {
                throw new IllegalArgumentException("figures of segment " + i + " are " + row.length + ", but must be "
                        + width + ", as many as of segment 0");
            }
            for (int j = 0; j < width; j++) {
                if (!Double.isFinite(row[j])) {
                    throw new IllegalArgumentException(
                            "figure " + j + " of segment " + i + " is " + row[j] + ", but must be finite");
                }
                figures[i * width + j] = row[j];
            }
        }
    }

    /**
     * The figures of a corpus.
     *
     * @param metric what computes them, and the score of their sums
     * @param examples at least one
     * @return the segments
     * @throws IllegalArgumentException if there is no example, or the metric cannot score one
     */
    public static Segments of(SummedStatistics metric, List<Example> examples) {
        List<double[]> rows = new ArrayList<>(examples.size());
        for (Example example : examples) {
            rows.add(metric.statistics(example.prediction(), example.references()));
        }
        return ofRows(metric, rows);
    }

    /**
     * Figures that are there already.
     *
     * @param metric what computes the score of their sums
     * @param rows the figures of each segment: finite, as many for each; copied
     * @return the segments
     * @throws IllegalArgumentException if there is none, or their figures differ in number or are not finite
     */
    public static Segments ofRows(SummedStatistics metric, List<double[]> rows) {
        return new Segments(rows, metric::score, metric::scoreOfResample);
    }

    /**
     * The mean of one figure per segment, such as the scores of sentences.
     *
     * @param values a finite number for each segment, at least one; copied
     * @return the segments
     * @throws IllegalArgumentException if there is none, or one is not finite
     */
    public static Segments ofMean(double... values) {
        List<double[]> rows = new ArrayList<>(values.length);
        for (double value : values) {
            rows.add(new double[] {value, 1});
        }
        return new Segments(rows, sums -> sums[0] / sums[1], sums -> (double) sums[0] / sums[1]);
    }

    /**
     * How many segments there are.
     *
     * @return a number, at least 1
     */
    public int size() {
        return size;
    }

    /**
     * The score of the whole.
     *
     * @return what the sums give
     */
    public double score() {
        double[] sums = new double[width];
        for (int i = 0; i < size; i++) {
            addTo(sums, i);
        }
        return score.applyAsDouble(sums);
    }

    void requireSameSize(Segments baseline) {
        if (size != baseline.size) {
            throw new IllegalArgumentException("segments of the system are " + size + ", but must be " + baseline.size
                    + ", as many as of the baseline");
        }
    }

    /** The scores of corpora of the same size, drawn with replacement; sums are single-precision, as in the reference. */
    double[] resampled(Pcg64 random, int samples) {
        float[] single = new float[figures.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = (float) figures[i];
        }
        double[] scores = new double[samples];
        float[] sums = new float[width];
        for (int sample = 0; sample < samples; sample++) {
            Arrays.fill(sums, 0);
            for (int i = 0; i < size; i++) {
                int row = random.index(size) * width;
                for (int j = 0; j < width; j++) {
                    sums[j] += single[row + j];
                }
            }
            scores[sample] = scoreOfResample.applyAsDouble(sums);
        }
        return scores;
    }

    /** By how much the scores differ if each segment is swapped with the other system's or not, by chance. */
    double swappedDifference(Segments other, Pcg64.Booleans chance) {
        double[] first = new double[width];
        double[] second = new double[other.width];
        for (int i = 0; i < size; i++) {
            boolean stays = chance.next();
            addTo(stays ? first : second, i);
            other.addTo(stays ? second : first, i);
        }
        return Math.abs(score.applyAsDouble(first) - other.score.applyAsDouble(second));
    }

    private void addTo(double[] sums, int segment) {
        int row = segment * width;
        for (int j = 0; j < width; j++) {
            sums[j] += figures[row + j];
        }
    }

    /**
     * The score and the size.
     *
     * @return for example {@code 27.31 of 200 segments}
     */
    @Override
    public String toString() {
        return score() + " of " + size + " segments";
    }
}
