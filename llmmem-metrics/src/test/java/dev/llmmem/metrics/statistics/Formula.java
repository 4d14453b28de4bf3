package dev.llmmem.metrics.statistics;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The formulas of sacreBLEU by themselves, from sums to a score. */
record Formula(String metric) implements SummedStatistics {

    @Override
    public double[] statistics(String prediction, List<String> references) {
        throw new UnsupportedOperationException("they are there already");
    }

    @Override
    public double score(double[] sums) {
        return score(sums, quotient -> quotient);
    }

    /** A quotient of two floats is the double quotient, rounded to single precision: 53 bits are more than twice 24. */
    @Override
    public double scoreOfResample(float[] sums) {
        double[] wide = new double[sums.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = sums[i];
        }
        return score(wide, quotient -> (float) quotient);
    }

    private double score(double[] sums, DoubleUnaryOperator rounding) {
        return switch (metric) {
            case "bleu" -> bleu(sums);
            case "ter" -> ter(sums, rounding);
            default -> chrf(sums, rounding);
        };
    }

    private static double bleu(double[] sums) {
        if (sums[2] + sums[3] + sums[4] + sums[5] == 0) {
            return 0;
        }
        double smooth = 1;
        double logs = 0;
        for (int n = 0; n < 4; n++) {
            double precision = 0;
            if (sums[6 + n] == 0) {
                return 0;
            } else if (sums[2 + n] == 0) {
                smooth *= 2;
                precision = 100 / (smooth * sums[6 + n]);
            } else {
                precision = 100 * sums[2 + n] / sums[6 + n];
            }
            logs += Math.log(precision);
        }
        return (sums[0] < sums[1] ? Math.exp(1 - sums[1] / sums[0]) : 1) * Math.exp(logs / 4);
    }

    private static double ter(double[] sums, DoubleUnaryOperator rounding) {
        if (sums[1] > 0) {
            return 100 * rounding.applyAsDouble(sums[0] / sums[1]);
        }
        return sums[0] > 0 ? 100 : 0;
    }

    private static double chrf(double[] sums, DoubleUnaryOperator rounding) {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int i = 0; i < sums.length; i += 3) {
            if (sums[i] > 0 && sums[i + 1] > 0) {
                precision += rounding.applyAsDouble(sums[i + 2] / sums[i]);
                recall += rounding.applyAsDouble(sums[i + 2] / sums[i + 1]);
                orders++;
            }
        }
        if (precision + recall == 0) {
            return 0;
        }
        precision /= orders;
        recall /= orders;
        return 100 * (5 * precision * recall / (4 * precision + recall));
    }
}
