package dev.llmmem.metrics.chrf;

import java.util.Arrays;

/**
 * Finds common n-grams of all orders by sorting those of the highest once: an n-gram is packed into a long with a bit for its side,
 * and equal ones of a lower order stand side by side. Single symbols and pairs are counted in tables, and n-grams with other first
 * three symbols never meet. For one thread.
 */
final class SortedNGrams implements NGramMatcher {

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final int MOST_PAIRS = 1 << 16;
    private static final int INSERTION = 24;

    private int[] counts = new int[64];
    private int[] pairs = new int[2048];
    private int[] ends = new int[512];
    private long[] sorted = new long[512];
    /** By order: where the group of equal n-grams begins, and how many of the second sequence were before. */
    private final int[] groupStart = new int[65];

    private final int[] groupSeconds = new int[65];
    /** By bits of a symbol and number of leading zeros of a difference: how many symbols are equal. */
    private final int[][] equalSymbols = new int[Integer.SIZE + 1][];

    private int equalOrder;
    private int[] equal = new int[0];

    /** Whether n-grams of so many symbols fit. */
    static boolean fits(int symbols, int order) {
        return order * bits(symbols) < Long.SIZE;
    }

    /** Two more than the symbols are needed, one to fill each side up. */
    private static int bits(int symbols) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(symbols + 1);
    }

    @Override
    public void match(
            int[] first, int firstSize, int[] second, int secondSize, int symbols, int order, long[] matches) {
        matches[1] += single(first, firstSize, second, secondSize, symbols);
        int prefix = 2;
        if (order >= 2 && (long) symbols * symbols <= MOST_PAIRS) {
            matches[2] += pairs(first, firstSize, second, secondSize, symbols);
            prefix = 3;
        }
        if (order >= prefix && firstSize >= prefix && secondSize >= prefix) {
            longer(first, firstSize, second, secondSize, symbols, order, prefix, matches);
        }
    }

    private long single(int[] first, int firstSize, int[] second, int secondSize, int symbols) {
        if (counts.length < symbols) {
            counts = new int[symbols + symbols / 2];
        }
        Arrays.fill(counts, 0, symbols, 0);
        for (int i = 0; i < firstSize; i++) {
            counts[first[i]]++;
        }
        long matches = 0;
        for (int i = 0; i < secondSize; i++) {
            int left = counts[second[i]]--;
            matches += left > 0 ? 1 : 0;
        }
        return matches;
    }

    private long pairs(int[] first, int firstSize, int[] second, int secondSize, int symbols) {
        if (pairs.length < symbols * symbols) {
            pairs = new int[symbols * symbols];
        }
        int[] pairs = this.pairs;
        for (int i = 1; i < firstSize; i++) {
            pairs[first[i - 1] * symbols + first[i]]++;
        }
        long matches = 0;
        for (int i = 1; i < secondSize; i++) {
            int left = pairs[second[i - 1] * symbols + second[i]]--;
            matches += left > 0 ? 1 : 0;
        }
        for (int i = 1; i < firstSize; i++) {
            pairs[first[i - 1] * symbols + first[i]] = 0;
        }
        for (int i = 1; i < secondSize; i++) {
            pairs[second[i - 1] * symbols + second[i]] = 0;
        }
        return matches;
    }

    private void longer(
            int[] first,
            int firstSize,
            int[] second,
            int secondSize,
            int symbols,
            int order,
            int prefix,
            long[] matches) {
        int firsts = firstSize - prefix + 1;
        int seconds = secondSize - prefix + 1;
        int size = Math.addExact(firsts, seconds);
        if (sorted.length < size) {
            sorted = new long[size + size / 4];
        }
        int bucketBits = Math.min(20, Integer.SIZE - Integer.numberOfLeadingZeros(size));
        int buckets = 1 << bucketBits;
        if (ends.length < buckets) {
            ends = new int[buckets];
        }
        Arrays.fill(ends, 0, buckets, 0);
        int bits = bits(symbols);
        int cut = (order - prefix) * bits + 1;
        int shift = Long.SIZE - bucketBits;
        equal = equal(bits, order);
        pack(first, firstSize, firsts, symbols, 0, order, bits, cut, shift, false);
        pack(second, secondSize, seconds, symbols + 1, 1, order, bits, cut, shift, false);
        int end = 0;
        for (int b = 0; b < buckets; b++) {
            int count = ends[b];
            ends[b] = end;
            end += count;
        }
        pack(first, firstSize, firsts, symbols, 0, order, bits, cut, shift, true);
        pack(second, secondSize, seconds, symbols + 1, 1, order, bits, cut, shift, true);
        int start = 0;
        for (int b = 0; b < buckets; b++) {
            int stop = ends[b];
            // those of the first sequence come first
            if (stop - start > 1 && (sorted[start] & 1) == 0 && (sorted[stop - 1] & 1) == 1) {
                bucket(start, stop, prefix, matches);
            }
            start = stop;
        }
    }

    /**
     * Packs the n-grams of one side, and counts those of each bucket or puts them there; those that go over the end are filled with
     * a symbol that the other side has not.
     */
    private void pack(
            int[] symbols,
            int size,
            int count,
            int filling,
            int side,
            int order,
            int bits,
            int cut,
            int shift,
            boolean put) {
        long mask = (1L << (order * bits)) - 1;
        long key = 0;
        for (int i = 0; i < order - 1; i++) {
            key = (key << bits) | (i < size ? symbols[i] : filling);
        }
        int full = Math.max(0, Math.min(count, size - order + 1));
        for (int i = 0; i < full; i++) {
            key = ((key << bits) | symbols[i + order - 1]) & mask;
            add((key << 1) | side, cut, shift, put);
        }
        for (int i = full; i < count; i++) {
            key = ((key << bits) | filling) & mask;
            add((key << 1) | side, cut, shift, put);
        }
    }

    private void add(long key, int cut, int shift, boolean put) {
        int bucket = (int) (((key >>> cut) * MULTIPLIER) >>> shift);
        int place = ends[bucket]++;
        if (put) {
            sorted[place] = key;
        }
    }

    private int[] equal(int bits, int order) {
        if (order != equalOrder) {
            Arrays.fill(equalSymbols, null);
            equalOrder = order;
        }
        int[] table = equalSymbols[bits];
        if (table == null) {
            table = new int[Long.SIZE + 1];
            for (int zeros = 0; zeros <= Long.SIZE; zeros++) {
                table[zeros] = Math.max(0, zeros - Long.SIZE + order * bits) / bits;
            }
            equalSymbols[bits] = table;
        }
        return table;
    }

    private void bucket(int start, int stop, int prefix, long[] matches) {
        if (stop - start == 2) {
            int common = common(sorted[start], sorted[start + 1]);
            for (int n = prefix; n <= common; n++) {
                matches[n]++;
            }
            return;
        }
        if (stop - start > INSERTION) {
            Arrays.sort(sorted, start, stop);
        } else {
            insert(start, stop);
        }
        walk(start, stop, prefix, matches);
    }

    private void insert(int start, int stop) {
        long[] sorted = this.sorted;
        for (int i = start + 1; i < stop; i++) {
            long key = sorted[i];
            int j = i - 1;
            while (j >= start && sorted[j] > key) {
                sorted[j + 1] = sorted[j];
                j--;
            }
            sorted[j + 1] = key;
        }
    }

    /** Goes through sorted n-grams; groups of equal ones end where fewer symbols are equal than before. */
    private void walk(int start, int stop, int prefix, long[] matches) {
        int commonBefore = prefix - 1;
        int seconds = (int) sorted[start] & 1;
        int secondsBefore = 0;
        for (int i = start + 1; i <= stop; i++) {
            int common = i < stop ? common(sorted[i - 1], sorted[i]) : 0;
            if (common > commonBefore) {
                for (int n = commonBefore + 1; n <= common; n++) {
                    groupStart[n] = i - 1;
                    groupSeconds[n] = secondsBefore;
                }
            } else {
                for (int n = commonBefore; n > common && n >= prefix; n--) {
                    int secondsOfGroup = seconds - groupSeconds[n];
                    matches[n] += Math.min(secondsOfGroup, i - groupStart[n] - secondsOfGroup);
                }
            }
            commonBefore = Math.max(common, prefix - 1);
            secondsBefore = seconds;
            if (i < stop) {
                seconds += (int) sorted[i] & 1;
            }
        }
    }

    private int common(long key, long other) {
        return equal[Long.numberOfLeadingZeros((key ^ other) >>> 1)];
    }
}
