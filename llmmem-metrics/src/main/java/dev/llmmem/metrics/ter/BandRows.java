package dev.llmmem.metrics.ter;

import java.util.Arrays;

/**
 * The rows of a table of edit distances between two sequences of words, within a beam around a pseudo-diagonal: forward, cell (i, j)
 * is the distance of the first i words from the first j of the other sequence; backward, that of the last ones. Rows are kept in
 * blocks, and of many rows only one block and the last row of each, from which others are made again, so that room grows with the
 * square root of the number of words. For one thread.
 */
final class BandRows {

    /** More than any distance, with room to add. */
    static final int UNREACHED = 1 << 29;

    private static final int BEAM = 25;
    private static final int KEPT_CELLS = 1 << 20;

    private final boolean backward;

    private int[] words = new int[0];
    private int[] others = new int[0];
    private int rows;
    private int columns;
    private double ratio;
    private int beam;
    private int stride;
    private int blockRows;

    /** The row in work, by column. */
    private int[] row = new int[0];

    private int[] block = new int[0];
    private int loaded;
    private int[] marks = new int[0];

    BandRows(boolean backward) {
        this.backward = backward;
    }

    /** Sets the sequences; at least one word and one other. Backward, both are given from the last to the first. */
    void start(int[] words, int rows, int[] others, int columns) {
        this.words = words;
        this.rows = rows;
        this.others = others;
        this.columns = columns;
        ratio = (double) columns / rows;
        beam = ratio / 2 > BEAM ? (int) Math.ceil(ratio / 2 + BEAM) : BEAM;
        stride = (int) Math.min(columns + 1L, 2L * beam + 2);
        blockRows = (long) rows * stride <= KEPT_CELLS ? rows : (int) Math.ceil(Math.sqrt(rows));
        row = room(row, columns + 1L);
        block = room(block, (long) blockRows * stride);
        marks = room(marks, ((rows - 1L) / blockRows) * stride);
        loaded = -1;
    }

    private static int[] room(int[] before, long cells) {
        return before.length >= cells ? before : new int[Math.toIntExact(cells + cells / 4)];
    }

    /** The first column of a row within the beam. */
    int from(int i) {
        return backward ? columns + 1 - ahead(rows - i) : behind(i);
    }

    /** The column after the last one of a row. */
    int to(int i) {
        return backward ? columns + 1 - behind(rows - i) : ahead(i);
    }

    private int behind(int i) {
        return i == 0 ? 0 : Math.max(0, (int) Math.floor(i * ratio) - beam);
    }

    private int ahead(int i) {
        return i == 0 || i == rows ? columns + 1 : Math.min(columns + 1, (int) Math.floor(i * ratio) + beam);
    }

    /** Makes all rows, or those after the first few, which a change of words has left as they were; backward, all but the last. */
    void sweep(int unchanged) {
        int last = backward ? rows - 1 : rows;
        int first = Math.min(unchanged, last) / blockRows;
        for (int number = first; number * (long) blockRows < last; number++) {
            fill(number, number == first && loaded == number ? unchanged : number * blockRows, last);
        }
    }

    /** Makes a block, from a row on that it has or that is the last of the block before. */
    private void fill(int number, int known, int last) {
        int start = number * blockRows;
        int end = (int) Math.min(last, start + (long) blockRows);
        load(row, number, known);
        int min = from(known);
        int max = to(known);
        for (int i = known + 1; i <= end; i++) {
            int nextMin = from(i);
            int nextMax = to(i);
            step(row, words[i - 1], nextMin, nextMax, min, max);
            min = nextMin;
            max = nextMax;
            System.arraycopy(row, min, block, (i - 1 - start) * stride, max - min);
        }
        loaded = number;
        if (end == start + blockRows && end < rows) {
            System.arraycopy(row, min, marks, number * stride, max - min);
        }
    }

    /** Brings a row into a place of its own. */
    private void load(int[] target, int number, int i) {
        int min = from(i);
        int count = to(i) - min;
        if (i == 0) {
            for (int j = 0; j < count; j++) {
                target[j] = j;
            }
        } else if (i == number * blockRows) {
            System.arraycopy(marks, (number - 1) * stride, target, min, count);
        } else {
            System.arraycopy(block, (i - 1 - number * blockRows) * stride, target, min, count);
        }
    }

    /** Copies a row, of which the columns within the beam become valid. */
    void copy(int i, int[] target) {
        if (i == 0) {
            load(target, 0, 0);
        } else {
            int number = (i - 1) / blockRows;
            if (i == (number + 1) * blockRows && i < rows && loaded != number) {
                load(target, number + 1, i);
            } else {
                ensure(number);
                load(target, number, i);
            }
        }
    }

    /** Where in {@link #cells()} the cell of column 0 of a row after 0 would be. */
    int origin(int i) {
        int number = (i - 1) / blockRows;
        ensure(number);
        return (i - 1 - number * blockRows) * stride - from(i);
    }

    /** The cells of rows; those of other blocks are lost when {@link #origin} or {@link #copy} make a block. */
    int[] cells() {
        return block;
    }

    private void ensure(int number) {
        if (loaded != number) {
            fill(number, number * blockRows, backward ? rows - 1 : rows);
        }
    }

    /** Turns a row into the next one, that of a word. */
    void step(int[] row, int word, int min, int max, int minBefore, int maxBefore) {
        if (maxBefore < max) {
            Arrays.fill(row, maxBefore, max, UNREACHED);
        }
        int j = min;
        int diagonal = UNREACHED;
        int left = UNREACHED;
        if (min == 0) {
            diagonal = row[0];
            left = ++row[0];
            j = 1;
        } else if (min > minBefore) {
            diagonal = row[min - 1];
        }
        int[] others = this.others;
        for (; j < max; j++) {
            int up = row[j];
            int cost = others[j - 1] == word ? diagonal : diagonal + 1;
            left = Math.min(cost, Math.min(up, left) + 1);
            row[j] = left;
            diagonal = up;
        }
    }
}
