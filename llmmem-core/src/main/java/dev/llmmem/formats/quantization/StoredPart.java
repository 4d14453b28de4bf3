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
 * @param shape its dimensions; none for a scalar. Where the length depends on the data, the least
 * @param spare how many elements more the last dimension may have, where the length depends on the data; 0 otherwise
 */
public record StoredPart(String name, SafeTensorsType type, List<Long> shape, int spare) {

    /**
     * Copies the shape.
     *
     * @param name the name
     * @param type the format
     * @param shape the dimensions
     * @param spare how many elements more there may be
     * @throws IllegalArgumentException if {@code spare} is negative, or above 0 and the tensor does not have one dimension
     */
    public StoredPart {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        shape = List.copyOf(shape);
        if (spare < 0 || (spare > 0 && shape.size() != 1)) {
            throw new IllegalArgumentException(
                    "spare = " + spare + ", permitted 0, or at least 0 elements of a tensor of 1 dimension");
        }
    }

    /**
     * A tensor whose length does not depend on the data.
     *
     * @param name the name
     * @param type the format
     * @param shape the dimensions
     */
    public StoredPart(String name, SafeTensorsType type, List<Long> shape) {
        this(name, type, shape, 0);
    }

    static StoredPart of(String name, SafeTensorsType type, Long... shape) {
        return new StoredPart(name, type, List.of(shape));
    }

    StoredPart named(String other) {
        return new StoredPart(other, type, shape, spare);
    }

    /** As many of them in one tensor. */
    StoredPart of(long number) {
        return new StoredPart(name, type, TensorWalk.prepended(number, shape));
    }

    /**
     * Whether a tensor of a file has the shape.
     *
     * @param stored its dimensions
     * @return true where they are these, or within what the data may add
     */
    public boolean admits(List<Long> stored) {
        return shape.equals(stored)
                || (spare > 0
                        && stored.size() == 1
                        && stored.get(0) > shape.get(0)
                        && stored.get(0) - shape.get(0) <= spare);
    }

    /**
     * The number of elements, the least where it depends on the data.
     *
     * @return the product of the dimensions, 1 for a scalar
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE}
     */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /**
     * What it takes in a file, the least where it depends on the data.
     *
     * @return its size
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE} bits
     */
    public Bytes bytes() {
        return type.bytes(shape);
    }

    /**
     * One line.
     *
     * @return for example {@code .scales F16 [32, 4096]}
     */
    @Override
    public String toString() {
        return name + " " + type.name() + " " + shape + (spare > 0 ? " and at most " + spare + " more" : "");
    }
}
