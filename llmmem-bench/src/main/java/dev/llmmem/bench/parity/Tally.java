package dev.llmmem.bench.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How many results were compared, and how they compare. For one thread. */
public final class Tally {

    /** The largest relative difference that passes as rounding. */
    public static final double ROUNDING = 2e-15;

    private static final int MOST_DIFFERENCES = 10;
    private static final int LONGEST = 300;

    private long exact;
    private long within;
    private long different;
    private final List<String> differences = new ArrayList<>();

    /** Compares what must be equal. */
    void same(String what, @Nullable Object expected, @Nullable Object actual) {
        if (Objects.equals(expected, actual)) {
            exact++;
        } else {
            differs(what, expected, actual);
        }
    }

    /** Compares numbers that a rounding may tell apart. */
    void close(String what, double expected, double actual) {
        close(what, expected, actual, ROUNDING * Math.abs(expected));
    }

    /** Compares numbers that may differ by so much. */
    void close(String what, double expected, double actual, double tolerance) {
        if (Double.compare(expected, actual) == 0) {
            exact++;
        } else if (Math.abs(expected - actual) <= tolerance) {
            within++;
        } else {
            differs(what, expected, actual);
        }
    }

    private void differs(String what, @Nullable Object expected, @Nullable Object actual) {
        different++;
        if (differences.size() < MOST_DIFFERENCES) {
            differences.add(what + ": " + cut(expected) + " expected, but got " + cut(actual));
        }
    }

    private static String cut(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /**
     * How many results were compared.
     *
     * @return a number, at least 0
     */
    public long results() {
        return exact + within + different;
    }

    /**
     * How many were equal to the bit.
     *
     * @return a number, at least 0
     */
    public long exact() {
        return exact;
    }

    /**
     * How many differed by a rounding.
     *
     * @return a number, at least 0
     */
    public long within() {
        return within;
    }

    /**
     * How many differed by more.
     *
     * @return a number, at least 0
     */
    public long different() {
        return different;
    }

    /**
     * The first of those that differ by more.
     *
     * @return at most 10 texts, unmodifiable
     */
    public List<String> differences() {
        return List.copyOf(differences);
    }
}
