package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Accumulator;
import java.util.List;

/**
 * Sums over the examples of a corpus for {@link NltkBleu}: integers, and what smoothing methods 5 to 7 want of the last example, so
 * that order matters to these. For one thread.
 */
public final class NltkBleuCorpus implements Accumulator<NltkBleuScore> {

    private static final long serialVersionUID = 1L;

    /** What scores. */
    private final NltkBleu bleu;
    /** What was counted. */
    private final NltkSums sums;
    /** How many examples were taken. */
    private long size;

    NltkBleuCorpus(NltkBleu bleu) {
        this.bleu = bleu;
        sums = bleu.newSums();
    }

    @Override
    public void add(String prediction, List<String> references) {
        bleu.addTo(sums, prediction, references);
        size++;
    }

    /**
     * Takes an example that is cut into tokens.
     *
     * @param hypothesis the tokens of the generated text, none of them empty
     * @param references those of the texts that it is compared with, at least one
     * @throws IllegalArgumentException if there is no reference, or an empty token; nothing has been taken then
     */
    public void addTokens(List<String> hypothesis, List<? extends List<String>> references) {
        bleu.addTo(sums, hypothesis, references);
        size++;
    }

    @Override
    public void merge(Accumulator<NltkBleuScore> other) {
        if (!(other instanceof NltkBleuCorpus that) || !that.bleu.equals(bleu)) {
            throw new IllegalArgumentException("other is of "
                    + (other instanceof NltkBleuCorpus that ? that.bleu : other) + ", but must be of " + bleu);
        }
        if (that.size > 0) {
            sums.merge(that.sums);
            size += that.size;
        }
    }

    @Override
    public long size() {
        return size;
    }

    /**
     * The score of all examples so far.
     *
     * @return the score
     * @throws IllegalStateException if there is none, or smoothing method 6 is impossible: for fewer than three orders, or without a
     *     matching trigram
     */
    @Override
    public NltkBleuScore result() {
        if (size == 0) {
            throw new IllegalStateException("a score of no example");
        }
        try {
            return bleu.score(sums);
        } catch (ArithmeticException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return bleu + " of " + size + " examples";
    }
}
