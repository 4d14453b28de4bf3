package dev.llmmem.metrics.bleu;

/**
 * The exact sum of a few doubles, rounded once, half to even: what {@code ExactSum} gives, without its width (J. R. Shewchuk, "Adaptive
 * precision floating-point arithmetic and fast robust geometric predicates", 1997, as {@code math.fsum} of CPython has it).
 */
final class FewTerms {

    private FewTerms() {}

    /** @param terms numbers of which no sum overflows; their places are used */
    static double sum(double[] terms) {
        // the first places hold parts that do not overlap, smallest first, of what was read so far
        int parts = 0;
        for (double term : terms) {
            double high = term;
            int kept = 0;
            for (int i = 0; i < parts; i++) {
                DoubleDouble both = DoubleDouble.sum(high, terms[i]);
                if (both.low() != 0) {
                    terms[kept++] = both.low();
                }
                high = both.high();
            }
            terms[kept] = high;
            parts = kept + 1;
        }
        return rounded(terms, parts);
    }

    private static double rounded(double[] parts, int count) {
        if (count == 0) {
            return 0;
        }
        int i = count - 1;
        double high = parts[i];
        double low = 0;
        while (i > 0 && low == 0) {
            DoubleDouble both = DoubleDouble.sum(high, parts[--i]);
            high = both.high();
            low = both.low();
        }
        // what is below the remainder decides between two neighbours that are equally near
        if (i > 0 && low * parts[i - 1] > 0) {
            double twice = 2 * low;
            double next = high + twice;
            if (next - high == twice) {
                high = next;
            }
        }
        return high;
    }
}
