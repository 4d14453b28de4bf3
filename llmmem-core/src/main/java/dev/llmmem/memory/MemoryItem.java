package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.util.Objects;

/**
 * One line of a breakdown: so many bytes for one purpose, and the arithmetic that gave them.
 *
 * @param kind what the bytes are for
 * @param name the part of the model or of the step that they belong to
 * @param bytes how many, rounding of the allocator included
 * @param formula the arithmetic: instances × rows × columns × bytes an element, summed
 * @param source where the rule comes from
 */
public record MemoryItem(MemoryKind kind, String name, Bytes bytes, String formula, String source) {

    /**
     * Checks that nothing is missing.
     *
     * @param kind what the bytes are for
     * @param name the part
     * @param bytes how many
     * @param formula the arithmetic
     * @param source where the rule comes from
     */
    public MemoryItem {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(formula, "formula");
        Objects.requireNonNull(source, "source");
    }

    @Override
    public String toString() {
        return kind.label() + ", " + name + ": " + bytes + " = " + formula;
    }
}
