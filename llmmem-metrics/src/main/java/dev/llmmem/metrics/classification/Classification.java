package dev.llmmem.metrics.classification;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Metric;
import java.util.List;

/**
 * Predicted labels against true ones: accuracy, precision, recall, F1 and Matthews' correlation, with the numbers of scikit-learn
 * 1.9 (sklearn/metrics/_classification.py, {@code zero_division=0}). CoLA is scored by Matthews' correlation, MRPC and QQP by
 * accuracy and F1 of the label 1, CB by accuracy and macro F1, the other classification tasks of GLUE and SuperGLUE by accuracy.
 *
 * <p>Labels are compared as they stand, character by character. Immutable and thread-safe.
 */
public final class Classification implements Metric<ClassificationScore> {

    private static final long serialVersionUID = 1L;

    /** The scorer. */
    public static final Classification INSTANCE = new Classification();

    private Classification() {}

    @Override
    public String name() {
        return "classification";
    }

    /**
     * The score of one label.
     *
     * @param prediction the predicted label
     * @param references the true label alone
     * @return the score
     * @throws IllegalArgumentException if there is not exactly one true label
     */
    @Override
    public ClassificationScore score(String prediction, List<String> references) {
        Accumulator<ClassificationScore> corpus = corpus();
        corpus.add(prediction, references);
        return corpus.result();
    }

    @Override
    public Accumulator<ClassificationScore> corpus() {
        return new ClassificationCorpus();
    }

    /**
     * Keeps the scorer single.
     *
     * @return the scorer
     */
    private Object readResolve() {
        return INSTANCE;
    }

    @Override
    public String toString() {
        return name();
    }
}
