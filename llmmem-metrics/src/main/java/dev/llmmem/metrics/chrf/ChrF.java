package dev.llmmem.metrics.chrf;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.statistics.SummedStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * chrF and chrF++ (Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015; "chrF++: words helping
 * character n-grams", WMT 2017), with the numbers of sacreBLEU 2.6.0 ({@code metrics/chrf.py}): the F score of common n-grams of
 * characters, and of words if wanted. Immutable and thread-safe.
 *
 * <p>Characters are code points. A corpus sums the n-grams of its examples, each with the reference that gives it the best score by
 * itself, the first of several; there must be one at least, which may be empty. Time grows linearly with the length of texts.
 */
public final class ChrF implements Metric<ChrFScore>, SummedStatistics {

    private static final long serialVersionUID = 1L;
    private static final int MOST_ORDER = 64;
    private static final int MOST_BETA = 1000;
    private static final ChrF DEFAULTS = new ChrF(6, 0, 2, false, false, false);
    private static final ThreadLocal<Counter> COUNTER = ThreadLocal.withInitial(Counter::new);

    /** Up to how many characters an n-gram has. */
    private final int characterOrder;
    /** Up to how many words an n-gram has. */
    private final int wordOrder;
    /** How many times as much recall weighs as precision. */
    private final int beta;
    /** Whether capitals are made small. */
    private final boolean lowercase;
    /** Whether n-grams of characters contain white space. */
    private final boolean whitespace;
    /** Whether each order counts, a missing one with almost nothing. */
    private final boolean epsilonSmoothing;

    private ChrF(
            int characterOrder,
            int wordOrder,
            int beta,
            boolean lowercase,
            boolean whitespace,
            boolean epsilonSmoothing) {
        check("characterOrder", characterOrder, MOST_ORDER);
        check("wordOrder", wordOrder, MOST_ORDER);
        check("beta", beta, MOST_BETA);
        if (characterOrder + wordOrder == 0) {
            throw new IllegalArgumentException(
                    "characterOrder and wordOrder are 0, but one must be 1 to " + MOST_ORDER);
        }
        this.characterOrder = characterOrder;
        this.wordOrder = wordOrder;
        this.beta = beta;
        this.lowercase = lowercase;
        this.whitespace = whitespace;
        this.epsilonSmoothing = epsilonSmoothing;
    }

    private static void check(String name, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be 0 to " + most);
        }
    }

    /**
     * chrF as sacreBLEU has it by default: characters up to order 6, beta 2, case kept, no white space.
     *
     * @return the metric
     */
    public static ChrF withDefaults() {
        return DEFAULTS;
    }

    /**
     * chrF++: the same, and words up to order 2.
     *
     * @return the metric
     */
    public static ChrF plusPlus() {
        return DEFAULTS.withWordOrder(2);
    }

    /**
     * With n-grams of up to another number of characters; 6 by default.
     *
     * @param value 0 to 64; 0 only with words
     * @return a metric with that setting
     * @throws IllegalArgumentException if it is out of range
     */
    public ChrF withCharacterOrder(int value) {
        return new ChrF(value, wordOrder, beta, lowercase, whitespace, epsilonSmoothing);
    }

    /**
     * With n-grams of up to another number of words; 0 by default, 2 is chrF++.
     *
     * @param value 0 to 64; 0 only with characters
     * @return a metric with that setting
     * @throws IllegalArgumentException if it is out of range
     */
    public ChrF withWordOrder(int value) {
        return new ChrF(characterOrder, value, beta, lowercase, whitespace, epsilonSmoothing);
    }

    /**
     * With another weight of recall; 2 by default.
     *
     * @param value how many times as much it weighs as precision, 0 to 1000
     * @return a metric with that setting
     * @throws IllegalArgumentException if it is out of range
     */
    public ChrF withBeta(int value) {
        return new ChrF(characterOrder, wordOrder, value, lowercase, whitespace, epsilonSmoothing);
    }

    /**
     * Whether capitals are made small, as Python does; off by default.
     *
     * @param value whether they are
     * @return a metric with that setting
     */
    public ChrF withLowercase(boolean value) {
        return new ChrF(characterOrder, wordOrder, beta, value, whitespace, epsilonSmoothing);
    }

    /**
     * Whether n-grams of characters contain white space, all of it; off by default.
     *
     * @param value whether they do
     * @return a metric with that setting
     */
    public ChrF withWhitespace(boolean value) {
        return new ChrF(characterOrder, wordOrder, beta, lowercase, value, epsilonSmoothing);
    }

    /**
     * Whether the score is the mean of F scores of all orders, with 1e-16 for precisions and recalls without n-grams, as in chrF++.py,
     * Moses and NLTK; off by default: then precisions and recalls are averaged over the orders that both sides have.
     *
     * @param value whether it is
     * @return a metric with that setting
     */
    public ChrF withEpsilonSmoothing(boolean value) {
        return new ChrF(characterOrder, wordOrder, beta, lowercase, whitespace, value);
    }

    /** What sacreBLEU calls it, for example {@code chrF2++}. */
    @Override
    public String name() {
        return "chrF" + beta + "+".repeat(wordOrder);
    }

    /**
     * The score of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with, one at least
     * @return the score
     * @throws IllegalArgumentException if there is no reference
     */
    @Override
    public ChrFScore score(String prediction, List<String> references) {
        return score(counted(prediction, references), Integer.toString(references.size()));
    }

    @Override
    public Accumulator<ChrFScore> corpus() {
        return new ChrFCorpus(this);
    }

    /**
     * What the score is made of: corpus scores are those of sums.
     *
     * @param prediction the generated text
     * @param references what it is compared with, one at least
     * @return for each order, those of characters first, the number of n-grams of the prediction, of the reference, and of both
     * @throws IllegalArgumentException if there is no reference
     */
    @Override
    public double[] statistics(String prediction, List<String> references) {
        return counted(prediction, references).clone();
    }

    /**
     * The score of sums of {@link #statistics}.
     *
     * @param sums three for each order, none negative
     * @return the F score in percent
     * @throws IllegalArgumentException if their number is another
     */
    @Override
    public double score(double[] sums) {
        return FScore.percent(checked(sums), beta, epsilonSmoothing);
    }

    /** The same of sums in single precision, in which the reference then computes precisions and recalls, too. */
    @Override
    public double scoreOfResample(float[] sums) {
        double[] wide = new double[sums.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = sums[i];
        }
        return FScore.percent(checked(wide), beta, epsilonSmoothing, true);
    }

    private double[] checked(double[] sums) {
        if (sums.length != columns()) {
            throw new IllegalArgumentException("sums are " + sums.length + ", but must be " + columns());
        }
        return sums;
    }

    /**
     * How sacreBLEU 2.6.0 states the settings, but for beta.
     *
     * @param references how many references each example has, a number or {@code var} if that varies
     * @return for example {@code nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0}
     */
    public String signature(String references) {
        return "nrefs:" + references + "|case:" + (lowercase ? "lc" : "mixed") + "|eff:"
                + (epsilonSmoothing ? "no" : "yes") + "|nc:" + characterOrder + "|nw:" + wordOrder + "|space:"
                + (whitespace ? "yes" : "no") + "|version:2.6.0";
    }

    int characterOrder() {
        return characterOrder;
    }

    int wordOrder() {
        return wordOrder;
    }

    boolean lowercase() {
        return lowercase;
    }

    boolean whitespace() {
        return whitespace;
    }

    /** How many numbers the score is made of. */
    int columns() {
        return 3 * (characterOrder + wordOrder);
    }

    /** The counts of one example, for three columns an order; they are good until the thread counts the next. */
    double[] counted(String prediction, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("references are 0, but must be 1 or more");
        }
        Counter counter = COUNTER.get();
        double[] counts = counter.count(this, prediction, references);
        if (!counter.isSmall()) {
            COUNTER.remove();
        }
        return counts;
    }

    ChrFScore score(double[] sums, String references) {
        List<NGramCounts> counts = new ArrayList<>(sums.length / 3);
        for (int i = 0; i < sums.length; i += 3) {
            counts.add(new NGramCounts((long) sums[i], (long) sums[i + 1], (long) sums[i + 2]));
        }
        return new ChrFScore(name(), score(sums), counts, signature(references));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChrF that
                && characterOrder == that.characterOrder
                && wordOrder == that.wordOrder
                && beta == that.beta
                && lowercase == that.lowercase
                && whitespace == that.whitespace
                && epsilonSmoothing == that.epsilonSmoothing;
    }

    @Override
    public int hashCode() {
        return Objects.hash(characterOrder, wordOrder, beta, lowercase, whitespace, epsilonSmoothing);
    }

    /**
     * The name and the settings.
     *
     * @return for example {@code chrF2 (nc 6, nw 0, case mixed, space no, eff yes)}
     */
    @Override
    public String toString() {
        return name() + " (nc " + characterOrder + ", nw " + wordOrder + ", case " + (lowercase ? "lc" : "mixed")
                + ", space " + (whitespace ? "yes" : "no") + ", eff " + (epsilonSmoothing ? "no" : "yes") + ")";
    }
}
