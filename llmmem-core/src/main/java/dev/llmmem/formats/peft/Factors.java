package dev.llmmem.formats.peft;

/** How LoKr cuts a width into two factors: peft 0.21.0, {@code peft/tuners/lokr/layer.py}, {@code factorization}. */
final class Factors {

    private Factors() {}

    /**
     * The first factor of a width, which is the smaller one unless it is given.
     *
     * @param width at least 1
     * @param factor the greatest first factor; taken itself where it divides the width; -1 for the closest pair
     */
    static long smaller(long width, long factor) {
        if (factor > 0 && width % factor == 0) {
            return factor;
        }
        long most = factor == -1 ? width : factor;
        long smaller = 1;
        for (long next = 2; next <= most && next * next <= width; next++) {
            if (width % next == 0) {
                smaller = next;
            }
        }
        return smaller;
    }
}
