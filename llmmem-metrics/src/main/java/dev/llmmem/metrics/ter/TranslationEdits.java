package dev.llmmem.metrics.ter;

import java.util.Arrays;

/**
 * The number of edits of TER, shifts of blocks among them, as sacreBLEU 2.6.0 finds it ({@code metrics/lib_ter.py}): greedily, the
 * shift that saves most first. A round of shifts in which the number of candidates reaches 1000 changes nothing, so nothing is
 * computed for it. For one thread.
 */
final class TranslationEdits {

    private final BandRows forward = new BandRows(false);
    private final BandRows backward = new BandRows(true);
    private final Alignment alignment = new Alignment();
    private final ShiftCandidates candidates = new ShiftCandidates();

    private int[] words = new int[0];
    private int rows;
    private int columns;
    private int[] reversedWords = new int[0];
    private int[] reversedOthers = new int[0];
    /** The words of the part that a shift changes, and the row of distances in work. */
    private int[] shifted = new int[0];

    private int[] row = new int[0];

    /** How many edits a hypothesis is from a reference; words are below a number. */
    int edits(int[] hypothesis, int rows, int[] reference, int columns, int vocabulary) {
        if (rows == 0 || columns == 0) {
            return rows + columns;
        }
        if (Arrays.equals(hypothesis, 0, rows, reference, 0, columns)) {
            return 0;
        }
        this.rows = rows;
        this.columns = columns;
        words = room(words, rows);
        System.arraycopy(hypothesis, 0, words, 0, rows);
        shifted = room(shifted, rows);
        row = room(row, columns + 1);
        forward.start(words, rows, reference, columns);
        candidates.start(reference, columns, vocabulary);
        boolean reversed = false;
        int shifts = 0;
        int unchanged = 0;
        int unchangedEnd = 0;
        while (true) {
            forward.sweep(unchanged);
            int distance = forward.cells()[forward.origin(rows) + columns];
            if (distance == 0) {
                return shifts;
            }
            alignment.trace(forward, words, rows, reference, columns);
            if (!candidates.find(words, rows, alignment) || candidates.size() == 0) {
                return shifts + distance;
            }
            if (!reversed) {
                reverse(reference);
                reversed = true;
            }
            backward.sweep(unchangedEnd);
            int best = best(distance);
            if (best < 0) {
                return shifts + distance;
            }
            shift(best);
            unchanged = first(best);
            unchangedEnd = rows - last(best);
            shifts++;
        }
    }

    private static int[] room(int[] before, int length) {
        return before.length >= length ? before : new int[length + length / 4];
    }

    private void reverse(int[] reference) {
        reversedWords = room(reversedWords, rows);
        reversedOthers = room(reversedOthers, columns);
        for (int i = 0; i < rows; i++) {
            reversedWords[i] = words[rows - 1 - i];
        }
        for (int j = 0; j < columns; j++) {
            reversedOthers[j] = reference[columns - 1 - j];
        }
        backward.start(reversedWords, rows, reversedOthers, columns);
    }

    /** The candidate that saves most, the first of several, or -1 if none saves anything. */
    private int best(int distance) {
        int best = -1;
        int least = distance;
        for (int i = 0; i < candidates.size(); i++) {
            int shiftedDistance = distance(i);
            if (shiftedDistance < least) {
                least = shiftedDistance;
                best = i;
            }
        }
        return best;
    }

    /** The first word that a shift moves, of the block or of what it passes. */
    private int first(int candidate) {
        return Math.min(candidates.start(candidate), candidates.target(candidate));
    }

    /** The end of what moves: behind its own end, a block goes as many words further as the target is behind its start. */
    private int last(int candidate) {
        int start = candidates.start(candidate);
        int length = candidates.length(candidate);
        int target = candidates.target(candidate);
        if (target < start) {
            return start + length;
        }
        return target > start + length ? target : Math.min(rows, target + length);
    }

    /** Puts the moved words into place in {@link #shifted}: the second part before the first. */
    private void move(int candidate) {
        int first = first(candidate);
        int last = last(candidate);
        int start = candidates.start(candidate);
        int middle = candidates.target(candidate) < start ? start : start + candidates.length(candidate);
        System.arraycopy(words, middle, shifted, first, last - middle);
        System.arraycopy(words, first, shifted, first + last - middle, middle - first);
    }

    private void shift(int candidate) {
        move(candidate);
        for (int i = first(candidate); i < last(candidate); i++) {
            words[i] = shifted[i];
            reversedWords[rows - 1 - i] = shifted[i];
        }
    }

    /** The distance after a shift: rows before it are there, rows behind it as well from the end. */
    private int distance(int candidate) {
        int first = first(candidate);
        int last = last(candidate);
        move(candidate);
        forward.copy(first, row);
        int min = forward.from(first);
        int max = forward.to(first);
        for (int i = first + 1; i <= last; i++) {
            int nextMin = forward.from(i);
            int nextMax = forward.to(i);
            forward.step(row, shifted[i - 1], nextMin, nextMax, min, max);
            min = nextMin;
            max = nextMax;
        }
        if (last == rows) {
            return row[columns];
        }
        int origin = backward.origin(rows - last) + columns;
        int[] cells = backward.cells();
        int least = BandRows.UNREACHED;
        for (int j = min; j < max; j++) {
            least = Math.min(least, row[j] + cells[origin - j]);
        }
        return least;
    }
}
