package dev.llmmem.metrics.chrf;

import java.util.Arrays;

/**
 * Finds common n-grams order by order: an n-gram is the number of its first n - 1 symbols with the last, and is numbered through a
 * hash table in turn. For any number of symbols and any order. For one thread.
 */
final class ChainedNGrams implements NGramMatcher {

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    @Override
    public void match(
            int[] first, int firstSize, int[] second, int secondSize, int symbols, int order, long[] matches) {
        int[] firstChain = Arrays.copyOf(first, firstSize);
        int[] secondChain = Arrays.copyOf(second, secondSize);
        int slots = Integer.highestOneBit(Math.addExact(firstSize, firstSize / 2) | 8) << 1;
        long[] keys = new long[slots];
        int[] counts = new int[slots];
        for (int n = 1; n <= order && n <= firstSize && n <= secondSize; n++) {
            Arrays.fill(counts, 0);
            for (int i = 0; i <= firstSize - n; i++) {
                int slot = slot(key(firstChain[i], n, first[i + n - 1]), keys, counts);
                keys[slot] = key(firstChain[i], n, first[i + n - 1]);
                counts[slot]++;
                firstChain[i] = slot;
            }
            for (int i = 0; i <= secondSize - n; i++) {
                secondChain[i] = secondChain[i] < 0 ? -1 : found(secondChain[i], n, second[i + n - 1], keys, counts);
            }
            matches[n] += clipped(secondChain, secondSize - n + 1, counts);
        }
    }

    private static long key(int chain, int n, int symbol) {
        return n == 1 ? symbol : ((long) chain << Integer.SIZE) | symbol;
    }

    private static int found(int chain, int n, int symbol, long[] keys, int[] counts) {
        int slot = slot(key(chain, n, symbol), keys, counts);
        return counts[slot] == 0 ? -1 : slot;
    }

    private static int slot(long key, long[] keys, int[] counts) {
        int slot = (int) ((key * MULTIPLIER) >>> (Long.numberOfLeadingZeros(keys.length) + 1));
        while (counts[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    /** How many slots of a chain can be taken as often as they were filled; keeps those that were filled filled. */
    private static long clipped(int[] chain, int size, int[] counts) {
        long matches = 0;
        for (int i = 0; i < size; i++) {
            if (chain[i] >= 0 && counts[chain[i]] > 0) {
                counts[chain[i]]--;
                matches++;
            }
        }
        return matches;
    }
}
