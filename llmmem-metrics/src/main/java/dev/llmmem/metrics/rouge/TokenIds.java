package dev.llmmem.metrics.rouge;

import java.util.Arrays;

/** The tokens of a text as numbers, and where its lines end. Reused from text to text. */
final class TokenIds {

    int[] ids = new int[256];
    int size;
    /** Ends of the lines that have a token, as places in {@link #ids}. */
    int[] lineEnds = new int[8];

    int lines;

    void clear() {
        size = 0;
        lines = 0;
    }

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, Math.multiplyExact(2, size));
        }
        ids[size++] = id;
    }

    void endLine() {
        if (size == (lines == 0 ? 0 : lineEnds[lines - 1])) {
            return;
        }
        if (lines == lineEnds.length) {
            lineEnds = Arrays.copyOf(lineEnds, 2 * lines);
        }
        lineEnds[lines++] = size;
    }

    int lineStart(int line) {
        return line == 0 ? 0 : lineEnds[line - 1];
    }

    long footprint() {
        return (long) ids.length + lineEnds.length;
    }
}
