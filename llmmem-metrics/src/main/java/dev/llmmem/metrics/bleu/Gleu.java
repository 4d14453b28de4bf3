package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.text.SacreTokenizer;
import dev.llmmem.metrics.text.Tokenizer;
import dev.llmmem.metrics.text.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * GLEU, the "Google BLEU" (Y. Wu and others, "Google's Neural Machine Translation System", 2016, section 5.2), with the numbers of NLTK
 * 3.9 ({@code nltk.translate.gleu_score}), which {@code google_bleu} of Hugging Face evaluate passes on: the n-grams of all orders
 * that prediction and reference share, divided by those of whichever has more. Not the GLEU of grammatical error correction.
 *
 * <pre>{@code
 * Gleu.standard().score("a cup of tea", "a warm cup of tea").score();
 * }</pre>
 *
 * <p>Of several references, the one with the highest quotient counts, the first of several such. Matches and n-grams are summed over a
 * corpus before they are divided. Texts are cut at white space unless another tokenizer is set; {@code evaluate} takes {@link
 * SacreTokenizer#THIRTEEN_A}. Scores are 0 to 1, and 0 where there is nothing to divide by.
 *
 * <p>Time is linear in the texts for each order and reference. Immutable and thread-safe.
 */
public final class Gleu implements Metric<GleuScore> {

    private static final long serialVersionUID = 1L;

    private static final int MOST_ORDERS = 100;

    private static final Gleu STANDARD = new Gleu(1, 4, SacreTokenizer.NONE);

    /** The lowest order. */
    private final int minOrder;
    /** The highest order. */
    private final int maxOrder;
    /** What cuts texts. */
    private final Tokenizer tokenizer;

    private Gleu(int minOrder, int maxOrder, Tokenizer tokenizer) {
        this.minOrder = minOrder;
        this.maxOrder = maxOrder;
        this.tokenizer = tokenizer;
    }

    /**
     * What NLTK does unless told otherwise: n-grams of 1 to 4 tokens, cut at white space.
     *
     * @return the scorer
     */
    public static Gleu standard() {
        return STANDARD;
    }

    /**
     * With n-grams of other orders.
     *
     * @param min the lowest order, 1 by default
     * @param max the highest, 4 by default
     * @return a scorer with the same tokenizer
     * @throws IllegalArgumentException unless 1 &lt;= min &lt;= max &lt;= 100
     */
    public Gleu withOrders(int min, int max) {
        if (min < 1 || max < min || max > MOST_ORDERS) {
            throw new IllegalArgumentException(
                    "orders are " + min + " to " + max + ", but must be 1 to " + MOST_ORDERS + ", the lowest first");
        }
        return new Gleu(min, max, tokenizer);
    }

    /**
     * With a tokenizer for texts.
     *
     * @param other what cuts texts into tokens; at white space by default
     * @return a scorer with the same orders
     */
    public Gleu withTokenizer(Tokenizer other) {
        return new Gleu(minOrder, maxOrder, Objects.requireNonNull(other, "tokenizer"));
    }

    @Override
    public String name() {
        return "GLEU";
    }

    /**
     * The score of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with; none give 0
     * @return the score
     */
    @Override
    public GleuScore score(String prediction, List<String> references) {
        List<Tokens> texts = new ArrayList<>(references.size());
        for (String reference : references) {
            texts.add(tokenizer.tokens(reference));
        }
        return best(tokenizer.tokens(prediction), texts);
    }

    @Override
    public GleuCorpus corpus() {
        return new GleuCorpus(this);
    }

    private GleuScore best(Tokens hypothesis, List<Tokens> references) {
        GleuScore best = new GleuScore(0, 0);
        long[] matches = new long[maxOrder];
        for (Tokens reference : references) {
            Arrays.fill(matches, 0);
            NgramOverlap.add(hypothesis, List.of(reference), matches, 0, maxOrder);
            long sum = 0;
            for (int n = minOrder - 1; n < maxOrder; n++) {
                sum += matches[n];
            }
            GleuScore score = new GleuScore(sum, Math.max(grams(hypothesis.size()), grams(reference.size())));
            if (score.ngrams() > 0 && (best.ngrams() == 0 || score.score() > best.score())) {
                best = score;
            }
        }
        return best;
    }

    private long grams(long tokens) {
        long sum = 0;
        for (int n = minOrder; n <= maxOrder; n++) {
            sum += Math.max(0, tokens - n + 1);
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Gleu that
                && minOrder == that.minOrder
                && maxOrder == that.maxOrder
                && tokenizer.equals(that.tokenizer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(minOrder, maxOrder, tokenizer);
    }

    /**
     * The orders.
     *
     * @return for example {@code GLEU of orders 1 to 4}
     */
    @Override
    public String toString() {
        return "GLEU of orders " + minOrder + " to " + maxOrder;
    }
}
