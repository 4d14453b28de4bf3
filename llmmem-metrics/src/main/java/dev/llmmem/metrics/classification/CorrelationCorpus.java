package dev.llmmem.metrics.classification;

import dev.llmmem.metrics.Accumulator;
import java.util.Arrays;
import java.util.List;

/** All pairs of numbers: ranks need them. */
final class CorrelationCorpus implements Accumulator<CorrelationScore> {

    private static final long serialVersionUID = 1L;

    /** The predicted numbers, and room for more. */
    private double[] predictions = new double[16];
    /** The true numbers, and room for more. */
    private double[] truths = new double[16];
    /** How many there are. */
    private int size;

    @Override
    public void add(String prediction, List<String> references) {
        if (references.size() != 1) {
            throw new IllegalArgumentException("references are " + references.size() + ", but must be 1");
        }
        double predicted = number("prediction", prediction);
        double truth = number("reference", references.get(0));
        if (size == predictions.length) {
            grow(1);
        }
        predictions[size] = predicted;
        truths[size++] = truth;
    }

    private static double number(String name, String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
            throw new IllegalArgumentException(name + " is " + shown + ", but must be a finite number", e);
        }
        Correlation.requireFinite(name, number);
        return number;
    }

    private void grow(int more) {
        int capacity = Math.max(Math.addExact(size, more), size + size / 2);
        predictions = Arrays.copyOf(predictions, capacity);
        truths = Arrays.copyOf(truths, capacity);
    }

    @Override
    public void merge(Accumulator<CorrelationScore> other) {
        CorrelationCorpus that = (CorrelationCorpus) other;
        int added = that.size;
        grow(added);
        System.arraycopy(that.predictions, 0, predictions, size, added);
        System.arraycopy(that.truths, 0, truths, size, added);
        size += added;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public CorrelationScore result() {
        if (size < 2) {
            throw new IllegalStateException("there is no correlation of " + size + " pairs, but of at least 2");
        }
        double[] x = Arrays.copyOf(predictions, size);
        double[] y = Arrays.copyOf(truths, size);
        return new CorrelationScore(Correlation.pearson(x, y), Correlation.spearman(x, y));
    }
}
