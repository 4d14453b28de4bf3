package dev.llmmem.metrics.rouge;

import java.util.Arrays;

/** Which lines of the prediction are equal to earlier ones, all tokens that the reference does not have being alike. */
final class DistinctLines {

    /** Slots hold a line's number plus one. */
    private int[] slots = new int[16];

    private int shift;

    void clear(int lines) {
        int capacity = 16;
        while (capacity < 2L * lines) {
            capacity = Math.multiplyExact(2, capacity);
        }
        if (slots.length < capacity) {
            slots = new int[capacity];
        } else {
            Arrays.fill(slots, 0, capacity, 0);
        }
        shift = Long.numberOfLeadingZeros(capacity - 1);
    }

    /** Whether no line before is equal. */
    boolean add(int[] tokens, TokenIds text, int line) {
        int start = text.lineStart(line);
        int end = text.lineEnds[line];
        long hash = (long) end - start;
        for (int i = start; i < end; i++) {
            hash = (hash ^ tokens[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        int slot = (int) ((hash * 0x9E3779B97F4A7C15L) >>> shift);
        int mask = -1 >>> (shift - 32);
        while (slots[slot] != 0) {
            int other = slots[slot] - 1;
            if (Arrays.equals(tokens, start, end, tokens, text.lineStart(other), text.lineEnds[other])) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        slots[slot] = line + 1;
        return true;
    }

    long footprint() {
        return slots.length;
    }
}
