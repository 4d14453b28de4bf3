package dev.llmmem.metrics.classification;

import dev.llmmem.metrics.Accumulator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Counts of true and predicted labels. */
final class ClassificationCorpus implements Accumulator<ClassificationScore> {

    private static final long serialVersionUID = 1L;

    /** How often each label was true, predicted, and both, in the order of the labels. */
    private final TreeMap<String, long[]> counts = new TreeMap<>();
    /** How many labels were predicted. */
    private long size;

    @Override
    public void add(String prediction, List<String> references) {
        Objects.requireNonNull(prediction, "prediction");
        if (references.size() != 1) {
            throw new IllegalArgumentException("references are " + references.size() + ", but must be 1");
        }
        String truth = Objects.requireNonNull(references.get(0), "reference");
        of(truth)[0]++;
        of(prediction)[1]++;
        if (truth.equals(prediction)) {
            of(truth)[2]++;
        }
        size++;
    }

    private long[] of(String label) {
        return counts.computeIfAbsent(label, absent -> new long[3]);
    }

    @Override
    public void merge(Accumulator<ClassificationScore> other) {
        // a copy first: the other one may be this one
        new TreeMap<>(((ClassificationCorpus) other).counts).forEach((label, added) -> {
            long[] sums = of(label);
            long[] copy = added.clone();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += copy[i];
            }
        });
        size += other.size();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public ClassificationScore result() {
        if (size == 0) {
            throw new IllegalStateException("there is no score of no examples");
        }
        TreeMap<String, LabelScore> labels = new TreeMap<>();
        counts.forEach((label, sums) -> labels.put(label, new LabelScore(sums[0], sums[1], sums[2])));
        return new ClassificationScore(labels);
    }
}
