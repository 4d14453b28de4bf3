package dev.llmmem.metrics.rouge;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * Where each token occurs in a sequence, as bits of words of 64 places, without the words that are 0: as long as the sequence, however
 * many tokens there are. With it, one row of the table of longest common subsequences follows from the row before.
 *
 * <p>A row is a bit for each place of the sequence: 0 where the length of the subsequence grows by one, 1 where it stays (Crochemore
 * and others, "A fast and practical bit-vector algorithm for the longest common subsequence problem", Information Processing
 * Letters 80, 2001; Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
 */
final class BitIndex {

    /** By token: where its words start and end; equal for tokens that do not occur. */
    private int[] starts = new int[64];

    private int[] ends = new int[64];
    private int[] places = new int[64];
    private long[] bits = new long[64];
    /** The tokens that occur. */
    private int[] present = new int[64];

    private int presentSize;
    private int words;

    /** How many words a row has. */
    int words() {
        return words;
    }

    /** Indexes part of a sequence of tokens below a limit; negative ones occur nowhere. */
    void set(int[] sequence, int start, int end, int distinct) {
        clear();
        words = Math.max(1, (end - start + 63) >>> 6);
        if (starts.length < distinct) {
            starts = new int[Pair.grown(starts.length, distinct)];
            ends = new int[starts.length];
        }
        present = Pair.fitted(present, Math.min(distinct, end - start));
        reserve(count(sequence, start, end));
        int total = 0;
        for (int i = 0; i < presentSize; i++) {
            int token = present[i];
            int count = ends[token];
            starts[token] = total;
            ends[token] = total;
            total += count;
        }
        for (int i = start; i < end; i++) {
            int token = sequence[i];
            if (token >= 0) {
                enter(token, i - start);
            }
        }
    }

    private void clear() {
        for (int i = 0; i < presentSize; i++) {
            starts[present[i]] = 0;
            ends[present[i]] = 0;
        }
        presentSize = 0;
    }

    /** Collects the tokens, counts the words of each in {@link #ends} and returns how many there are of all. */
    private int count(int[] sequence, int start, int end) {
        int total = 0;
        for (int i = start; i < end; i++) {
            int token = sequence[i];
            if (token < 0) {
                continue;
            }
            int word = ((i - start) >>> 6) + 1;
            if (ends[token] == 0) {
                present[presentSize++] = token;
            }
            if (starts[token] != word) { // the last word that was seen, plus one
                starts[token] = word;
                ends[token]++;
                total++;
            }
        }
        return total;
    }

    private void reserve(int total) {
        if (places.length < total) {
            places = new int[Pair.grown(places.length, total)];
            bits = new long[places.length];
        }
    }

    private void enter(int token, int place) {
        int last = ends[token] - 1;
        if (last >= starts[token] && places[last] == place >>> 6) {
            bits[last] |= 1L << place;
        } else {
            places[last + 1] = place >>> 6;
            bits[last + 1] = 1L << place;
            ends[token] = last + 2;
        }
    }

    boolean has(int token) {
        return token >= 0 && token < starts.length && starts[token] < ends[token];
    }

    /** Turns the row at an offset into the next one, that after a token of the other sequence. */
    void advance(long[] row, int offset, int token) {
        int next = 0;
        long carry = 0;
        int end = ends[token];
        for (int entry = starts[token]; entry < end; entry++) {
            int word = places[entry];
            if (carry != 0) {
                carry = increment(row, offset, next, word) ? 1 : 0;
            }
            long before = row[offset + word];
            long matches = bits[entry];
            long used = before & matches;
            long sum = before + used + carry;
            row[offset + word] = sum | (before & ~matches);
            carry = (used | (before & ~sum)) >>> 63;
            next = word + 1;
        }
        if (carry != 0) {
            increment(row, offset, next, words);
        }
    }

    /** Carries over words in which the token does not occur; whether something is left to carry. */
    @CanIgnoreReturnValue
    private static boolean increment(long[] row, int offset, int start, int end) {
        int word = start;
        while (word < end && row[offset + word] == -1L) {
            word++;
        }
        if (word == end) {
            return true;
        }
        row[offset + word] |= row[offset + word] + 1;
        return false;
    }

    long footprint() {
        return starts.length + ends.length + present.length + 3L * places.length;
    }
}
