package dev.llmmem.metrics.bleu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The second half of {@code corpus_bleu} of NLTK: from sums to scores. */
final class NltkFormula {

    private static final List<Double> REWEIGHED = List.of(0.25, 0.25, 0.25, 0.25);

    private NltkFormula() {}

    /** @throws ArithmeticException if the smoothing is impossible, with a message of why */
    static NltkBleuScore score(NltkSettings settings, NltkSums sums) {
        List<List<Double>> weights = settings.weights();
        long length = sums.length();
        double penalty = penalty(length, sums.referenceLength());
        List<Double> scores = new ArrayList<>(weights.size());
        if (sums.matches(0) == 0) {
            scores.addAll(Collections.nCopies(weights.size(), 0.0));
        } else {
            double[] logs = NltkSmoothed.precisions(settings.smoothing(), sums);
            for (int i = 0; i < logs.length; i++) {
                logs[i] = logs[i] > 0 ? Elementary.log(logs[i]) : Double.NaN;
            }
            for (List<Double> vector : weights) {
                scores.add(penalty * Elementary.exp(mean(reweighed(settings, vector, length), logs)));
            }
        }
        List<Long> matches = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        int unmatched = 0;
        for (int n = 0; n < sums.orders(); n++) {
            matches.add(sums.matches(n));
            totals.add(sums.total(n));
            unmatched += sums.matches(n) == 0 ? 1 : 0;
        }
        return new NltkBleuScore(scores, penalty, matches, totals, length, sums.referenceLength(), unmatched);
    }

    private static double penalty(long length, long references) {
        if (length > references) {
            return 1;
        }
        return length == 0 ? 0 : Elementary.exp(1 - (double) references / (double) length);
    }

    private static List<Double> reweighed(NltkSettings settings, List<Double> weights, long length) {
        return settings.autoReweigh() && length < 4 && weights.equals(REWEIGHED)
                ? Collections.nCopies((int) length, 1.0 / length)
                : weights;
    }

    /** The weighted sum of the logarithms, rounded once; those that are not a number do not count. */
    private static double mean(List<Double> weights, double[] logs) {
        double[] terms = new double[weights.size()];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = Double.isNaN(logs[i]) ? 0 : weights.get(i) * logs[i];
        }
        return FewTerms.sum(terms);
    }
}
