package dev.llmmem.metrics.ter;

import dev.llmmem.metrics.Accumulator;
import java.util.Arrays;
import java.util.List;

/**
 * Edits and lengths of a corpus. Mean lengths are kept one by one, because the reference adds them as doubles from the first to the
 * last, and a sum of parts is not always that sum.
 */
final class TerCorpus implements Accumulator<TerScore> {

    private static final long serialVersionUID = 1L;
    private static final int VARYING = -1;

    /** Who counts. */
    private final Ter metric;
    /** The sum of the fewest edits. */
    private long edits;
    /** The mean length of the references of each example. */
    private double[] lengths = new double[8];
    /** How many examples there are. */
    private int size;
    /** How many references all examples have, or -1. */
    private int references;

    TerCorpus(Ter metric) {
        this.metric = metric;
    }

    @Override
    public void add(String prediction, List<String> references) {
        Ter.Counts counts = metric.counts(prediction, references);
        reserve(1);
        this.references = size == 0 || this.references == references.size() ? references.size() : VARYING;
        edits = Math.addExact(edits, counts.edits());
        lengths[size++] = counts.referenceLength();
    }

    @Override
    public void merge(Accumulator<TerScore> other) {
        if (!(other instanceof TerCorpus that) || !metric.equals(that.metric)) {
            throw new IllegalArgumentException("other is " + other + ", but must be of " + metric);
        }
        if (that.size == 0) {
            return;
        }
        int added = that.size;
        reserve(added);
        references = size == 0 || references == that.references ? that.references : VARYING;
        edits = Math.addExact(edits, that.edits);
        System.arraycopy(that.lengths, 0, lengths, size, added);
        size += added;
    }

    private void reserve(int added) {
        int needed = Math.addExact(size, added);
        if (needed > lengths.length) {
            lengths = Arrays.copyOf(
                    lengths, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * lengths.length)));
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public TerScore result() {
        if (size == 0) {
            throw new IllegalStateException("there are no examples, but TER needs 1");
        }
        double length = 0;
        for (int i = 0; i < size; i++) {
            length += lengths[i];
        }
        return metric.score(edits, length, references == VARYING ? "var" : Integer.toString(references));
    }

    @Override
    public String toString() {
        return metric + " of " + size + (size == 1 ? " example" : " examples");
    }
}
