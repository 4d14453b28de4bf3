package dev.llmmem.metrics.ter;

import java.util.Arrays;

/**
 * The shifts of words that TER tries: blocks that stand elsewhere in the reference, and where to put them. At most 1000 of a pair
 * are tried, all rounds together. For one thread.
 */
final class ShiftCandidates {

    /** So many candidates, and the round that reached them changes nothing. */
    static final int MOST = 1000;

    private static final int LONGEST_BLOCK = 10;
    private static final int FARTHEST = 50;
    /** Enough for {@link Ter}'s most words; the sign stays free. */
    private static final int PLACE_BITS = 29;

    private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

    /** By word: its first place in the reference that is near enough to the word in turn, or -1. */
    private int[] nearest = new int[0];
    /** By place in the reference: the next one with the same word, or -1. */
    private int[] next = new int[0];

    private int[] others = new int[0];
    private int columns;
    private int vocabulary;

    private final long[] candidates = new long[MOST];
    private int found;
    private int kept;

    /** Sets the reference, of words below a number. */
    void start(int[] others, int columns, int vocabulary) {
        this.others = others;
        this.columns = columns;
        this.vocabulary = vocabulary;
        if (nearest.length < vocabulary) {
            nearest = new int[vocabulary + vocabulary / 4];
        }
        if (next.length < columns) {
            next = new int[columns + columns / 4];
        }
        found = 0;
    }

    /** Finds those of a round, the most promising first and each once; false if there are too many with the rounds before. */
    boolean find(int[] words, int rows, Alignment alignment) {
        kept = 0;
        Arrays.fill(nearest, 0, vocabulary, -1);
        for (int r = columns - 1; r >= 0; r--) {
            next[r] = nearest[others[r]];
            nearest[others[r]] = r;
        }
        for (int h = 0; h < rows; h++) {
            int r = nearest[words[h]];
            while (r >= 0 && r < h - FARTHEST) {
                r = next[r];
            }
            nearest[words[h]] = r;
            for (; r >= 0 && r <= h + FARTHEST; r = next[r]) {
                if (!blocks(words, rows, h, r, alignment)) {
                    return false;
                }
            }
        }
        Arrays.sort(candidates, 0, kept);
        int different = 0;
        for (int i = 0; i < kept; i++) {
            if (different == 0 || candidates[i] != candidates[different - 1]) {
                candidates[different++] = candidates[i];
            }
        }
        kept = different;
        return true;
    }

    private boolean blocks(int[] words, int rows, int h, int r, Alignment alignment) {
        int longest = Math.min(LONGEST_BLOCK, Math.min(rows - h, columns - r));
        int target = alignment.target(r) - 1;
        for (int length = 1; length <= longest && words[h + length - 1] == others[r + length - 1]; length++) {
            boolean tried = alignment.hasHypothesisError(h, length)
                    && alignment.hasReferenceError(r, length)
                    && (target < h || target >= h + length);
            if (tried && !places(h, r, length, alignment)) {
                return false;
            }
        }
        return true;
    }

    private boolean places(int h, int r, int length, Alignment alignment) {
        int before = -1;
        for (int offset = -1; offset < length; offset++) {
            int place = alignment.target(r + offset);
            if (place != before) {
                before = place;
                if (++found >= MOST) {
                    return false;
                }
                candidates[kept++] =
                        ((long) (LONGEST_BLOCK - length) << (2 * PLACE_BITS)) | ((long) h << PLACE_BITS) | place;
            }
        }
        return true;
    }

    int size() {
        return kept;
    }

    int length(int index) {
        return LONGEST_BLOCK - (int) (candidates[index] >>> (2 * PLACE_BITS));
    }

    int start(int index) {
        return (int) (candidates[index] >>> PLACE_BITS) & PLACE_MASK;
    }

    int target(int index) {
        return (int) candidates[index] & PLACE_MASK;
    }
}
