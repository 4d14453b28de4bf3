package dev.llmmem.metrics.rouge;

import java.util.Arrays;

/**
 * The places of a sequence on that longest common subsequence which rouge_score walks ({@code _backtrack_norec}): from the ends, equal
 * tokens are taken; else it drops a token of the prediction if that leaves a strictly longer subsequence than to drop one of the
 * reference, and one of the reference otherwise. Other ties give other places.
 *
 * <p>The walk needs all rows of the table. They are kept as bits, and beyond some size only every so many of them, from which the
 * others are computed once more; so memory is of the order of the longer length times the root of the shorter one by 64.
 */
final class LcsPath {

    /** So many words of rows are kept without computing any twice: 2 MiB. */
    static final int KEPT_WORDS = 1 << 18;

    private final int kept;

    private long[] rows = new long[64];
    private long[] checkpoints = new long[64];
    /** Places of the reference whose tokens the prediction has; the rows of other places are equal to those before. */
    private int[] places = new int[64];

    LcsPath(int kept) {
        this.kept = kept;
    }

    /** Marks places of a line of the reference in {@code union}. */
    void mark(int[] target, int start, int end, int[] prediction, int from, int to, BitIndex index, boolean[] union) {
        int count = collect(target, start, end, index);
        if (count == 0) {
            return;
        }
        int words = index.words();
        int block = count;
        if ((long) (count + 1) * words > kept) {
            block = (int) Math.ceil(Math.sqrt(count));
        }
        prepare(target, count, words, block, index);
        int row = count;
        int column = to - from;
        for (int base = (count - 1) / block * block; base >= 0 && column > 0; base -= block) {
            System.arraycopy(checkpoints, base / block * words, rows, 0, words);
            for (int i = base; i < Math.min(count, base + block); i++) {
                int offset = (i - base + 1) * words;
                System.arraycopy(rows, offset - words, rows, offset, words);
                index.advance(rows, offset, target[places[i]]);
            }
            while (row > base && column > 0) {
                int token = target[places[row - 1]];
                int offset = (row - base) * words;
                boolean left = false;
                while (column > 0 && prediction[from + column - 1] != token && isLevel(offset, column)) {
                    // once to the left, always: the step that the row before lacks lies further left
                    left = left || isLonger(offset, words, column);
                    if (!left) {
                        break;
                    }
                    column--;
                }
                if (column > 0 && prediction[from + column - 1] == token) {
                    union[places[row - 1]] = true;
                    column--;
                }
                row--;
            }
        }
    }

    private int collect(int[] target, int start, int end, BitIndex index) {
        places = Pair.fitted(places, end - start);
        int count = 0;
        for (int i = start; i < end; i++) {
            if (index.has(target[i])) {
                places[count++] = i;
            }
        }
        return count;
    }

    /** Sets the row at the start of each block. */
    private void prepare(int[] target, int count, int words, int block, BitIndex index) {
        int needed = Math.multiplyExact(block + 1, words);
        if (rows.length < needed) {
            rows = new long[Pair.grown(rows.length, needed)];
        }
        needed = Math.multiplyExact((count - 1) / block + 1, words);
        if (checkpoints.length < needed) {
            checkpoints = new long[Pair.grown(checkpoints.length, needed)];
        }
        Arrays.fill(checkpoints, 0, words, -1L);
        for (int base = block; base < count; base += block) {
            int offset = base / block * words;
            System.arraycopy(checkpoints, offset - words, checkpoints, offset, words);
            for (int i = base - block; i < base; i++) {
                index.advance(checkpoints, offset, target[places[i]]);
            }
        }
    }

    /** Whether the subsequence is as long without the last column. */
    private boolean isLevel(int offset, int column) {
        int place = column - 1;
        return (rows[offset + (place >>> 6)] & 1L << place) != 0;
    }

    /**
     * Whether the subsequence of a row is longer than that of the row before: of the places where just one of both grows, this row
     * and the one before have every other one, this row the first; so it is longer if it has the last.
     */
    private boolean isLonger(int offset, int words, int column) {
        int place = column - 1;
        int word = place >>> 6;
        long seen = -1L >>> (63 - (place & 63));
        long differences = (rows[offset + word] ^ rows[offset - words + word]) & seen;
        while (differences == 0) {
            if (--word < 0) {
                return false;
            }
            differences = rows[offset + word] ^ rows[offset - words + word];
        }
        return (rows[offset + word] & Long.highestOneBit(differences)) == 0;
    }

    long footprint() {
        return 2L * (rows.length + checkpoints.length) + places.length;
    }
}
