package dev.llmmem.metrics.bleu;

/**
 * What sacreBLEU does about orders without a match (B. Chen and C. Cherry, "A Systematic Comparison of Smoothing Techniques for
 * Sentence-Level BLEU", 2014). Where no order has a match, the score is 0 whatever the smoothing.
 */
public enum BleuSmoothing {
    /** Nothing: the score is 0. */
    NONE("none", 0),
    /** A number in the place of 0 matches, 0.1 unless said otherwise. */
    FLOOR("floor", 0.1),
    /** A number added to matches and totals of all orders but the first, 1 unless said otherwise; the score reports the sums. */
    ADD_K("add-k", 1),
    /** Half a match in the place of 0, a quarter the next time, and so on, as mteval-v13a.pl does; the default. */
    EXP("exp", 0);

    private final String signature;
    private final double usual;

    BleuSmoothing(String signature, double usual) {
        this.signature = signature;
        this.usual = usual;
    }

    /**
     * What sacreBLEU calls it, in options and signatures.
     *
     * @return for example {@code add-k}
     */
    public String signature() {
        return signature;
    }

    /**
     * Whether it takes a number.
     *
     * @return true for {@link #FLOOR} and {@link #ADD_K}
     */
    public boolean takesValue() {
        return this == FLOOR || this == ADD_K;
    }

    /**
     * The number unless another is said.
     *
     * @return 0.1 or 1, or 0 if it takes none
     */
    public double usualValue() {
        return usual;
    }
}
