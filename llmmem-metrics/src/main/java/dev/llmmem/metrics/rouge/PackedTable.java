package dev.llmmem.metrics.rouge;

/** An open-addressing table from pairs of longs to numbers. The first long of a key is not 0. */
final class PackedTable {

    private static final int INITIAL = 1 << 10;
    /** A slot is the key, the number, and nothing. */
    private static final int STRIDE = 4;

    private long[] slots = new long[STRIDE * INITIAL];
    private int mask = INITIAL - 1;
    /** Leaves the highest bits of a product, which depend on all bits of the key. */
    private int shift = Long.numberOfLeadingZeros(INITIAL - 1);

    private int size;

    int size() {
        return size;
    }

    void clear() {
        slots = new long[STRIDE * INITIAL];
        mask = INITIAL - 1;
        shift = Long.numberOfLeadingZeros(mask);
        size = 0;
    }

    /** The number of a key, or -1. */
    int get(long first, long second) {
        long[] slots = this.slots;
        int slot = slot(first, second);
        while (true) {
            long found = slots[STRIDE * slot];
            if (found == first && slots[STRIDE * slot + 1] == second) {
                return (int) slots[STRIDE * slot + 2];
            }
            if (found == 0) {
                return -1;
            }
            slot = slot + 1 & mask;
        }
    }

    /** Puts a key that is not there yet. */
    void put(long first, long second, int number) {
        if (2 * size > mask) {
            grow();
        }
        insert(first, second, number);
        size++;
    }

    private void insert(long first, long second, long number) {
        int slot = slot(first, second);
        while (slots[STRIDE * slot] != 0) {
            slot = slot + 1 & mask;
        }
        slots[STRIDE * slot] = first;
        slots[STRIDE * slot + 1] = second;
        slots[STRIDE * slot + 2] = number;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[Math.multiplyExact(2, before.length)];
        mask = 2 * mask + 1;
        shift--;
        for (int i = 0; i < before.length; i += STRIDE) {
            if (before[i] != 0) {
                insert(before[i], before[i + 1], before[i + 2]);
            }
        }
    }

    private int slot(long first, long second) {
        return (int) (((first ^ second * 0xD6E8FEB86659FD93L) * 0x9E3779B97F4A7C15L) >>> shift);
    }

    long footprint() {
        return 2L * slots.length;
    }
}
