package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.statistics.ExactSum;
import java.util.Arrays;
import java.util.List;

/** Sums of scores. */
final class RougeCorpus implements Accumulator<RougeScores> {

    private static final long serialVersionUID = 1L;

    /** What scores. */
    private final Rouge rouge;
    /** Of precision, recall and F of each type in turn. */
    private final ExactSum[] sums;
    /** How many examples were added. */
    private long size;

    RougeCorpus(Rouge rouge) {
        this.rouge = rouge;
        sums = new ExactSum[3 * rouge.types().size()];
        Arrays.setAll(sums, i -> new ExactSum());
    }

    @Override
    public void add(String prediction, List<String> references) {
        rouge.addTo(sums, prediction, references);
        size++;
    }

    @Override
    public void merge(Accumulator<RougeScores> other) {
        if (!(other instanceof RougeCorpus that) || !that.rouge.equals(rouge)) {
            throw new IllegalArgumentException("other is of " + (other instanceof RougeCorpus that ? that.rouge : other)
                    + ", but must be of " + rouge);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i].merge(that.sums[i]);
        }
        size += that.size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public RougeScores result() {
        if (size == 0) {
            throw new IllegalStateException("a mean of no example");
        }
        double[] means = new double[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = sums[i].value() / size;
        }
        return RougeScores.of(rouge.types(), means);
    }

    @Override
    public String toString() {
        return rouge + " of " + size + " examples";
    }
}
