package dev.llmmem.metrics.chrf;

import dev.llmmem.metrics.Accumulator;
import java.util.List;

/** Sums of the counts of a corpus. */
final class ChrFCorpus implements Accumulator<ChrFScore> {

    private static final long serialVersionUID = 1L;
    private static final int VARYING = -1;

    /** Who counts. */
    private final ChrF metric;
    /** Three sums for each order. */
    private final long[] sums;
    /** How many examples there are. */
    private long size;
    /** How many references all examples have, or -1. */
    private int references;

    ChrFCorpus(ChrF metric) {
        this.metric = metric;
        sums = new long[metric.columns()];
    }

    @Override
    public void add(String prediction, List<String> references) {
        double[] counts = metric.counted(prediction, references);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (long) counts[i];
        }
        this.references = size == 0 || this.references == references.size() ? references.size() : VARYING;
        size++;
    }

    @Override
    public void merge(Accumulator<ChrFScore> other) {
        if (!(other instanceof ChrFCorpus that) || !metric.equals(that.metric)) {
            throw new IllegalArgumentException("other is " + other + ", but must be of " + metric);
        }
        if (that.size == 0) {
            return;
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += that.sums[i];
        }
        references = size == 0 || references == that.references ? that.references : VARYING;
        size += that.size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public ChrFScore result() {
        if (size == 0) {
            throw new IllegalStateException("there are no examples, but " + metric.name() + " needs 1");
        }
        double[] counts = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            counts[i] = sums[i];
        }
        return metric.score(counts, references == VARYING ? "var" : Integer.toString(references));
    }

    @Override
    public String toString() {
        return metric + " of " + size + (size == 1 ? " example" : " examples");
    }
}
