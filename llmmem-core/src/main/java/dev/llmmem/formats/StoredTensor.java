package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.util.List;
import java.util.Objects;

/**
 * A tensor of a file: what the header says of it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name its name, such as {@code model.norm.weight}
 * @param format the format of its elements
 * @param shape its dimensions, outermost first, 0 or more each; none for a scalar, which is one element
 * @param begin where its first byte is, counted from the first byte of the data of the file, in bytes
 * @param end where the first byte after it is, counted so too, in bytes
 */
public record StoredTensor(String name, StoredType format, List<Long> shape, long begin, long end) {

    /**
     * Checks the values.
     *
     * @param name the name
     * @param format the format
     * @param shape the dimensions
     * @param begin where the tensor's bytes begin
     * @param end where they end
     * @throws IllegalArgumentException if a dimension or {@code begin} is negative, if the elements overflow 63 bits or do not
     *     fill whole bytes or blocks, or if {@code end - begin} is not what they take
     */
    public StoredTensor {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(format, "format");
        shape = List.copyOf(shape);
        long bytes = size(format, shape);
        if (begin < 0 || end < begin || end - begin != bytes) {
            throw new IllegalArgumentException("[begin, end] = [" + begin + ", " + end + "], permitted begin in [0, "
                    + Long.MAX_VALUE + "] and end = begin + " + bytes + " bytes");
        }
    }

    /**
     * The number of its elements.
     *
     * @return the product of its dimensions, 1 for a scalar
     */
    public long elements() {
        return Elements.of(shape);
    }

    /**
     * What it takes in the file, without padding.
     *
     * @return its size
     */
    public Bytes bytes() {
        return Bytes.of(end - begin);
    }

    private static long size(StoredType format, List<Long> shape) {
        try {
            return format.bytes(shape).value();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "shape = " + Elements.abbreviated(shape) + " of " + format.name()
                            + ", permitted fewer than 2^63 bits",
                    e);
        }
    }
}
