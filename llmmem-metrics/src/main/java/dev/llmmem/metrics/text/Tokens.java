package dev.llmmem.metrics.text;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Tokens as slices of one array of UTF-16 units. Immutable and thread-safe. */
public final class Tokens {

    private final char[] units;
    /** Where each token starts and ends, in turn. */
    private final int[] bounds;

    private final int size;

    Tokens(char[] units, int[] bounds, int size) {
        this.units = units;
        this.bounds = bounds;
        this.size = size;
    }

    /**
     * Tokens that are strings already.
     *
     * @param tokens the tokens in order
     * @return the same as slices
     */
    public static Tokens of(List<String> tokens) {
        Builder builder = new Builder();
        for (String token : tokens) {
            Objects.requireNonNull(token, "token");
            for (int i = 0; i < token.length(); i++) {
                builder.append(token.charAt(i));
            }
            builder.end();
        }
        return builder.build();
    }

    /**
     * How many tokens there are.
     *
     * @return a number, at least 0
     */
    public int size() {
        return size;
    }

    /**
     * A token.
     *
     * @param index its place, from 0
     * @return the token
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public String get(int index) {
        Objects.checkIndex(index, size);
        return new String(units, start(index), end(index) - start(index));
    }

    /**
     * Where a token starts.
     *
     * @param index its place, from 0
     * @return the place of its first unit
     */
    public int start(int index) {
        return bounds[2 * index];
    }

    /**
     * Where a token ends.
     *
     * @param index its place, from 0
     * @return the place after its last unit
     */
    public int end(int index) {
        return bounds[2 * index + 1];
    }

    /**
     * A unit of the text that the tokens are slices of.
     *
     * @param place from 0 to before the end of the last token
     * @return the UTF-16 unit
     */
    public char unit(int place) {
        return units[place];
    }

    /**
     * The tokens as strings.
     *
     * @return an unmodifiable list
     */
    public List<String> asList() {
        return IntStream.range(0, size).mapToObj(this::get).toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokens that && asList().equals(that.asList());
    }

    @Override
    public int hashCode() {
        return asList().hashCode();
    }

    @Override
    public String toString() {
        return asList().toString();
    }

    /** Collects units into tokens. For one thread. */
    static final class Builder {

        private char[] units;
        private int length;
        private int[] bounds = new int[32];
        private int size;
        private int start;

        Builder() {
            this(64);
        }

        Builder(int capacity) {
            units = new char[Math.max(16, capacity)];
        }

        void append(char unit) {
            if (length == units.length) {
                units = Arrays.copyOf(units, grown(length));
            }
            units[length++] = unit;
        }

        /** Ends the token that was begun; without effect if nothing was appended since the last one. */
        void end() {
            if (length == start) {
                return;
            }
            if (2 * size + 1 >= bounds.length) {
                bounds = Arrays.copyOf(bounds, grown(bounds.length));
            }
            bounds[2 * size] = start;
            bounds[2 * size + 1] = length;
            size++;
            start = length;
        }

        Tokens build() {
            end();
            return new Tokens(units, bounds, size);
        }

        private static int grown(int before) {
            return Math.addExact(before, Math.max(16, before / 2));
        }
    }
}
