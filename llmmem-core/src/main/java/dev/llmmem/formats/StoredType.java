package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.util.List;

/**
 * The format of a stored tensor: one of safetensors, or one of GGUF. Either has one object for each format, so that formats may be
 * compared by identity.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface StoredType permits SafeTensorsType, GgmlType {

    /**
     * What the format is called where it is defined.
     *
     * @return the name, such as {@code BF16} or {@code Q4_K}
     */
    String name();

    /**
     * What a tensor takes in a file, without padding.
     *
     * @param shape its dimensions, outermost first, 0 or more elements each; none for a scalar
     * @return its size
     * @throws IllegalArgumentException if a dimension is negative, or if the elements do not fill what the format stores together:
     *     whole bytes, or whole blocks in each row
     * @throws ArithmeticException if the number of elements or of bytes exceeds 2<sup>63</sup> &minus; 1
     */
    Bytes bytes(List<Long> shape);
}
