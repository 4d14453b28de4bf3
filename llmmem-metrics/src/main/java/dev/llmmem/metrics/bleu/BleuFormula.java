package dev.llmmem.metrics.bleu;

import java.util.ArrayList;
import java.util.List;

/** {@code BLEU.compute_bleu} of sacreBLEU 2.6.0. */
final class BleuFormula {

    /** What sacreBLEU takes for the logarithm of 0. */
    private static final double LOG_OF_ZERO = -9_999_999_999.0;

    private BleuFormula() {}

    /** @param sums lengths of hypotheses and references, then matches and totals by order */
    static BleuScore score(BleuSettings settings, long[] sums) {
        int orders = settings.maxOrder();
        if (sums.length != 2 + 2 * orders) {
            throw new IllegalArgumentException("sums are " + sums.length + ", but must be " + (2 + 2 * orders));
        }
        long length = sums[0];
        long references = sums[1];
        double penalty = length >= references
                ? 1.0
                : length > 0 ? Elementary.exp(1 - (double) references / (double) length) : 0.0;
        double[] counts = new double[orders];
        double[] totals = new double[orders];
        boolean any = false;
        for (int n = 0; n < orders; n++) {
            counts[n] = sums[2 + n];
            totals[n] = sums[2 + orders + n];
            any |= counts[n] != 0;
        }
        double[] precisions = new double[orders];
        double score = 0;
        if (any) {
            int effective = precisions(settings, counts, totals, precisions);
            double logs = 0;
            for (int n = 0; n < effective; n++) {
                logs += precisions[n] == 0 ? LOG_OF_ZERO : Elementary.log(precisions[n]);
            }
            score = penalty * Elementary.exp(logs / effective);
        }
        return new BleuScore(score, list(counts), list(totals), list(precisions), penalty, length, references);
    }

    /** Fills in the precisions, adds to counts and totals what smoothing adds, and returns the order of the mean. */
    private static int precisions(BleuSettings settings, double[] counts, double[] totals, double[] precisions) {
        double value = settings.smoothingValue();
        double halvings = 1;
        int effective = precisions.length;
        for (int n = 0; n < precisions.length; n++) {
            if (settings.smoothing() == BleuSmoothing.ADD_K && n > 0) {
                counts[n] += value;
                totals[n] += value;
            }
            if (totals[n] == 0) {
                break;
            }
            if (settings.effectiveOrder()) {
                effective = n + 1;
            }
            if (counts[n] != 0) {
                precisions[n] = 100 * counts[n] / totals[n];
            } else if (settings.smoothing() == BleuSmoothing.EXP) {
                halvings *= 2;
                precisions[n] = 100 / (halvings * totals[n]);
            } else if (settings.smoothing() == BleuSmoothing.FLOOR) {
                precisions[n] = 100 * value / totals[n];
            }
        }
        return effective;
    }

    private static List<Double> list(double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        return list;
    }
}
