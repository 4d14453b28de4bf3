package dev.llmmem.metrics.statistics;

/**
 * The mean as NumPy's {@code mean} of contiguous doubles computes it, to the bit (numpy/_core/src/umath/loops_utils.h.src of NumPy
 * 2.4, {@code pairwise_sum}): p-values compare with such means.
 */
final class PairwiseSum {

    private static final int LANES = 8;
    private static final int BLOCK = 128;

    private PairwiseSum() {}

    static double mean(double[] values) {
        return sum(values, 0, values.length) / values.length;
    }

    private static double sum(double[] values, int start, int length) {
        if (length < LANES) {
            double sum = 0;
            for (int i = start; i < start + length; i++) {
                sum += values[i];
            }
            return sum;
        }
        if (length > BLOCK) {
            int half = length / 2;
            half -= half % LANES;
            return sum(values, start, half) + sum(values, start + half, length - half);
        }
        double[] lanes = new double[LANES];
        System.arraycopy(values, start, lanes, 0, LANES);
        int i = LANES;
        for (; i < length - length % LANES; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] += values[start + i + lane];
            }
        }
        double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
        for (; i < length; i++) {
            sum += values[start + i];
        }
        return sum;
    }
}
