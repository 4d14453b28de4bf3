package dev.llmmem.formats.peft;

import dev.llmmem.units.text.BoundedPattern;
import dev.llmmem.units.text.Quoted;

/**
 * Regular expressions of Python's {@code re}, as {@code java.util.regex} reads them. What the two read differently is refused:
 * brackets and double ampersands inside a class, and letters after a backslash that only one of them knows.
 */
final class Python {

    private static final String SAME_ESCAPES = "dDsSwWbBAnrtfx";

    private Python() {}

    /**
     * Compiles an expression of a field.
     *
     * @throws IllegalArgumentException if it is none, too long or too deep, or means something else in Java
     */
    static BoundedPattern pattern(String field, String python) {
        return between(field, "", python, "");
    }

    /** Compiles an expression of a field between two others. */
    static BoundedPattern between(String field, String before, String python, String after) {
        return BoundedPattern.compile("a pattern of " + field, before + translated(field, python) + after);
    }

    private static String translated(String field, String python) {
        StringBuilder java = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < python.length(); i++) {
            char c = python.charAt(i);
            if (c == '\\' && i + 1 < python.length()) {
                char next = python.charAt(++i);
                boolean letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
                if (next == 'Z') {
                    java.append("\\z");
                } else if (letter && SAME_ESCAPES.indexOf(next) < 0) {
                    throw refused(field, python, "one without \\" + next);
                } else {
                    java.append(c).append(next);
                }
            } else if (inClass) {
                if (c == '[' || python.startsWith("&&", i)) {
                    throw refused(field, python, "one without [ or && inside a class");
                }
                inClass = c != ']' || opensClass(python, i);
                java.append(c == ']' && inClass ? "\\]" : c);
            } else if (python.startsWith("(?P<", i)) {
                java.append("(?<");
                i += 3;
            } else if (python.startsWith("(?P=", i)) {
                throw refused(field, python, "one without (?P=name)");
            } else {
                inClass = c == '[';
                java.append(c);
            }
        }
        return java.toString();
    }

    /** Whether a closing bracket stands first in its class, where it means itself. */
    private static boolean opensClass(String python, int i) {
        return python.charAt(i - 1) == '[' || (i > 1 && python.charAt(i - 1) == '^' && python.charAt(i - 2) == '[');
    }

    private static IllegalArgumentException refused(String field, String python, String permitted) {
        return new IllegalArgumentException(
                "a pattern of " + field + " is " + Quoted.text(python) + ", permitted " + permitted);
    }
}
