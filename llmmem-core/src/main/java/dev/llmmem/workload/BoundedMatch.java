package dev.llmmem.workload;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions from anywhere: compiled and matched with an end to the time and stack that they may take.
 *
 * <p>{@code java.util.regex} recurses over pattern and input, and backtracks without limit.
 */
final class BoundedMatch {

    /** The longest pattern; those that tools write have some hundreds of characters. */
    static final int LONGEST_PATTERN = 4096;

    private static final int MOST_STEPS = 1_000_000;

    private BoundedMatch() {}

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is none, or too long or too deep
     */
    static Pattern compile(String pattern) {
        if (pattern.length() > LONGEST_PATTERN) {
            throw refused(pattern, "must have at most " + LONGEST_PATTERN + " characters", null);
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw refused(pattern, "must be a regular expression: " + e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw refused(pattern, "must be less deeply nested", e);
        }
    }

    /**
     * Whether a pattern matches the whole text.
     *
     * @throws IllegalArgumentException if that takes too many steps or too deep a stack to find out
     */
    static boolean matches(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(new CountedText(text, pattern));
        try {
            return matcher.matches();
        } catch (StackOverflowError e) {
            throw refused(pattern.pattern(), "must match within the stack", e);
        }
    }

    private static IllegalArgumentException refused(String pattern, String permitted, @Nullable Throwable cause) {
        return new IllegalArgumentException("target pattern is " + Quoted.text(pattern) + ", but " + permitted, cause);
    }

    /** Text that gives up after so many looks at its characters. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private final Pattern pattern;
        private int steps;

        CountedText(String text, Pattern pattern) {
            this.text = text;
            this.pattern = pattern;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw refused(pattern.pattern(), "must match within " + MOST_STEPS + " steps", null);
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
