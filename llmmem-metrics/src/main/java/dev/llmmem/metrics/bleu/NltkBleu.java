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
 * BLEU (K. Papineni and others, "BLEU: a Method for Automatic Evaluation of Machine Translation", 2002) with the numbers of NLTK 3.9
 * ({@code nltk.translate.bleu_score}), from 0 to 1.
 *
 * <pre>{@code
 * NltkBleu bleu = NltkBleu.standard().withSmoothing(NltkSmoothing.of(1));
 * bleu.score("I am drinking a cup of tea.", "I am drinking a warm cup of tea.").score();
 * }</pre>
 *
 * <p>NLTK takes lists of tokens. Texts are cut at white space here, as {@code str.split} does, unless another tokenizer is set; what
 * is cut already goes to {@link #scoreTokens} and {@link NltkBleuCorpus#addTokens}. Nothing is lower-cased.
 *
 * <p>The score of one example is that of a corpus of one. If no token matches, it is 0 whatever the smoothing; otherwise it is the
 * penalty times the exponential of the weighted sum of the logarithms of the precisions that are above 0. Precisions are exact quotients
 * where NLTK's are, and the sum is rounded once ({@code math.fsum}).
 *
 * <p>Time is linear in the texts for each order. Immutable and thread-safe.
 */
public final class NltkBleu implements Metric<NltkBleuScore> {

    private static final long serialVersionUID = 1L;

    private static final int MOST_ORDERS = 100;

    private static final NltkBleu STANDARD = new NltkBleu(
            new NltkSettings(List.of(List.of(0.25, 0.25, 0.25, 0.25)), NltkSmoothing.NONE, false, SacreTokenizer.NONE));

    /** All that distinguishes two scorers. */
    private final NltkSettings settings;

    private NltkBleu(NltkSettings settings) {
        this.settings = settings;
    }

    /**
     * What {@code sentence_bleu} and {@code corpus_bleu} do unless told otherwise: four orders of equal weight, no smoothing.
     *
     * @return the scorer
     */
    public static NltkBleu standard() {
        return STANDARD;
    }

    /**
     * With other weights.
     *
     * @param weights of unigrams, bigrams and so on, 1 to 100; finite; four times 0.25 by default
     * @return a scorer with the same settings otherwise
     * @throws IllegalArgumentException if there are none or too many, or one is not finite
     */
    public NltkBleu withWeights(double... weights) {
        return withWeightVectors(List.of(Arrays.stream(weights).boxed().toList()));
    }

    /**
     * With several vectors of weights, each of which gives a score. Smoothing sees the precisions of the longest.
     *
     * @param vectors at least one; in each, weights of unigrams, bigrams and so on, 1 to 100; finite
     * @return a scorer with the same settings otherwise
     * @throws IllegalArgumentException if there is none, one is empty or too long, or a weight is not finite
     */
    public NltkBleu withWeightVectors(List<List<Double>> vectors) {
        List<List<Double>> copy = vectors.stream().map(List::copyOf).toList();
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("vectors are none, but must be at least one");
        }
        for (List<Double> vector : copy) {
            if (vector.isEmpty() || vector.size() > MOST_ORDERS) {
                throw new IllegalArgumentException(
                        "weights are " + vector.size() + ", but must be 1 to " + MOST_ORDERS);
            }
            for (double weight : vector) {
                if (!Double.isFinite(weight)) {
                    throw new IllegalArgumentException("weights are " + vector + ", but must be finite");
                }
            }
        }
        return new NltkBleu(new NltkSettings(copy, settings.smoothing(), settings.autoReweigh(), settings.tokenizer()));
    }

    /**
     * With smoothing.
     *
     * @param smoothing {@link NltkSmoothing#NONE} by default
     * @return a scorer with the same settings otherwise
     */
    public NltkBleu withSmoothing(NltkSmoothing smoothing) {
        Objects.requireNonNull(smoothing, "smoothing");
        return new NltkBleu(
                new NltkSettings(settings.weights(), smoothing, settings.autoReweigh(), settings.tokenizer()));
    }

    /**
     * With weights that fit themselves: if the hypotheses have fewer than four tokens in all and the weights are four times 0.25, as many
     * equal ones as tokens take their place.
     *
     * @param autoReweigh whether; not by default
     * @return a scorer with the same settings otherwise
     */
    public NltkBleu withAutoReweigh(boolean autoReweigh) {
        return new NltkBleu(
                new NltkSettings(settings.weights(), settings.smoothing(), autoReweigh, settings.tokenizer()));
    }

    /**
     * With a tokenizer for texts.
     *
     * @param tokenizer what cuts texts into tokens; at white space by default
     * @return a scorer with the same settings otherwise
     */
    public NltkBleu withTokenizer(Tokenizer tokenizer) {
        Objects.requireNonNull(tokenizer, "tokenizer");
        return new NltkBleu(
                new NltkSettings(settings.weights(), settings.smoothing(), settings.autoReweigh(), tokenizer));
    }

    @Override
    public String name() {
        return "BLEU (NLTK)";
    }

    /**
     * The score of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with
     * @return the score
     * @throws IllegalArgumentException if there is no reference, or smoothing method 6 is impossible: for fewer than three orders, or
     *     without a matching trigram
     */
    @Override
    public NltkBleuScore score(String prediction, List<String> references) {
        NltkSums sums = newSums();
        addTo(sums, prediction, references);
        return scoreOfOne(sums);
    }

    /**
     * The score of one example that is cut into tokens: {@code sentence_bleu}.
     *
     * @param hypothesis the tokens of the generated text, none of them empty
     * @param references those of the texts that it is compared with, at least one
     * @return the score
     * @throws IllegalArgumentException if there is no reference, a token is empty, or smoothing method 6 is impossible: for fewer than
     *     three orders, or without a matching trigram
     */
    public NltkBleuScore scoreTokens(List<String> hypothesis, List<? extends List<String>> references) {
        NltkSums sums = newSums();
        addTo(sums, hypothesis, references);
        return scoreOfOne(sums);
    }

    private NltkBleuScore scoreOfOne(NltkSums sums) {
        try {
            return score(sums);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public NltkBleuCorpus corpus() {
        return new NltkBleuCorpus(this);
    }

    NltkSums newSums() {
        return new NltkSums(settings.orders(), settings.smoothing().needsFiveGrams());
    }

    void addTo(NltkSums sums, String prediction, List<String> references) {
        Tokenizer tokenizer = settings.tokenizer();
        List<Tokens> texts = new ArrayList<>(references.size());
        for (String reference : references) {
            texts.add(tokenizer.tokens(reference));
        }
        sums.add(tokenizer.tokens(prediction), texts);
    }

    void addTo(NltkSums sums, List<String> hypothesis, List<? extends List<String>> references) {
        List<Tokens> texts = new ArrayList<>(references.size());
        for (List<String> reference : references) {
            texts.add(tokens(reference));
        }
        sums.add(tokens(hypothesis), texts);
    }

    private static Tokens tokens(List<String> list) {
        for (String token : list) {
            if (token.isEmpty()) {
                throw new IllegalArgumentException("tokens are " + list + ", but must not be empty");
            }
        }
        return Tokens.of(list);
    }

    NltkBleuScore score(NltkSums sums) {
        return NltkFormula.score(settings, sums);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NltkBleu that && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /**
     * The settings.
     *
     * @return for example {@code BLEU (NLTK) of weights [[0.5, 0.5]], method1}
     */
    @Override
    public String toString() {
        return "BLEU (NLTK) of weights " + settings.weights() + ", " + settings.smoothing()
                + (settings.autoReweigh() ? ", reweighed" : "");
    }
}
