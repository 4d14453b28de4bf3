package dev.llmmem.metrics.rouge;

import java.util.Arrays;

/**
 * The tokens of a reference and of a prediction in numbers of their own: those of the reference are 0 to one less than {@link
 * #distinct}, and a token of the prediction that is not in the reference is {@link #FOREIGN}. Reused from pair to pair.
 */
final class Pair {

    static final int FOREIGN = -1;

    int[] target = new int[256];
    int targetSize;
    int[] prediction = new int[256];
    int predictionSize;
    int distinct;

    /** By token of the reference, to be counted in; all 0 between uses. */
    int[] counts = new int[256];

    /** By number of the vocabulary: the pair that last saw it, and its number there. */
    private long[] local = new long[1024];

    private int stamp;

    void set(TokenIds reference, TokenIds generated, int vocabulary) {
        if (local.length < vocabulary) {
            local = Arrays.copyOf(local, Math.max(vocabulary, 2 * Math.min(local.length, 1 << 28)));
        }
        targetSize = reference.size;
        predictionSize = generated.size;
        target = fitted(target, targetSize);
        prediction = fitted(prediction, predictionSize);
        next();
        readReference(reference.ids);
        readPrediction(generated.ids);
        counts = fitted(counts, distinct);
    }

    private void next() {
        if (++stamp == Integer.MAX_VALUE) {
            Arrays.fill(local, 0);
            stamp = 1;
        }
    }

    private void readReference(int[] ids) {
        int count = 0;
        for (int i = 0; i < targetSize; i++) {
            int id = ids[i];
            long seen = local[id];
            if ((int) (seen >>> 32) == stamp) {
                target[i] = (int) seen;
            } else {
                local[id] = (long) stamp << 32 | count;
                target[i] = count++;
            }
        }
        distinct = count;
    }

    private void readPrediction(int[] ids) {
        for (int i = 0; i < predictionSize; i++) {
            long seen = local[ids[i]];
            prediction[i] = (int) (seen >>> 32) == stamp ? (int) seen : FOREIGN;
        }
    }

    /** An array of at least so many numbers; what it held is lost if it must be larger. */
    static int[] fitted(int[] array, int size) {
        return array.length >= size ? array : new int[grown(array.length, size)];
    }

    static int grown(int before, int size) {
        return Math.max(size, Math.min(before, 1 << 29) * 2);
    }

    /** How many tokens both have, each as often as in that which has it less often. */
    int common() {
        for (int i = 0; i < targetSize; i++) {
            counts[target[i]]++;
        }
        int common = 0;
        for (int i = 0; i < predictionSize; i++) {
            int token = prediction[i];
            if (token >= 0 && counts[token] > 0) {
                counts[token]--;
                common++;
            }
        }
        clearCounts();
        return common;
    }

    void clearCounts() {
        Arrays.fill(counts, 0, distinct, 0);
    }

    long footprint() {
        return target.length + prediction.length + counts.length + 2L * local.length;
    }
}
