package dev.llmmem.metrics.bleu;

/**
 * The methods of NLTK's {@code SmoothingFunction}. Precisions are exact quotients until a method makes doubles of them, and rounded once
 * at the end, as Python's are; quotients of two integers below 2<sup>53</sup> need no more than a division of doubles.
 */
final class NltkSmoothed {

    private NltkSmoothed() {}

    /** The smoothed precisions by order; 0 for those that do not count. */
    static double[] precisions(NltkSmoothing smoothing, NltkSums sums) {
        return switch (smoothing.method()) {
            case 5 -> rounded(neighbours(exact(sums), sums));
            case 6 -> rounded(interpolated(exact(sums), sums, smoothing));
            case 7 -> {
                double[] simple = simple(smoothing, sums);
                PythonNumber[] numbers = exact(sums);
                for (int n = 0; n < numbers.length; n++) {
                    if (sums.matches(n) == 0 && simple[n] != 0) {
                        numbers[n] = PythonNumber.of(simple[n]);
                    }
                }
                yield rounded(neighbours(numbers, sums));
            }
            default -> simple(smoothing, sums);
        };
    }

    private static double[] simple(NltkSmoothing smoothing, NltkSums sums) {
        double[] precisions = new double[sums.orders()];
        int unmatched = 0;
        for (int n = 0; n < precisions.length; n++) {
            double matches = sums.matches(n);
            double total = sums.total(n);
            if (smoothing.method() == 2 && n > 0) {
                precisions[n] = (matches + 1) / (total + 1);
            } else if (matches != 0) {
                precisions[n] = matches / total;
            } else {
                unmatched++;
                precisions[n] = unmatched(smoothing, unmatched, total, sums.length());
            }
        }
        return precisions;
    }

    private static double unmatched(NltkSmoothing smoothing, int time, double total, long length) {
        return switch (smoothing.method()) {
            case 0 -> Double.MIN_NORMAL;
            case 1 -> smoothing.epsilon() / total;
            case 3 -> 1 / (Math.scalb(1.0, time) * total);
            case 4, 7 ->
                length > 1 ? 1 / (Math.scalb(smoothing.k(), time) / Elementary.log((double) length)) / total : 0;
            default -> throw new AssertionError(smoothing);
        };
    }

    private static PythonNumber[] exact(NltkSums sums) {
        PythonNumber[] precisions = new PythonNumber[sums.orders()];
        for (int n = 0; n < precisions.length; n++) {
            precisions[n] = PythonNumber.of(sums.matches(n), sums.total(n));
        }
        return precisions;
    }

    private static PythonNumber[] neighbours(PythonNumber[] precisions, NltkSums sums) {
        PythonNumber before = precisions[0].plus(PythonNumber.of(1, 1));
        PythonNumber beyond = PythonNumber.of(sums.lastFiveGramMatches(), Math.max(1, sums.lastLength() - 4));
        PythonNumber[] smoothed = new PythonNumber[precisions.length];
        for (int n = 0; n < precisions.length; n++) {
            PythonNumber after = n + 1 < precisions.length ? precisions[n + 1] : beyond;
            before = before.plus(precisions[n]).plus(after).dividedBy(PythonNumber.of(3, 1));
            smoothed[n] = before;
        }
        return smoothed;
    }

    private static PythonNumber[] interpolated(PythonNumber[] precisions, NltkSums sums, NltkSmoothing smoothing) {
        if (precisions.length < 3) {
            throw new ArithmeticException("smoothing method 6 needs weights for at least 3 orders");
        }
        if (precisions[2].isZero()) {
            throw new ArithmeticException("smoothing method 6 needs a matching trigram");
        }
        PythonNumber alpha = PythonNumber.wholeOrDouble(smoothing.alpha());
        for (int n = 2; n < precisions.length; n++) {
            PythonNumber prior = precisions[n - 2].isZero()
                    ? PythonNumber.ZERO
                    : precisions[n - 1].times(precisions[n - 1]).dividedBy(precisions[n - 2]);
            PythonNumber grams = PythonNumber.of(Math.max(0, sums.lastLength() - n), 1);
            precisions[n] =
                    PythonNumber.of(sums.matches(n), 1).plus(alpha.times(prior)).dividedBy(grams.plus(alpha));
        }
        return precisions;
    }

    private static double[] rounded(PythonNumber[] precisions) {
        double[] rounded = new double[precisions.length];
        for (int n = 0; n < rounded.length; n++) {
            rounded[n] = precisions[n].toDouble();
        }
        return rounded;
    }
}
