package dev.llmmem.metrics.classification;

import dev.llmmem.metrics.Score;
import dev.llmmem.metrics.statistics.ExactSum;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * How well labels were predicted.
 *
 * @param labels every label that was true or predicted, in order, with its counts
 */
public record ClassificationScore(SortedMap<String, LabelScore> labels) implements Score {

    /**
     * Copies the map.
     *
     * @param labels every label that was true or predicted, at least one
     * @throws IllegalArgumentException if there is none, or truths and predictions differ in number
     */
    public ClassificationScore {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        long truths = sum(labels, LabelScore::truths);
        long predictions = sum(labels, LabelScore::predictions);
        if (truths < 1 || truths != predictions) {
            throw new IllegalArgumentException(
                    "predictions are " + predictions + ", but must be as many as truths, " + truths + ", and not 0");
        }
    }

    private interface Count {
        long of(LabelScore label);
    }

    private static long sum(Map<String, LabelScore> labels, Count count) {
        return labels.values().stream().mapToLong(count::of).sum();
    }

    /**
     * The share of examples whose label was predicted; also micro-averaged precision, recall and F1.
     *
     * @return 0 to 1
     */
    public double accuracy() {
        return (double) sum(labels, LabelScore::hits) / sum(labels, LabelScore::truths);
    }

    /**
     * The score of one label, as of the positive one of two.
     *
     * @param label any label
     * @return its counts; zeros if it was neither true nor predicted
     */
    public LabelScore of(String label) {
        return labels.getOrDefault(label, new LabelScore(0, 0, 0));
    }

    /**
     * The mean of a figure over all labels: the macro average.
     *
     * @param figure for example {@code LabelScore::f1}
     * @return the mean
     */
    public double macro(ToDoubleFunction<LabelScore> figure) {
        ExactSum sum = new ExactSum();
        labels.values().forEach(label -> sum.add(figure.applyAsDouble(label)));
        return sum.mean(labels.size());
    }

    /**
     * The mean of a figure over all labels, each as often as it was true: the weighted average.
     *
     * @param figure for example {@code LabelScore::f1}
     * @return the mean
     */
    public double weighted(ToDoubleFunction<LabelScore> figure) {
        ExactSum sum = new ExactSum();
        labels.values().forEach(label -> sum.add(label.truths() * figure.applyAsDouble(label)));
        return sum.value() / sum(labels, LabelScore::truths);
    }

    /**
     * Matthews' correlation, for more than two labels as Gorodkin ("Comparing two K-category assignments by a K-category correlation
     * coefficient", Computational Biology and Chemistry 28, 2004) extends it.
     *
     * @return -1 to 1; 0 if only one label was true, or only one predicted
     */
    public double matthews() {
        double size = sum(labels, LabelScore::truths);
        double both = size * sum(labels, LabelScore::hits);
        double truths = size * size;
        double predictions = size * size;
        for (LabelScore label : labels.values()) {
            both -= (double) label.truths() * label.predictions();
            truths -= (double) label.truths() * label.truths();
            predictions -= (double) label.predictions() * label.predictions();
        }
        return truths == 0 || predictions == 0 ? 0 : both / Math.sqrt(truths * predictions);
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("accuracy", accuracy());
        figures.put("macroPrecision", macro(LabelScore::precision));
        figures.put("macroRecall", macro(LabelScore::recall));
        figures.put("macroF1", macro(LabelScore::f1));
        figures.put("weightedPrecision", weighted(LabelScore::precision));
        figures.put("weightedRecall", weighted(LabelScore::recall));
        figures.put("weightedF1", weighted(LabelScore::f1));
        figures.put("matthews", matthews());
        return Collections.unmodifiableMap(figures);
    }

    /**
     * The figures in one line.
     *
     * @return for example {@code accuracy 0.75, macro F1 0.73, Matthews 0.49}, unrounded
     */
    @Override
    public String toString() {
        return "accuracy " + accuracy() + ", macro F1 " + macro(LabelScore::f1) + ", Matthews " + matthews();
    }
}
