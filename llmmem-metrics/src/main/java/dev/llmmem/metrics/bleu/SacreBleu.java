package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.statistics.SummedStatistics;
import dev.llmmem.metrics.text.PythonText;
import dev.llmmem.metrics.text.SacreTokenizer;
import dev.llmmem.metrics.text.Tokenizer;
import dev.llmmem.metrics.text.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * BLEU (K. Papineni and others, "BLEU: a Method for Automatic Evaluation of Machine Translation", 2002) with the numbers of sacreBLEU
 * 2.6.0 ({@code metrics/bleu.py}; M. Post, "A Call for Clarity in Reporting BLEU Scores", 2018), from 0 to 100.
 *
 * <pre>{@code
 * SacreBleu bleu = SacreBleu.standard();
 * bleu.corpus(predictions, references); // BLEU = 27.41 58.9/33.4/21.0/13.7 (BP = 1.000 ratio = 1.004 hyp_len = ...)
 * bleu.signature(1); // nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0
 * SacreBleu.ofSentences().score("a b", "a b"); // BLEU = 100.00 ...
 * }</pre>
 *
 * <p>References belong to their example, not to streams as in sacreBLEU; a missing one is left out of the list of its
 * example, an empty one counts as a reference of length 0. Not even one is permitted only if the prediction has no token. White space
 * at the end of a text is dropped first.
 *
 * <p>If no order has a match, the score and all precisions are 0 whatever the smoothing. sacreBLEU sums logarithms from
 * left to right up to CPython 3.11, which is what is here; later versions of CPython compensate the sum, which changes the last bits.
 *
 * <p>Time is linear in the texts for each order. Immutable and thread-safe.
 */
public final class SacreBleu implements Metric<BleuScore>, SummedStatistics {

    private static final long serialVersionUID = 1L;

    /** The version of sacreBLEU whose numbers these are. */
    public static final String REFERENCE_VERSION = "2.6.0";

    private static final int MOST_ORDERS = 100;

    private static final SacreBleu STANDARD =
            new SacreBleu(new BleuSettings(SacreTokenizer.THIRTEEN_A, "13a", BleuSmoothing.EXP, 0, 4, false, false));

    /** All that distinguishes two scorers. */
    private final BleuSettings settings;

    private SacreBleu(BleuSettings settings) {
        this.settings = settings;
    }

    /**
     * What the class {@code BLEU} and the command do unless told otherwise: tokenizer 13a, four orders, exponential smoothing, case
     * kept, effective order off.
     *
     * @return the scorer
     */
    public static SacreBleu standard() {
        return STANDARD;
    }

    /**
     * What the function {@code sentence_bleu} does unless told otherwise: the same as {@link #standard()} with the effective order,
     * without which a sentence of fewer than four tokens scores 0 even against itself.
     *
     * @return the scorer
     */
    public static SacreBleu ofSentences() {
        return STANDARD.withEffectiveOrder(true);
    }

    /**
     * With a tokenizer of sacreBLEU.
     *
     * @param tokenizer {@link SacreTokenizer#THIRTEEN_A} by default
     * @return a scorer with the same settings otherwise
     */
    public SacreBleu withTokenizer(SacreTokenizer tokenizer) {
        return withTokenizer(tokenizer, tokenizer.signature());
    }

    /**
     * With a tokenizer of another kind, such as one with a dictionary.
     *
     * @param tokenizer what cuts texts into tokens
     * @param signature what signatures call it, such as {@code ja-mecab}
     * @return a scorer with the same settings otherwise
     * @throws IllegalArgumentException if the signature is empty or has a vertical bar
     */
    public SacreBleu withTokenizer(Tokenizer tokenizer, String signature) {
        if (signature.isEmpty() || signature.indexOf('|') >= 0) {
            throw new IllegalArgumentException("signature is '" + signature + "', but must be a name without |");
        }
        Objects.requireNonNull(tokenizer, "tokenizer");
        return new SacreBleu(settings.withTokenizer(tokenizer, signature));
    }

    /**
     * With another smoothing and its usual number.
     *
     * @param smoothing {@link BleuSmoothing#EXP} by default
     * @return a scorer with the same settings otherwise
     */
    public SacreBleu withSmoothing(BleuSmoothing smoothing) {
        return new SacreBleu(settings.withSmoothing(smoothing, smoothing.usualValue()));
    }

