package dev.llmmem.formats.peft;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of Python's {@code re}, as {@code java.util.regex} reads it. What the two read differently is refused:
 * brackets and double ampersands inside a class, and letters after a backslash that only one of them knows.
 */
final class PythonPattern {

    private static final int LONGEST = 4096;
    private static final String SAME_ESCAPES = "dDsSwWbBAnrtfx";

    private final Pattern pattern;

    private PythonPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Compiles an expression between two others.
     *
     * @throws IllegalArgumentException if it is none, too long or too deep, or means something else in Java
     */
    static PythonPattern of(String before, String python, String after) {
        if (python.length() > LONGEST) {
            throw refused(python, "at most " + LONGEST + " characters");
        }
        try {
            return new PythonPattern(Pattern.compile(before + translated(python) + after));
        } catch (PatternSyntaxException e) {
            throw refused(python, "a regular expression: " + e.getDescription());
        } catch (StackOverflowError e) {
            throw refused(python, "a regular expression that is less deeply nested");
        }
    }

    static PythonPattern of(String python) {
        return of("", python, "");
    }

    /** {@code re.fullmatch}. */
    boolean matchesAll(String text, Steps steps) {
        return guarded(() -> pattern.matcher(steps.count(text)).matches());
    }

    /** {@code re.match}. */
    boolean matchesStart(String text, Steps steps) {
        return guarded(() -> pattern.matcher(steps.count(text)).lookingAt());
    }

    /** {@code re.search}. */
    boolean found(String text, Steps steps) {
        return guarded(() -> pattern.matcher(steps.count(text)).find());
    }

    /** What {@code re.match} gives for a group. */
    Optional<String> group(String text, String name, Steps steps) {
        Matcher matcher = pattern.matcher(steps.count(text));
        return guarded(matcher::lookingAt) ? Optional.ofNullable(matcher.group(name)) : Optional.empty();
    }

    private boolean guarded(java.util.function.BooleanSupplier match) {
        try {
            return match.getAsBoolean();
        } catch (StackOverflowError e) {
            throw refused(pattern.pattern(), "one that matches within the stack");
        }
    }

    private static String translated(String python) {
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
                    throw refused(python, "one without \\" + next);
                } else {
                    java.append(c).append(next);
                }
            } else if (inClass) {
                boolean different = c == '[' || python.startsWith("&&", i);
                if (different) {
                    throw refused(python, "one without [ or && inside a class");
                }
                inClass = c != ']' || opensClass(python, i);
                java.append(c == ']' && inClass ? "\\]" : c);
            } else if (python.startsWith("(?P<", i)) {
                java.append("(?<");
                i += 3;
            } else if (python.startsWith("(?P=", i)) {
                throw refused(python, "one without (?P=name)");
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

    private static IllegalArgumentException refused(String python, String permitted) {
        return new IllegalArgumentException("pattern = " + Settings.shown(python) + " (" + python.length()
                + " characters), permitted " + permitted);
    }
}
