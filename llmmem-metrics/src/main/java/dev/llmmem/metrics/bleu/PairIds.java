package dev.llmmem.metrics.bleu;

import java.util.Arrays;

/**
 * Numbers the pairs of neighbours in a sequence of numbers from 0. Most numbers always have the same one after them, which a plain
 * array finds; a table has the others. For one thread.
 */
final class PairIds {

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final long EMPTY = -1;

    /** By number: what came after it first, or -1, and the number of that pair. */
    private int[] next = new int[256];

    private int[] ids = new int[256];
    /** The other pairs by hash: both numbers, and the number of the pair. A power of two, at least twice as many as pairs. */
    private long[] keys = new long[512];

    private int[] values = new int[512];
    private int shift;
    private boolean tabled;
    private int size;

    /**
     * Puts the number of each pair in the place of its first, and -1 if either is -1.
     *
     * @param sequence numbers from -1 on
     * @param length how many there are, at least 1; one less when done
     * @param numbers more than any of them
     * @return how many different pairs there are
     */
    int number(int[] sequence, int length, int numbers) {
        if (next.length < numbers) {
            next = new int[sequence.length];
            ids = new int[sequence.length];
        }
        Arrays.fill(next, 0, numbers, -1);
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(length));
        shift = 64 - bits;
        tabled = false;
        size = 0;
        int second = sequence[0];
        for (int i = 0; i + 1 < length; i++) {
            int first = second;
            second = sequence[i + 1];
            if ((first | second) < 0) {
                sequence[i] = -1;
            } else if (next[first] == second) {
                sequence[i] = ids[first];
            } else if (next[first] < 0) {
                next[first] = second;
                ids[first] = size;
                sequence[i] = size++;
            } else {
                sequence[i] = put(first, second, bits);
            }
        }
        return size;
    }

    private int put(int first, int second, int bits) {
        if (!tabled) {
            if (keys.length < 1 << bits) {
                keys = new long[1 << bits];
                values = new int[1 << bits];
            }
            Arrays.fill(keys, 0, 1 << bits, EMPTY);
            tabled = true;
        }
        long key = ((long) first << 32) | second;
        int slot = slot(key);
        if (keys[slot] == EMPTY) {
            keys[slot] = key;
            values[slot] = size++;
        }
        return values[slot];
    }

    /** Where a pair is, or where it would be. */
    private int slot(long key) {
        int mask = (1 << (64 - shift)) - 1;
        int slot = (int) ((key * FACTOR) >>> shift);
        while (keys[slot] != key && keys[slot] != EMPTY) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /**
     * Puts the number of each pair in the place of its first, and -1 if it has none.
     *
     * @param sequence numbers from -1 on, the last of which is -1
     * @param length how many there are; as many when done
     */
    void find(int[] sequence, int length) {
        int second = sequence[0];
        for (int i = 0; i + 1 < length; i++) {
            int first = second;
            second = sequence[i + 1];
            int id = -1;
            if ((first | second) >= 0) {
                if (next[first] == second) {
                    id = ids[first];
                } else if (tabled) {
                    int slot = slot(((long) first << 32) | second);
                    id = keys[slot] == EMPTY ? -1 : values[slot];
                }
            }
            sequence[i] = id;
        }
    }
}
