package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.util.Objects;

/**
 * A figure that is not known exactly.
 *
 * @param low what it is at least, as far as its source knows
 * @param likely the best single answer
 * @param high what it is at most, as far as its source knows
 * @param source where the figures come from, and what they assume
 */
public record MemoryRange(Bytes low, Bytes likely, Bytes high, String source) {

    /**
     * Checks the order.
     *
     * @param low the least
     * @param likely the best single answer
     * @param high the most
     * @param source where the figures come from
     * @throws IllegalArgumentException if not {@code low <= likely <= high}
     */
    public MemoryRange {
        Objects.requireNonNull(source, "source");
        if (low.compareTo(likely) > 0 || likely.compareTo(high) > 0) {
            throw new IllegalArgumentException("range low = " + low + ", likely = " + likely + ", high = " + high
                    + ", permitted low <= likely <= high");
        }
    }

    /** Both together. */
    MemoryRange plus(MemoryRange other) {
        return new MemoryRange(
                low.plus(other.low),
                likely.plus(other.likely),
                high.plus(other.high),
                source + "; and " + other.source);
    }

    /**
     * One line: the best answer, and between what it lies.
     *
     * @return without the source
     */
    @Override
    public String toString() {
        return likely + ", from " + low + " to " + high;
    }
}
