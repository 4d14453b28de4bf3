package dev.llmmem.workload;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression from anywhere, with an end to the time and stack that compiling and matching it may take: {@code
 * java.util.regex} recurses over pattern and text, and backtracks without limit.
 *
 * <p>Not thread-safe: it counts its steps.
 */
final class BoundedMatch {

    /** The longest pattern; those that tools write have some hundreds of characters. */
    private static final int LONGEST = 4096;

    private final Pattern pattern;
    private final int mostSteps;
    private int steps;

    /**
     * Compiles a pattern.
     *
     * @param mostSteps how many characters may be looked at in all matches together
     * @throws IllegalArgumentException if it is none, or too long or too deep
     */
    BoundedMatch(String pattern, int mostSteps) {
        this.pattern = compile(pattern);
        this.mostSteps = mostSteps;
    }

    /**
     * Checks that a pattern is one.
     *
     * @throws IllegalArgumentException if it is none, or too long or too deep
     */
    static void check(String pattern) {
        compile(pattern);
    }

    /**
     * Whether the pattern matches the whole text.
     *
     * @throws IllegalArgumentException if that takes too many steps or too deep a stack to find out
     */
    boolean matches(String text) {
        try {
            return pattern.matcher(new CountedText(text)).matches();
        } catch (StackOverflowError e) {
            throw refused(pattern.pattern(), "must match within the stack", e);
        }
    }

    @CanIgnoreReturnValue
    private static Pattern compile(String pattern) {
        if (pattern.length() > LONGEST) {
            throw refused(pattern, "must have at most " + LONGEST + " characters", null);
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw refused(pattern, "must be a regular expression: " + e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw refused(pattern, "must be less deeply nested", e);
        }
    }

    private static IllegalArgumentException refused(String pattern, String permitted, @Nullable Throwable cause) {
        return new IllegalArgumentException("target pattern is " + Quoted.text(pattern) + ", but " + permitted, cause);
    }

    private final class CountedText implements CharSequence {
        private final String text;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > mostSteps) {
                throw refused(pattern.pattern(), "must match within " + mostSteps + " steps", null);
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
