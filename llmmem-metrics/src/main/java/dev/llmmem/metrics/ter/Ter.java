package dev.llmmem.metrics.ter;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.statistics.SummedStatistics;
import dev.llmmem.metrics.text.TercomTokenizer;
import dev.llmmem.metrics.text.TokenNumbers;
import dev.llmmem.metrics.text.Tokens;
import java.util.List;
import java.util.Objects;

/**
 * Translation edit rate (Snover et al., "A study of translation edit rate with targeted human annotation", AMTA 2006), with the
 * numbers of sacreBLEU 2.6.0 ({@code metrics/ter.py}): the fewest words to put in, leave out or replace and blocks to shift, per
 * hundred words of the references. Immutable and thread-safe.
 *
 * <p>Of several references, that with the fewest edits counts, against their mean length; there must be one at least, which may be
 * empty. As in sacreBLEU, references are tokenized twice, which can cut them further than hypotheses if the tokenizer normalizes;
 * distances are searched in a beam of 25 words around the diagonal; and of one pair at most 999 shifts are tried. Time and room
 * grow linearly with the number of words.
 */
public final class Ter implements Metric<TerScore>, SummedStatistics {

    private static final long serialVersionUID = 1L;
    private static final Ter DEFAULTS = new Ter(TercomTokenizer.withDefaults());
    private static final int MOST_WORDS = 1 << 28;
    private static final int KEPT_TOKENS = 1 << 16;
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** What cuts texts into words. */
    private final TercomTokenizer tokenizer;

    private Ter(TercomTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * TER as sacreBLEU has it by default: small letters, cut at white space.
     *
     * @return the metric
     */
    public static Ter withDefaults() {
        return DEFAULTS;
    }

    /**
     * With another way to cut texts, such as {@code TercomTokenizer.withDefaults().withNormalization(true)}.
     *
     * @param tokenizer the tokenizer
     * @return a metric with that tokenizer
     */
    public Ter withTokenizer(TercomTokenizer tokenizer) {
        return new Ter(Objects.requireNonNull(tokenizer, "tokenizer"));
    }

    /**
     * What cuts texts.
     *
     * @return the tokenizer
     */
    public TercomTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public String name() {
        return "TER";
    }

    /**
     * The score of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with, one at least
     * @return the score
     * @throws IllegalArgumentException if there is no reference, or a text has more than 2^28 words
     */
    @Override
    public TerScore score(String prediction, List<String> references) {
        Counts counts = counts(prediction, references);
        return score(counts.edits, counts.referenceLength, Integer.toString(references.size()));
    }

    @Override
    public Accumulator<TerScore> corpus() {
        return new TerCorpus(this);
    }

    /**
     * What the score is made of: corpus scores are those of sums.
     *
     * @param prediction the generated text
     * @param references what it is compared with, one at least
     * @return the number of edits and the mean length of the references
     * @throws IllegalArgumentException if there is no reference, or a text has more than 2^28 words
     */
    @Override
    public double[] statistics(String prediction, List<String> references) {
        Counts counts = counts(prediction, references);
        return new double[] {counts.edits, counts.referenceLength};
    }

    /**
     * The score of sums of {@link #statistics}.
     *
     * @param sums edits and lengths, neither negative
     * @return edits per hundred words of the references
     * @throws IllegalArgumentException if there are not two of them
     */
    @Override
    public double score(double[] sums) {
        if (sums.length != 2) {
            throw new IllegalArgumentException("sums are " + sums.length + ", but must be 2");
        }
        return percent(sums[0], sums[1]);
    }

    /** The same of sums in single precision, whose quotient the reference then rounds, too. */
    @Override
    public double scoreOfResample(float[] sums) {
        return sums.length == 2 && sums[1] > 0
                ? 100 * (double) (float) ((double) sums[0] / sums[1])
                : SummedStatistics.super.scoreOfResample(sums);
    }

    private static double percent(double edits, double length) {
        if (length > 0) {
            return 100 * (edits / length);
        }
        return edits > 0 ? 100.0 : 0.0;
    }

    /**
     * How sacreBLEU 2.6.0 states the settings.
     *
     * @param references how many references each example has, a number or {@code var} if that varies
     * @return for example {@code nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0}
     */
    public String signature(String references) {
        return "nrefs:" + references + "|case:" + (tokenizer.caseSensitivity() ? "mixed" : "lc") + "|tok:tercom|norm:"
                + yes(tokenizer.normalization()) + "|punct:" + yes(tokenizer.punctuation()) + "|asian:"
                + yes(tokenizer.asianSupport()) + "|version:2.6.0";
    }

    private static String yes(boolean setting) {
        return setting ? "yes" : "no";
    }

    TerScore score(long edits, double length, String references) {
        return new TerScore(percent((double) edits, length), edits, length, signature(references));
    }

    /** The fewest edits, and the mean length of the references. */
    Counts counts(String prediction, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("references are 0, but must be 1 or more");
        }
        Scratch scratch = SCRATCH.get();
        Counts counts = scratch.counts(this, prediction, references);
        if (!scratch.isSmall()) {
            SCRATCH.remove();
        }
        return counts;
    }

    private Tokens referenceTokens(String reference) {
        Tokens tokens = tokenizer.tokens(reference);
        return tokenizer.normalization() ? tokenizer.tokens(String.join(" ", tokens.asList())) : tokens;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ter that && tokenizer.equals(that.tokenizer);
    }

    @Override
    public int hashCode() {
        return tokenizer.hashCode();
    }

    /**
     * The name and the settings.
     *
     * @return for example {@code TER (tercom, case lc, norm no, punct yes, asian no)}
     */
    @Override
    public String toString() {
        return "TER (" + tokenizer + ")";
    }

    /** What one example adds. */
    record Counts(int edits, double referenceLength) {}

    /** What one thread works with. */
    private static final class Scratch {

        private final TokenNumbers numbers = new TokenNumbers();
        private final TranslationEdits edits = new TranslationEdits();
        private int[] hypothesis = new int[64];
        private int[] other = new int[64];

        Counts counts(Ter metric, String prediction, List<String> references) {
            numbers.clear();
            Tokens words = checked("prediction", metric.tokenizer.tokens(prediction));
            hypothesis = room(hypothesis, words.size());
            numbers.number(words, hypothesis);
            int fewest = Integer.MAX_VALUE;
            long length = 0;
            for (String reference : references) {
                Tokens others = checked("reference", metric.referenceTokens(reference));
                other = room(other, others.size());
                numbers.number(others, other);
                fewest = Math.min(fewest, edits.edits(hypothesis, words.size(), other, others.size(), numbers.size()));
                length += others.size();
            }
            return new Counts(fewest, (double) length / references.size());
        }

        private static Tokens checked(String name, Tokens words) {
            if (words.size() > MOST_WORDS) {
                throw new IllegalArgumentException(
                        name + " has " + words.size() + " words, but must have 0 to " + MOST_WORDS);
            }
            return words;
        }

        private static int[] room(int[] before, int length) {
            return before.length >= length ? before : new int[length + length / 4];
        }

        boolean isSmall() {
            return hypothesis.length <= KEPT_TOKENS && other.length <= KEPT_TOKENS;
        }
    }
}
