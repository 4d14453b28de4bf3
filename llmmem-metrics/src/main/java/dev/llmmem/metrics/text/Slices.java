package dev.llmmem.metrics.text;

import java.util.Arrays;

/** Collects tokens that are parts of a text as it stands. For one thread. */
final class Slices {

    private final char[] units;
    private int[] bounds;
    private int size;

    Slices(char[] units) {
        this.units = units;
        bounds = new int[16 + units.length / 2];
    }

    /** Takes what is between two places as a token, unless that is nothing. */
    void cut(int start, int end) {
        if (start == end) {
            return;
        }
        if (2 * size + 2 > bounds.length) {
            bounds = Arrays.copyOf(bounds, Math.addExact(bounds.length, bounds.length / 2));
        }
        bounds[2 * size] = start;
        bounds[2 * size + 1] = end;
        size++;
    }

    Tokens tokens() {
        return new Tokens(units, bounds, size);
    }

    /** What white space separates. */
    static Tokens split(String text) {
        char[] units = text.toCharArray();
        Slices slices = new Slices(units);
        int start = 0;
        for (int i = 0; i < units.length; i++) {
            if (PythonText.isSpace(units[i])) {
                slices.cut(start, i);
                start = i + 1;
            }
        }
        slices.cut(start, units.length);
        return slices.tokens();
    }

    /** All code points but white space. */
    static Tokens characters(String text) {
        char[] units = text.toCharArray();
        Slices slices = new Slices(units);
        for (int i = 0; i < units.length; ) {
            int end = i + Character.charCount(Character.codePointAt(units, i));
            if (!PythonText.isSpace(units[i])) {
                slices.cut(i, end);
            }
            i = end;
        }
        return slices.tokens();
    }
}
