package dev.llmmem.metrics.statistics;

import java.io.Serializable;

/**
 * The generator PCG64 (XSL-RR 128/64; O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for
 * Random Number Generation", Harvey Mudd College HMC-CS-2014-0905), seeded and read as NumPy's {@code numpy.random.default_rng}
 * does: the same seed gives the same numbers. For one thread.
 */
public final class Pcg64 implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final long MULTIPLIER_HIGH = 2549297995355413924L;
    private static final long MULTIPLIER_LOW = 4865540595714422341L;

    /** The upper half of the state. */
    private long high;
    /** The lower half of the state. */
    private long low;
    /** The upper half of what each step adds. */
    private final long incrementHigh;
    /** The lower half of what each step adds; odd. */
    private final long incrementLow;
    /** Whether half a word is left over from the last request for 32 bits. */
    private boolean hasHalf;
    /** That half. */
    private int half;

    /**
     * Starts as {@code numpy.random.default_rng(seed)} does.
     *
     * @param seed at least 0
     * @throws IllegalArgumentException if the seed is negative
     */
    public Pcg64(long seed) {
        if (seed < 0) {
            throw new IllegalArgumentException("seed is " + seed + ", but must be at least 0");
        }
        long[] words = SeedSequence.words(seed, 4);
        incrementHigh = words[2] << 1 | words[3] >>> 63;
        incrementLow = words[3] << 1 | 1;
        step();
        add(words[0], words[1]);
        step();
    }

    /**
     * The next 64 bits.
     *
     * @return bits of equal chance
     */
    public long nextLong() {
        step();
        return Long.rotateRight(high ^ low, (int) (high >>> 58));
    }

    /**
     * The next 32 bits: the lower half of a word, and at the next call its upper half.
     *
     * @return bits of equal chance
     */
    public int next() {
        if (hasHalf) {
            hasHalf = false;
            return half;
        }
        long word = nextLong();
        hasHalf = true;
        half = (int) (word >>> 32);
        return (int) word;
    }

    /**
     * The next index below a bound, as {@code integers(bound)} and {@code choice(bound)} draw it: by multiplication, with few
     * rejections (Lemire, "Fast Random Integer Generation in an Interval", ACM Transactions on Modeling and Computer Simulation
     * 29, 2019).
     *
     * @param bound at least 1; 1 draws nothing
     * @return 0 to bound - 1, of equal chance
     * @throws IllegalArgumentException if the bound is not positive
     */
    public int index(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound is " + bound + ", but must be at least 1");
        }
        if (bound == 1) {
            return 0;
        }
        long product = (next() & LOW_32) * bound;
        if ((product & LOW_32) < bound) {
            long threshold = (LOW_32 + 1 - bound) % bound;
            while ((product & LOW_32) < threshold) {
                product = (next() & LOW_32) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    /**
     * A stream of booleans, as one call of {@code integers(2, size=..., dtype=bool)} draws them: 32 from each 32 bits, the lowest
     * first. What is left of the last 32 when the stream is dropped is lost.
     *
     * @return a stream that draws from this generator
     */
    public Booleans booleans() {
        return new Booleans(this);
    }

    private void step() {
        long carry = unsignedMultiplyHigh(low, MULTIPLIER_LOW);
        high = high * MULTIPLIER_LOW + low * MULTIPLIER_HIGH + carry;
        low *= MULTIPLIER_LOW;
        add(incrementHigh, incrementLow);
    }

    private void add(long upper, long lower) {
        low += lower;
        high += upper + (Long.compareUnsigned(low, lower) < 0 ? 1 : 0);
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    /** Booleans of a generator, one after the other. For one thread. */
    public static final class Booleans {

        private final Pcg64 random;
        private int bits;
        private int left;

        private Booleans(Pcg64 random) {
            this.random = random;
        }

        /**
         * The next boolean.
         *
         * @return true or false, of equal chance
         */
        public boolean next() {
            if (left == 0) {
                bits = random.next();
                left = 32;
            }
            boolean next = (bits & 1) != 0;
            bits >>>= 1;
            left--;
            return next;
        }
    }
}
