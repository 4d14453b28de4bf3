package dev.llmmem.metrics.bleu;

/**
 * Logarithm and exponential function, rounded once: the double nearest to the exact value in all but about one of 2<sup>40</sup>
 * cases, on every platform. {@code Math} is within one unit in the last place, and not the same everywhere; the GNU C library,
 * which Python calls, rounds as here in 99.95 % of calls.
 *
 * <p>Both reduce the argument with a table of 64 steps (P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE
 * floating-point arithmetic", 1989), and sum a series in {@link DoubleDouble}s as far as 106 bits need it.
 */
final class Elementary {

    private static final int STEPS = 64;
    private static final DoubleDouble LN_2 = new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);
    private static final DoubleDouble STEP = LN_2.times(1.0 / STEPS);
    private static final double SQRT_2 = 0x1.6a09e667f3bcdp0;
    /** Beyond it the result is subnormal, or there is none. */
    private static final double LARGE = 700;

    private static final DoubleDouble[] RECIPROCALS = new DoubleDouble[24];
    private static final DoubleDouble[] INVERSE_FACTORIALS = new DoubleDouble[14];
    /** Logarithms of i/64, from 45/64 to 91/64. */
    private static final DoubleDouble[] LOGS = new DoubleDouble[92];
    /** Powers of two with exponents of i/64. */
    private static final DoubleDouble[] POWERS = new DoubleDouble[STEPS];

    static {
        for (int i = 0; i < RECIPROCALS.length; i++) {
            RECIPROCALS[i] = DoubleDouble.quotient(1, 2 * i + 1);
        }
        double factorial = 1;
        for (int i = 0; i < INVERSE_FACTORIALS.length; i++) {
            factorial *= Math.max(1, i);
            INVERSE_FACTORIALS[i] = DoubleDouble.quotient(1, factorial);
        }
        for (int i = 45; i < LOGS.length; i++) {
            double step = i / (double) STEPS;
            DoubleDouble ratio = DoubleDouble.quotient(step - 1, step + 1);
            LOGS[i] = inverseTangent(ratio, RECIPROCALS.length).times(2);
        }
        for (int i = 0; i < STEPS; i++) {
            DoubleDouble power = series(STEP.times(i / 256.0), INVERSE_FACTORIALS.length);
            for (int squared = 0; squared < 8; squared++) {
                power = power.times(power);
            }
            POWERS[i] = power;
        }
    }

    private Elementary() {}

    /** The hyperbolic one. */
    private static DoubleDouble inverseTangent(DoubleDouble z, int terms) {
        DoubleDouble square = z.times(z);
        DoubleDouble sum = RECIPROCALS[terms - 1];
        for (int i = terms - 2; i >= 0; i--) {
            sum = RECIPROCALS[i].plus(square.times(sum));
        }
        return z.times(sum);
    }

    private static DoubleDouble series(DoubleDouble x, int terms) {
        DoubleDouble sum = INVERSE_FACTORIALS[terms - 1];
        for (int i = terms - 2; i >= 0; i--) {
            sum = INVERSE_FACTORIALS[i].plus(x.times(sum));
        }
        return sum;
    }

    /** The natural logarithm of a positive number. */
    static double log(double x) {
        if (!(x >= Double.MIN_NORMAL) || x == Double.POSITIVE_INFINITY) {
            return Math.log(x);
        }
        int exponent = Math.getExponent(x);
        double fraction = Math.scalb(x, -exponent);
        if (fraction > SQRT_2) {
            fraction /= 2;
            exponent++;
        }
        int step = (int) Math.rint(fraction * STEPS);
        double near = step / (double) STEPS;
        DoubleDouble z = DoubleDouble.sum(fraction, near).divide(fraction - near);
        DoubleDouble square = z.times(z);
        double s = square.high();
        // beyond the eighth power, 53 bits of a term are enough
        double tail = 1 / 9.0 + s * (1 / 11.0 + s * (1 / 13.0 + s * (1 / 15.0 + s * (1 / 17.0))));
        DoubleDouble sum = RECIPROCALS[3].plus(square.times(tail));
        sum = RECIPROCALS[2].plus(square.times(sum));
        sum = RECIPROCALS[1].plus(square.times(sum));
        sum = DoubleDouble.ONE.plus(square.times(sum));
        DoubleDouble log = z.times(sum).times(2);
        return LN_2.times(exponent).plus(LOGS[step].plus(log)).high();
    }

    /** Euler's number to a power. */
    static double exp(double x) {
        if (!(Math.abs(x) < LARGE)) {
            return Math.exp(x);
        }
        int steps = (int) Math.rint(x / STEP.high());
        DoubleDouble product = DoubleDouble.product(-steps, STEP.high());
        DoubleDouble r = DoubleDouble.sum(x, product.high())
                .plus(new DoubleDouble(product.low(), 0))
                .plus(DoubleDouble.product(-steps, STEP.low()));
        double t = r.high();
        // from the sixth power on, 53 bits of a term are enough
        double tail = INVERSE_FACTORIALS[11].high();
        for (int i = 10; i >= 6; i--) {
            tail = INVERSE_FACTORIALS[i].high() + t * tail;
        }
        DoubleDouble sum = INVERSE_FACTORIALS[5].plus(r.times(tail));
        for (int i = 4; i >= 0; i--) {
            sum = INVERSE_FACTORIALS[i].plus(r.times(sum));
        }
        return Math.scalb(POWERS[Math.floorMod(steps, STEPS)].times(sum).high(), Math.floorDiv(steps, STEPS));
    }
}
