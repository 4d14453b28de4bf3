package dev.llmmem.workload;

import dev.llmmem.units.text.Quoted;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of a version. */
record Version(int major, int minor) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:[.+a-z][\\w.+-]{0,100})?");

    /**
     * Reads a version.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static Version of(String name, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(name + " is " + Quoted.text(text)
                    + ", but must be two numbers with a point between, as 2.6.0 begins");
        }
        return new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    boolean isBefore(int otherMajor, int otherMinor) {
        return major < otherMajor || (major == otherMajor && minor < otherMinor);
    }
}
