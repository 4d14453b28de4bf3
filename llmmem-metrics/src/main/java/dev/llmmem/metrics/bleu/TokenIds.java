package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.text.Tokens;
import java.util.Arrays;
import java.util.List;

/** Numbers the different tokens of a hypothesis from 0, and finds those of references among them. For one thread. */
final class TokenIds {

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final Tokens NONE = Tokens.of(List.of());

    private Tokens hypothesis = NONE;
    /** By hash: a number plus 1, or 0. A power of two, at least twice as many as tokens. */
    private int[] slots = new int[256];
    /** By number: the key, and a place in the hypothesis. */
    private long[] keys = new long[128];

    private int[] places = new int[128];
    private int size;
    private int shift;

    /**
     * Numbers the tokens of a hypothesis.
     *
     * @return how many different ones there are
     */
    int number(Tokens tokens, int[] ids) {
        hypothesis = tokens;
        int count = tokens.size();
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(count));
        if (slots.length < 1 << bits) {
            slots = new int[1 << bits];
            keys = new long[1 << (bits - 1)];
            places = new int[1 << (bits - 1)];
        } else {
            Arrays.fill(slots, 0, 1 << bits, 0);
        }
        shift = 64 - bits;
        size = 0;
        int mask = (1 << bits) - 1;
        for (int i = 0; i < count; i++) {
            long key = key(tokens, i);
            int slot = slot(key, shift);
            int id = slots[slot] - 1;
            while (id >= 0 && !(keys[id] == key && (key >= 0 || same(tokens, i, places[id])))) {
                slot = (slot + 1) & mask;
                id = slots[slot] - 1;
            }
            if (id < 0) {
                id = size++;
                keys[id] = key;
                places[id] = i;
                slots[slot] = id + 1;
            }
            ids[i] = id;
        }
        return size;
    }

    /** Finds tokens among those that were numbered; -1 for others. */
    void find(Tokens tokens, int[] ids, int offset) {
        int mask = (1 << (64 - shift)) - 1;
        int count = tokens.size();
        for (int i = 0; i < count; i++) {
            long key = key(tokens, i);
            int slot = slot(key, shift);
            int id = slots[slot] - 1;
            while (id >= 0 && !(keys[id] == key && (key >= 0 || same(tokens, i, places[id])))) {
                slot = (slot + 1) & mask;
                id = slots[slot] - 1;
            }
            ids[offset + i] = id;
        }
    }

    /** Forgets the tokens, which may be long. */
    void clear() {
        hypothesis = NONE;
    }

    /** The token itself in 7 bytes if it fits (no unit is 0 or above 255), so that equal keys are equal tokens; otherwise a hash, and negative. */
    private static long key(Tokens tokens, int index) {
        int start = tokens.start(index);
        int end = tokens.end(index);
        if (end - start <= 7) {
            long packed = 0;
            int all = 0;
            for (int i = start; i < end; i++) {
                int unit = tokens.unit(i);
                packed = (packed << 8) | unit;
                all |= unit | (unit - 1);
            }
            if (all >>> 8 == 0) {
                return packed;
            }
        }
        long hash = 0;
        for (int i = start; i < end; i++) {
            hash = (hash ^ tokens.unit(i)) * FACTOR;
        }
        return hash | Long.MIN_VALUE;
    }

    private static int slot(long key, int shift) {
        return (int) (((key ^ (key >>> 32)) * FACTOR) >>> shift);
    }

    private boolean same(Tokens tokens, int index, int place) {
        int start = tokens.start(index);
        int length = tokens.end(index) - start;
        int other = hypothesis.start(place);
        if (hypothesis.end(place) - other != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (tokens.unit(start + i) != hypothesis.unit(other + i)) {
                return false;
            }
        }
        return true;
    }
}
