package dev.llmmem.formats.comparison;

import dev.llmmem.units.Bytes;
import java.util.Locale;
import java.util.Objects;

/**
 * A part of what a checkpoint holds.
 *
 * @param what what the part is: {@code as the configuration says}, an {@link Explanation#text()}, or {@code unexplained}
 * @param tensors the number of tensors
 * @param elements their elements
 * @param bytes what they take
 */
public record Share(String what, long tensors, long elements, Bytes bytes) {

    /**
     * Checks that nothing is absent.
     *
     * @param what what the part is
     * @param tensors the number of tensors
     * @param elements their elements
     * @param bytes what they take
     */
    public Share {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(bytes, "bytes");
    }

    Share plus(long moreElements, Bytes moreBytes) {
        return new Share(what, tensors + 1, Math.addExact(elements, moreElements), bytes.plus(moreBytes));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: %,d tensors, %,d elements, %s", what, tensors, elements, bytes);
    }
}
