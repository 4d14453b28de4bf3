package dev.llmmem.units.text;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression from anywhere, with an end to the time and stack that compiling and matching it may take: {@code
 * java.util.regex} recurses over pattern and text, and backtracks without limit.
 *
 * <p>Immutable and thread-safe.
 */
public final class BoundedPattern {

    /** The longest pattern; those that tools write have some hundreds of characters. */
    private static final int LONGEST = 4096;

    private final String what;
    private final Pattern pattern;

    private BoundedPattern(String what, Pattern pattern) {
        this.what = what;
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @param what what messages call it
     * @param pattern the regular expression
     * @return the pattern
     * @throws IllegalArgumentException if it is none, or too long or too deep
     */
    @CanIgnoreReturnValue
    public static BoundedPattern compile(String what, String pattern) {
        if (pattern.length() > LONGEST) {
            throw refused(what, pattern, "must have at most " + LONGEST + " characters", null);
        }
        try {
            return new BoundedPattern(what, Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            throw refused(what, pattern, "must be a regular expression: " + e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw refused(what, pattern, "must be less deeply nested", e);
        }
    }

    /**
     * Whether the pattern matches the whole text.
     *
     * @param text the text
     * @param budget what its characters are counted against
     * @return true where it does
     * @throws IllegalArgumentException if that takes too many steps or too deep a stack to find out
     */
    public boolean matches(String text, StepBudget budget) {
        try {
            return pattern.matcher(new CountedText(text, budget)).matches();
        } catch (StackOverflowError e) {
            throw refused(what, pattern.pattern(), "must match within the stack", e);
        }
    }

    /**
     * Whether the pattern matches the text from its first character on, up to its end or not, as {@code re.match} of
     * Python does.
     *
     * @param text the text
     * @param budget what its characters are counted against
     * @return true where it does
     * @throws IllegalArgumentException if that takes too many steps or too deep a stack to find out
     */
    public boolean matchesStart(String text, StepBudget budget) {
        try {
            return pattern.matcher(new CountedText(text, budget)).lookingAt();
        } catch (StackOverflowError e) {
            throw refused(what, pattern.pattern(), "must match within the stack", e);
        }
    }

    /**
     * What a named group holds where the pattern matches the text from its first character on.
     *
     * @param text the text
     * @param name the name of a group of the pattern
     * @param budget what its characters are counted against
     * @return the group's part of the text, or empty where there is no match or the group has no part in it
     * @throws IllegalArgumentException if that takes too many steps or too deep a stack to find out
     */
    public Optional<String> groupAtStart(String text, String name, StepBudget budget) {
        try {
            Matcher matcher = pattern.matcher(new CountedText(text, budget));
            return matcher.lookingAt() ? Optional.ofNullable(matcher.group(name)) : Optional.empty();
        } catch (StackOverflowError e) {
            throw refused(what, pattern.pattern(), "must match within the stack", e);
        }
    }

    private static IllegalArgumentException refused(
            String what, String pattern, String permitted, @Nullable Throwable cause) {
        return new IllegalArgumentException(what + " is " + Quoted.text(pattern) + ", but " + permitted, cause);
    }

    private final class CountedText implements CharSequence {
        private final String text;
        private final StepBudget budget;

        CountedText(String text, StepBudget budget) {
            this.text = text;
            this.budget = budget;
        }

        @Override
        public char charAt(int index) {
            if (!budget.take(1)) {
                throw refused(what, pattern.pattern(), "must match within " + budget.most() + " steps", null);
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
