package dev.llmmem.metrics.bleu;

/**
 * A number as the unevaluated sum of two doubles, of about 106 bits (T. J. Dekker, "A floating-point technique for extending the
 * available precision", 1971).
 *
 * @param high the double nearest to the number
 * @param low what is left
 */
record DoubleDouble(double high, double low) {

    static final DoubleDouble ONE = new DoubleDouble(1, 0);

    /** The exact sum. */
    static DoubleDouble sum(double a, double b) {
        double high = a + b;
        double part = high - a;
        return new DoubleDouble(high, (a - (high - part)) + (b - part));
    }

    /** The exact product. */
    static DoubleDouble product(double a, double b) {
        double high = a * b;
        return new DoubleDouble(high, Math.fma(a, b, -high));
    }

    static DoubleDouble quotient(double a, double b) {
        double high = a / b;
        return new DoubleDouble(high, Math.fma(-high, b, a) / b);
    }

    DoubleDouble plus(DoubleDouble other) {
        DoubleDouble highs = sum(high, other.high);
        DoubleDouble lows = sum(low, other.low);
        DoubleDouble partly = sum(highs.high, highs.low + lows.high);
        return sum(partly.high, partly.low + lows.low);
    }

    DoubleDouble times(DoubleDouble other) {
        DoubleDouble product = product(high, other.high);
        return sum(product.high, product.low + (high * other.low + low * other.high));
    }

    DoubleDouble times(double factor) {
        DoubleDouble product = product(high, factor);
        return sum(product.high, product.low + low * factor);
    }

    /** The quotient of a double and this number. */
    DoubleDouble divide(double numerator) {
        double first = numerator / high;
        double second = (Math.fma(-first, high, numerator) - first * low) / high;
        return sum(first, second);
    }
}
