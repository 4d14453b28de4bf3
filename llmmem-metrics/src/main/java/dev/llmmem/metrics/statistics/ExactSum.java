package dev.llmmem.metrics.statistics;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of doubles without rounding error: the result is the exact sum, rounded once, half to even, as Python's {@code
 * math.fsum} rounds it. So it depends neither on the order of what is added nor on how partial sums are merged.
 *
 * <p>The sum is kept as a fixed-point number whose last place is the smallest subnormal double, 2<sup>-1074</sup>, in digits of 32
 * bits (the superaccumulator of Kulisch, "Very fast and exact accumulation of products", Computing 91, 2011). For one thread.
 */
public final class ExactSum implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int DIGIT = 32;
    private static final long MASK = 0xFFFF_FFFFL;
    private static final int LOWEST_EXPONENT = 1074;
    private static final int SIGNIFICAND = 53;
    /** Further places of a quotient. */
    private static final int MORE_PLACES = 128;
    /** 2098 bits for one double, and 64 for the number of additions. */
    private static final int DIGITS = (LOWEST_EXPONENT + Double.MAX_EXPONENT + 1 + 64 + DIGIT - 1) / DIGIT + 1;
    /** A digit stays within a long for so many additions. */
    private static final int MOST_ADDITIONS = 1 << 30;

    /** The digits, lowest first; all but the highest are 0 to 2^32 - 1 once carried. */
    private final long[] digits = new long[DIGITS];
    /** How many numbers were added since the digits were carried. */
    private int additions;

    /** Starts with 0. */
    public ExactSum() {}

    /**
     * Adds a number.
     *
     * @param value a finite number
     * @throws IllegalArgumentException if it is infinite or not a number
     */
    public void add(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value is " + value + ", but must be finite");
        }
        if (++additions == MOST_ADDITIONS) {
            carry();
        }
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7FF;
        long fraction = bits & 0xF_FFFF_FFFF_FFFFL;
        long significand = exponent == 0 ? fraction : fraction | 1L << 52;
        int place = Math.max(exponent, 1) - 1;
        int digit = place / DIGIT;
        int shift = place % DIGIT;
        long low = (significand & MASK) << shift;
        long high = (significand >>> DIGIT) << shift;
        long sign = bits >> 63 | 1;
        digits[digit] += sign * (low & MASK);
        digits[digit + 1] += sign * ((low >>> DIGIT) + (high & MASK));
        digits[digit + 2] += sign * (high >>> DIGIT);
    }

    /**
     * Adds what another sum has added; that one keeps its value.
     *
     * @param other another sum, or this one
     */
    public void merge(ExactSum other) {
        carry();
        other.carry();
        for (int i = 0; i < DIGITS; i++) {
            digits[i] += other.digits[i];
        }
        carry();
    }

    /** Brings all digits but the highest into 0 to 2^32 - 1. */
    private void carry() {
        for (int i = 0; i < DIGITS - 1; i++) {
            digits[i + 1] += digits[i] >> DIGIT;
            digits[i] &= MASK;
        }
        additions = 1;
    }

    /**
     * The sum so far; more can be added afterwards.
     *
     * @return the double nearest to the exact sum, the even one of two; infinite beyond the largest double; 0 of nothing
     */
    public double value() {
        BigInteger exact = exact();
        return exact.signum() * rounded(exact.abs(), LOWEST_EXPONENT);
    }

    /**
     * The sum so far divided by a number, rounded once, as Python's {@code statistics.mean} rounds it.
     *
     * @param count what to divide by, at least 1
     * @return the double nearest to the exact quotient, the even one of two; infinite beyond the largest double
     * @throws IllegalArgumentException if the number is not positive
     */
    public double mean(long count) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + ", but must be at least 1");
        }
        BigInteger exact = exact();
        // 128 more places than doubles have: the quotient keeps enough bits even where it is subnormal
        BigInteger[] quotient = exact.abs().shiftLeft(MORE_PLACES).divideAndRemainder(BigInteger.valueOf(count));
        BigInteger magnitude = quotient[1].signum() == 0 ? quotient[0] : quotient[0].setBit(0);
        if (magnitude.bitLength() <= MORE_PLACES + SIGNIFICAND) {
            // subnormal, or next to it: rounding to 53 bits first would round twice
            return exact.signum() * halfEven(magnitude, MORE_PLACES).longValueExact() * Double.MIN_VALUE;
        }
        return exact.signum() * rounded(magnitude, LOWEST_EXPONENT + MORE_PLACES);
    }

    private static BigInteger halfEven(BigInteger magnitude, int places) {
        BigInteger down = magnitude.shiftRight(places);
        boolean up = magnitude.testBit(places - 1) && (down.testBit(0) || magnitude.getLowestSetBit() < places - 1);
        return up ? down.add(BigInteger.ONE) : down;
    }

    private static double rounded(BigInteger magnitude, int lowestExponent) {
        // a double takes 1024 bits; what is cut off can only decide between two neighbours, so one sticky bit stands
        // for it
        int cut = Math.max(0, magnitude.bitLength() - 1000);
        BigInteger kept = magnitude.shiftRight(cut);
        if (cut > 0 && magnitude.getLowestSetBit() < cut) {
            kept = kept.setBit(0);
        }
        return Math.scalb(kept.doubleValue(), cut - lowestExponent);
    }

    private BigInteger exact() {
        carry();
        BigInteger exact = BigInteger.ZERO;
        for (int i = DIGITS - 1; i >= 0; i--) {
            exact = exact.shiftLeft(DIGIT).add(BigInteger.valueOf(digits[i]));
        }
        return exact;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof ExactSum that)) {
            return false;
        }
        carry();
        that.carry();
        return Arrays.equals(digits, that.digits);
    }

    @Override
    public int hashCode() {
        carry();
        return Arrays.hashCode(digits);
    }

    /**
     * The sum as {@link #value()} gives it.
     *
     * @return for example {@code 0.1}
     */
    @Override
    public String toString() {
        return Double.toString(value());
    }
}
