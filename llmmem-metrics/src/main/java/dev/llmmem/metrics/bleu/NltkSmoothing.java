package dev.llmmem.metrics.bleu;

import java.io.Serializable;
import java.util.Objects;

/**
 * What NLTK does about orders without a match: {@code SmoothingFunction} of {@code nltk.translate.bleu_score}, after B. Chen and C.
 * Cherry, "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU", 2014, with its defects.
 *
 * <ul>
 *   <li>0: the smallest normal double, 2.2250738585072014e-308, in the place of a precision of 0, so scores that ought to be 0 are
 *       about 1e-77, 1e-155 or 1e-232;
 *   <li>1: epsilon matches in the place of 0;
 *   <li>2: one more match and n-gram for all orders but the first;
 *   <li>3: half a match in the place of 0, a quarter the next time, and so on;
 *   <li>4: 1 / (2<sup>i</sup> k / ln length) matches in the place of 0, the i-th time; nothing for a single token, and the order is left
 *       out of the mean then, so a matching word scores 1;
 *   <li>5: the mean of the precision, the one after, and the smoothed one before; after the last order comes the precision of 5-grams,
 *       whatever that order is, of the last example of a corpus only;
 *   <li>6: from trigrams on, a mean with what the two orders before let expect, weighed by alpha; n-grams are counted in the last
 *       example of a corpus only, so scores above 1 are possible. Needs weights for three orders or more, and a matching trigram;
 *   <li>7: 4, then 5.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class NltkSmoothing implements Serializable {

    private static final long serialVersionUID = 1L;

    /** None, which is method 0. */
    public static final NltkSmoothing NONE = of(0);

    /** From 0 to 7. */
    private final int method;
    /** Matches in the place of 0. */
    private final double epsilon;
    /** The weight of what other orders let expect. */
    private final double alpha;
    /** What longer texts are divided by. */
    private final double k;

    private NltkSmoothing(int method, double epsilon, double alpha, double k) {
        if (method < 0 || method > 7) {
            throw new IllegalArgumentException("method is " + method + ", but must be 0 to 7");
        }
        if (!(epsilon >= 0) || !Double.isFinite(epsilon)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", but must be finite and at least 0");
        }
        requirePositive("alpha", alpha);
        requirePositive("k", k);
        this.method = method;
        this.epsilon = epsilon;
        this.alpha = alpha;
        this.k = k;
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || !Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be finite and above 0");
        }
    }

    /**
     * A method with NLTK's numbers.
     *
     * @param method 0 to 7
     * @return the method
     * @throws IllegalArgumentException if there is none of the number
     */
    public static NltkSmoothing of(int method) {
        return new NltkSmoothing(method, 0.1, 5, 5);
    }

    /**
     * With another epsilon.
     *
     * @param epsilon finite, at least 0; for method 1; 0.1 by default
     * @return the same method
     * @throws IllegalArgumentException if it is out of range
     */
    public NltkSmoothing withEpsilon(double epsilon) {
        return new NltkSmoothing(method, epsilon, alpha, k);
    }

    /**
     * With another alpha.
     *
     * @param alpha finite, above 0; for method 6; 5 by default. Exact if whole, as an int of Python is
     * @return the same method
     * @throws IllegalArgumentException if it is out of range
     */
    public NltkSmoothing withAlpha(double alpha) {
        return new NltkSmoothing(method, epsilon, alpha, k);
    }

    /**
     * With another k.
     *
     * @param k finite, above 0; for methods 4 and 7; 5 by default
     * @return the same method
     * @throws IllegalArgumentException if it is out of range
     */
    public NltkSmoothing withK(double k) {
        return new NltkSmoothing(method, epsilon, alpha, k);
    }

    /**
     * The method.
     *
     * @return 0 to 7
     */
    public int method() {
        return method;
    }

    /**
     * What takes the place of no match in method 1.
     *
     * @return a finite number, at least 0
     */
    public double epsilon() {
        return epsilon;
    }

    /**
     * What weighs the expectation in method 6.
     *
     * @return a finite number above 0
     */
    public double alpha() {
        return alpha;
    }

    /**
     * What methods 4 and 7 divide by.
     *
     * @return a finite number above 0
     */
    public double k() {
        return k;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NltkSmoothing that
                && method == that.method
                && Double.compare(epsilon, that.epsilon) == 0
                && Double.compare(alpha, that.alpha) == 0
                && Double.compare(k, that.k) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(method, epsilon, alpha, k);
    }

    /** Whether it needs the 5-grams of the last example. */
    boolean needsFiveGrams() {
        return method == 5 || method == 7;
    }

    /**
     * The method, and its number if that is another than NLTK's.
     *
     * @return for example {@code method1} or {@code method1(epsilon=0.01)}
     */
    @Override
    public String toString() {
        String number = "";
        if (method == 1 && epsilon != 0.1) {
            number = "(epsilon=" + epsilon + ")";
        } else if (method == 6 && alpha != 5) {
            number = "(alpha=" + alpha + ")";
        } else if ((method == 4 || method == 7) && k != 5) {
            number = "(k=" + k + ")";
        }
        return "method" + method + number;
    }
}
