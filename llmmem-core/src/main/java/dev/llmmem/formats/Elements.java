package dev.llmmem.formats;

import java.util.List;

/** The number of elements of a shape. */
final class Elements {

    private Elements() {}

    /** The product, in the order of the dimensions: a zero does not excuse an overflow before it, as in tensor.rs. */
    static long of(List<Long> shape) {
        long elements = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("shape = " + abbreviated(shape) + ", permitted dimensions in [0, "
                        + Long.MAX_VALUE + "] elements");
            }
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }

    static String abbreviated(List<Long> shape) {
        return shape.size() <= 8 ? shape.toString() : shape.subList(0, 8) + " and " + (shape.size() - 8) + " more";
    }
}
