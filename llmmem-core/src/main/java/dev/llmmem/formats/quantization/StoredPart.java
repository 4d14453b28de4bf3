package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import dev.llmmem.units.Bytes;
import java.util.List;
import java.util.Objects;

/**
 * One of the tensors that stand for a weight, or a weight that is stored as it is.
 *
 * @param name what its name adds to that of the module, or its whole name in an inventory
 * @param type the format of its elements
 * @param shape its dimensions; none for a scalar
 */
public record StoredPart(String name, SafeTensorsType type, List<Long> shape) {

    /**
     * Copies the shape.
     *
     * @param name the name
     * @param type the format
     * @param shape the dimensions
     */
    public StoredPart {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        shape = List.copyOf(shape);
    }

    static StoredPart of(String name, SafeTensorsType type, Long... shape) {
        return new StoredPart(name, type, List.of(shape));
    }

    /**
     * The number of elements.
     *
     * @return the product of the dimensions, 1 for a scalar
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE}
     */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /**
     * What it takes in a file.
     *
     * @return its size
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE} bits
     */
    public Bytes bytes() {
        return type.bytes(shape);
    }
}
