package dev.llmmem.metrics.rouge;

/**
 * Common n-grams of a pair for every n up to some order. The key of an n-gram is the number of its first n - 1 tokens and its last
 * token, so keys are exact whatever n is. The table holds the n-grams of one n at a time; a stamp tells its slots from those of the
 * n before.
 */
final class NgramMatches {

    /** The number of an n-gram that the reference does not have. */
    private static final int FOREIGN = Pair.FOREIGN;

    private long[] keys = new long[256];
    /** By slot: the n-grams that last used it. */
    private int[] stamps = new int[256];
    /** By slot: how many n-grams of the reference are not matched yet. */
    private int[] counts = new int[256];

    private int stamp;
    private int shift = 56;
    private int mask = 255;

    /** By place in the text: the number of the n-gram that ends there. */
    private int[] target = new int[256];

    private int[] prediction = new int[256];

    /** Sets {@code matches[n]}, n from 2 to the highest order. */
    void count(Pair pair, int highest, int[] matches) {
        reserve(pair.targetSize);
        target = Pair.fitted(target, pair.targetSize);
        prediction = Pair.fitted(prediction, pair.predictionSize);
        System.arraycopy(pair.target, 0, target, 0, pair.targetSize);
        System.arraycopy(pair.prediction, 0, prediction, 0, pair.predictionSize);
        boolean any = true;
        for (int n = 2; n <= highest; n++) {
            matches[n] = any ? count(pair, n) : 0;
            any = matches[n] > 0;
        }
    }

    private int count(Pair pair, int n) {
        nextStamp();
        for (int i = pair.targetSize - 1; i >= n - 1; i--) {
            target[i] = enter(key(target[i - 1], pair.target[i]));
        }
        int matches = 0;
        for (int i = pair.predictionSize - 1; i >= n - 1; i--) {
            int before = prediction[i - 1];
            int token = pair.prediction[i];
            int slot = before == FOREIGN || token == FOREIGN ? FOREIGN : find(key(before, token));
            prediction[i] = slot;
            if (slot != FOREIGN && counts[slot] > 0) {
                counts[slot]--;
                matches++;
            }
        }
        return matches;
    }

    private static long key(int before, int token) {
        return (long) before << 32 | token;
    }

    private int enter(long key) {
        int slot = slot(key);
        while (stamps[slot] == stamp) {
            if (keys[slot] == key) {
                counts[slot]++;
                return slot;
            }
            slot = slot + 1 & mask;
        }
        stamps[slot] = stamp;
        keys[slot] = key;
        counts[slot] = 1;
        return slot;
    }

    private int find(long key) {
        int slot = slot(key);
        while (stamps[slot] == stamp) {
            if (keys[slot] == key) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return FOREIGN;
    }

    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
    }

    /** Makes room for the n-grams of one n; at least half of the slots stay free. */
    private void reserve(int size) {
        int capacity = 64;
        while (capacity < 2L * size) {
            capacity = Math.multiplyExact(2, capacity);
        }
        if (capacity > keys.length) {
            keys = new long[capacity];
            stamps = new int[capacity];
            counts = new int[capacity];
            stamp = 0;
        }
        mask = capacity - 1;
        shift = Long.numberOfLeadingZeros(mask);
    }

    private void nextStamp() {
        if (++stamp == Integer.MAX_VALUE) {
            java.util.Arrays.fill(stamps, 0);
            stamp = 1;
        }
    }

    long footprint() {
        return 4L * keys.length + target.length + prediction.length;
    }
}
