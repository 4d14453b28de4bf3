package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Accumulator;
import java.util.List;

/** Matches, totals and lengths of the examples of a corpus, all integers, for {@link SacreBleu}. For one thread. */
public final class SacreBleuCorpus implements Accumulator<BleuScore> {

    private static final long serialVersionUID = 1L;

    /** What scores. */
    private final SacreBleu bleu;
    /** As {@link SacreBleu#statistics} has them. */
    private final long[] sums;
    /** How many examples were taken. */
    private long size;
    /** The fewest references of an example. */
    private int fewest = Integer.MAX_VALUE;
    /** The most references of an example. */
    private int most;

    SacreBleuCorpus(SacreBleu bleu) {
        this.bleu = bleu;
        sums = new long[2 + 2 * bleu.settings().maxOrder()];
    }

    @Override
    public void add(String prediction, List<String> references) {
        bleu.addStatistics(sums, prediction, references);
        size++;
        fewest = Math.min(fewest, references.size());
        most = Math.max(most, references.size());
    }

    @Override
    public void merge(Accumulator<BleuScore> other) {
        if (!(other instanceof SacreBleuCorpus that) || !that.bleu.equals(bleu)) {
            throw new IllegalArgumentException("other is of "
                    + (other instanceof SacreBleuCorpus that ? that.bleu : other) + ", but must be of " + bleu);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += that.sums[i];
        }
        size += that.size;
        fewest = Math.min(fewest, that.fewest);
        most = Math.max(most, that.most);
    }

    @Override
    public long size() {
        return size;
    }

    /**
     * The score of all examples so far.
     *
     * @return the score
     * @throws IllegalStateException if there is none, which sacreBLEU refuses too
     */
    @Override
    public BleuScore result() {
        requireExamples();
        return bleu.ofCounts(sums);
    }

    /**
     * The signature of sacreBLEU, with the number of references that the examples had.
     *
     * @return for example {@code nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0}
     * @throws IllegalStateException if there is no example
     */
    public String signature() {
        return bleu.signature(references());
    }

    /**
     * The short form of {@link #signature()}.
     *
     * @return for example {@code #:1|c:mixed|e:no|tok:13a|s:exp|v:2.6.0}
     * @throws IllegalStateException if there is no example
     */
    public String shortSignature() {
        return bleu.shortSignature(references());
    }

    private int references() {
        requireExamples();
        return fewest == most ? fewest : SacreBleu.VARIABLE;
    }

    private void requireExamples() {
        if (size == 0) {
            throw new IllegalStateException("a score of no example");
        }
    }

    @Override
    public String toString() {
        return bleu + " of " + size + " examples";
    }
}
