package dev.llmmem.metrics.text;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as CPython prints them, which Java's formatter prints otherwise. */
public final class PythonFormat {

    private PythonFormat() {}

    /**
     * A number with a fixed number of decimals, as {@code f"{value:.2f}"}: the exact binary value is rounded, half to even.
     *
     * @param value any number
     * @param decimals how many decimals, 0 to 1000
     * @return for example {@code 12.25}, {@code -0.0}, {@code inf} or {@code nan}
     * @throws IllegalArgumentException if decimals are out of range
     */
    public static String fixed(double value, int decimals) {
        if (decimals < 0 || decimals > 1000) {
            throw new IllegalArgumentException("decimals is " + decimals + ", but must be 0 to 1000");
        }
        if (Double.isNaN(value)) {
            return "nan";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (Double.isInfinite(value)) {
            return sign + "inf";
        }
        return sign
                + new BigDecimal(Math.abs(value))
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }
}
