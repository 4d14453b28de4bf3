package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Accumulator;
import java.util.List;

/** Matches and n-grams of the examples of a corpus, both integers, for {@link Gleu}. For one thread. */
public final class GleuCorpus implements Accumulator<GleuScore> {

    private static final long serialVersionUID = 1L;

    /** What scores. */
    private final Gleu gleu;
    /** N-grams shared. */
    private long matches;
    /** N-grams in all. */
    private long ngrams;
    /** How many examples were taken. */
    private long size;

    GleuCorpus(Gleu gleu) {
        this.gleu = gleu;
    }

    @Override
    public void add(String prediction, List<String> references) {
        GleuScore score = gleu.score(prediction, references);
        matches += score.matches();
        ngrams += score.ngrams();
        size++;
    }

    @Override
    public void merge(Accumulator<GleuScore> other) {
        if (!(other instanceof GleuCorpus that) || !that.gleu.equals(gleu)) {
            throw new IllegalArgumentException("other is of " + (other instanceof GleuCorpus that ? that.gleu : other)
                    + ", but must be of " + gleu);
        }
        matches += that.matches;
        ngrams += that.ngrams;
        size += that.size;
    }

    @Override
    public long size() {
        return size;
    }

    /**
     * The score of all examples so far; 0 of none, as NLTK has it.
     *
     * @return the score
     */
    @Override
    public GleuScore result() {
        return new GleuScore(matches, ngrams);
    }

    @Override
    public String toString() {
        return gleu + " of " + size + " examples";
    }
}
