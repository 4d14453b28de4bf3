package dev.llmmem.metrics.bleu;

import java.math.BigInteger;

/** An exact quotient of integers until it meets a double, as Python's {@code Fraction} is; never negative. */
final class PythonNumber {

    static final PythonNumber ZERO = of(0, 1);

    private final BigInteger numerator;
    private final BigInteger denominator;
    /** The value if it is no quotient; not a number if it is. */
    private final double value;

    private PythonNumber(BigInteger numerator, BigInteger denominator, double value) {
        this.numerator = numerator;
        this.denominator = denominator;
        this.value = value;
    }

    static PythonNumber of(long numerator, long denominator) {
        return new PythonNumber(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator), Double.NaN);
    }

    static PythonNumber of(double value) {
        return new PythonNumber(BigInteger.ZERO, BigInteger.ONE, value);
    }

    /** A whole number exactly, as Python's int; others as doubles. */
    static PythonNumber wholeOrDouble(double value) {
        return value == Math.rint(value) && value < 0x1p53 ? of((long) value, 1) : of(value);
    }

    private boolean isExact() {
        return Double.isNaN(value);
    }

    boolean isZero() {
        return isExact() ? numerator.signum() == 0 : value == 0;
    }

    PythonNumber plus(PythonNumber other) {
        return isExact() && other.isExact()
                ? new PythonNumber(
                        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                        denominator.multiply(other.denominator),
                        Double.NaN)
                : of(toDouble() + other.toDouble());
    }

    PythonNumber times(PythonNumber other) {
        return isExact() && other.isExact()
                ? new PythonNumber(
                        numerator.multiply(other.numerator), denominator.multiply(other.denominator), Double.NaN)
                : of(toDouble() * other.toDouble());
    }

    PythonNumber dividedBy(PythonNumber other) {
        return isExact() && other.isExact()
                ? new PythonNumber(
                        numerator.multiply(other.denominator), denominator.multiply(other.numerator), Double.NaN)
                : of(toDouble() / other.toDouble());
    }

    /** The nearest double, the even one of two. */
    double toDouble() {
        if (!isExact()) {
            return value;
        }
        int shift = 66 - numerator.bitLength() + denominator.bitLength();
        BigInteger[] parts =
                numerator.shiftLeft(Math.max(0, shift)).divideAndRemainder(denominator.shiftLeft(Math.max(0, -shift)));
        // 66 bits or more: one sticky bit stands for what was cut off
        BigInteger quotient = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
        return Math.scalb(quotient.doubleValue(), -shift);
    }
}