    /**
     * With another smoothing.
     *
     * @param smoothing one that takes a number
     * @param value the number that takes the place of no match, or that is added; finite and at least 0
     * @return a scorer with the same settings otherwise
     * @throws IllegalArgumentException if the smoothing takes no number, or the number is out of range
     */
    public SacreBleu withSmoothing(BleuSmoothing smoothing, double value) {
        if (!smoothing.takesValue()) {
            throw new IllegalArgumentException(
                    "smoothing is " + smoothing.signature() + ", but must be floor or add-k to take a value");
        }
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("value is " + value + ", but must be finite and at least 0");
        }
        return new SacreBleu(settings.withSmoothing(smoothing, value));
    }

    /**
     * With n-grams up to another order. Signatures do not say so.
     *
     * @param order 1 to 100; 4 by default
     * @return a scorer with the same settings otherwise
     * @throws IllegalArgumentException if the order is out of range
     */
    public SacreBleu withMaxOrder(int order) {
        if (order < 1 || order > MOST_ORDERS) {
            throw new IllegalArgumentException("order is " + order + ", but must be 1 to " + MOST_ORDERS);
        }
        return new SacreBleu(settings.withMaxOrder(order));
    }

    /**
     * With the effective order: the mean goes over the orders of which the hypotheses have n-grams at all, though sacreBLEU's
     * documentation says those that have matches.
     *
     * @param effectiveOrder whether; not by default
     * @return a scorer with the same settings otherwise
     */
    public SacreBleu withEffectiveOrder(boolean effectiveOrder) {
        return new SacreBleu(settings.withEffectiveOrder(effectiveOrder));
    }

    /**
     * With texts in small letters, as Python's {@code str.lower} makes them.
     *
     * @param lowercase whether; not by default
     * @return a scorer with the same settings otherwise
     */
    public SacreBleu withLowercase(boolean lowercase) {
        return new SacreBleu(settings.withLowercase(lowercase));
    }

    @Override
    public String name() {
        return "BLEU";
    }

    /**
     * The signature that sacreBLEU gives such a scorer after a corpus with as many references for each example.
     *
     * @param references how many, at least 0, or {@link #VARIABLE}
     * @return for example {@code nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0}
     * @throws IllegalArgumentException if references are out of range
     */
    public String signature(int references) {
        return BleuSignature.of(settings, references, "").full();
    }

    /**
     * The short form of {@link #signature(int)}.
     *
     * @param references how many, at least 0, or {@link #VARIABLE}
     * @return for example {@code #:1|c:mixed|e:no|tok:13a|s:exp|v:2.6.0}
     * @throws IllegalArgumentException if references are out of range
     */
    public String shortSignature(int references) {
        return BleuSignature.of(settings, references, "").abbreviated();
    }

    /** Says to {@link #signature(int)} that examples differ in the number of references. */
    public static final int VARIABLE = -1;

    @Override
    public BleuScore score(String prediction, List<String> references) {
        return ofCounts(counts(prediction, references));
    }

    @Override
    public SacreBleuCorpus corpus() {
        return new SacreBleuCorpus(this);
    }

    /**
     * What the scores of all corpora with an example depend on: their sums go to {@link #score(double[])}.
     *
     * @param prediction the generated text
     * @param references what it is compared with
     * @return length of the prediction, length of the closest reference, matches by order, n-grams of the prediction by order
     * @throws IllegalArgumentException if there is no reference, but a token in the prediction
     */
    @Override
    public double[] statistics(String prediction, List<String> references) {
        return Arrays.stream(counts(prediction, references)).asDoubleStream().toArray();
    }

    /**
     * The score of sums of {@link #statistics(String, List)}.
     *
     * @param sums as many as {@code statistics} has, over any examples; whole numbers
     * @return the score in percent
     * @throws IllegalArgumentException if they are of another length
     */
    @Override
    public double score(double[] sums) {
        return ofCounts(Arrays.stream(sums).mapToLong(sum -> (long) sum).toArray())
                .score();
    }

    private long[] counts(String prediction, List<String> references) {
        long[] sums = new long[2 + 2 * settings.maxOrder()];
        addStatistics(sums, prediction, references);
        return sums;
    }

    void addStatistics(long[] sums, String prediction, List<String> references) {
        Tokens hypothesis = tokens(prediction);
        int length = hypothesis.size();
        List<Tokens> texts = new ArrayList<>(references.size());
        int closest = -1;
        for (String reference : references) {
            Tokens text = tokens(reference);
            int further = Math.abs(length - text.size()) - Math.abs(length - closest);
            if (texts.isEmpty() || further < 0 || (further == 0 && text.size() < closest)) {
                closest = text.size();
            }
            texts.add(text);
        }
        if (texts.isEmpty() && length > 0) {
            throw new IllegalArgumentException(
                    "references are none, but must be at least one for a prediction with tokens");
        }
        int orders = settings.maxOrder();
        NgramOverlap.add(hypothesis, texts, sums, 2, orders);
        sums[0] += length;
        sums[1] += closest;
        for (int n = 0; n < orders && n < length; n++) {
            sums[2 + orders + n] += length - n;
        }
    }

    private Tokens tokens(String text) {
        String cased = settings.lowercase() ? PythonText.lower(text) : text;
        return settings.tokenizer().tokens(PythonText.stripEnd(cased));
    }

    BleuScore ofCounts(long[] sums) {
        return BleuFormula.score(settings, sums);
    }

    BleuSettings settings() {
        return settings;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SacreBleu that && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /**
     * The settings as in signatures.
     *
     * @return for example {@code BLEU|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0}
     */
    @Override
    public String toString() {
        return "BLEU|" + BleuSignature.settings(settings)
                + (settings.maxOrder() == 4 ? "" : " of order " + settings.maxOrder());
    }
}
