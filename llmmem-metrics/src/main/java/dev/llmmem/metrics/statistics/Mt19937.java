package dev.llmmem.metrics.statistics;

import java.io.Serializable;

/**
 * The Mersenne Twister MT19937 (Matsumoto and Nishimura, ACM Transactions on Modeling and Computer Simulation 8, 1998) seeded and
 * read as NumPy's {@code numpy.random.RandomState} and {@code numpy.random.seed} do: the same seed gives the same numbers. For
 * one thread.
 */
public final class Mt19937 implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The largest seed, 2<sup>32</sup> - 1; the smallest is 0. */
    public static final long LARGEST_SEED = 0xFFFF_FFFFL;

    private static final int WORDS = 624;
    private static final int MIDDLE = 397;
    private static final int TWIST = 0x9908B0DF;
    private static final int UPPER = 0x80000000;

    /** The generator's words. */
    private final int[] state = new int[WORDS];
    /** How many of them have been given out. */
    private int used = WORDS;

    /**
     * Starts as {@code numpy.random.RandomState(seed)} does.
     *
     * @param seed 0 to 2<sup>32</sup> - 1
     * @throws IllegalArgumentException if the seed is out of range
     */
    public Mt19937(long seed) {
        if (seed < 0 || seed > LARGEST_SEED) {
            throw new IllegalArgumentException("seed is " + seed + ", but must be 0 to " + LARGEST_SEED);
        }
        state[0] = (int) seed;
        for (int i = 1; i < WORDS; i++) {
            int before = state[i - 1];
            state[i] = 1812433253 * (before ^ before >>> 30) + i;
        }
    }

    /**
     * The next 32 bits.
     *
     * @return bits of equal chance
     */
    public int next() {
        if (used == WORDS) {
            twist();
        }
        int bits = state[used++];
        bits ^= bits >>> 11;
        bits ^= bits << 7 & 0x9D2C5680;
        bits ^= bits << 15 & 0xEFC60000;
        return bits ^ bits >>> 18;
    }

    /**
     * The next index below a bound, as {@code randint(bound)} and {@code choice(bound)} draw it: masked bits, drawn again while they
     * are too large.
     *
     * @param bound at least 1; 1 draws nothing
     * @return 0 to bound - 1, of equal chance
     * @throws IllegalArgumentException if the bound is not positive
     */
    public int index(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound is " + bound + ", but must be at least 1");
        }
        int largest = bound - 1;
        if (largest == 0) {
            return 0;
        }
        int mask = -1 >>> Integer.numberOfLeadingZeros(largest);
        int index = next() & mask;
        while (index > largest) {
            index = next() & mask;
        }
        return index;
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int next = i + 1 < WORDS ? i + 1 : 0;
            int far = i + MIDDLE < WORDS ? i + MIDDLE : i + MIDDLE - WORDS;
            int mixed = (state[i] & UPPER) | (state[next] & ~UPPER);
            state[i] = state[far] ^ mixed >>> 1 ^ ((mixed & 1) == 0 ? 0 : TWIST);
        }
        used = 0;
    }
}
