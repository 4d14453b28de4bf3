package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The format of a tensor in a GGUF file. Rows, which are the innermost dimension, are stored in blocks of some elements each.
 *
 * <p>Sizes are those of the compiled block structures of github.com/ggml-org/ggml at d99724f2 ({@code src/ggml-common.h}) and, for the
 * formats that only github.com/ikawrakow/ik_llama.cpp has, of that at 8337e4cd ({@code ggml/src/ggml.c}). Names like Q4_K_M are no
 * formats but mixtures of them.
 *
 * <p>Immutable and thread-safe; there is one object for each format. New formats may come in a minor version.
 */
public final class GgmlType implements StoredType {

    private final int id;
    private final String name;
    private final int blockElements;
    private final int blockBytes;
    private final int rowBytes;
    private final boolean ikOnly;

    GgmlType(int id, String name, int blockElements, int blockBytes, int rowBytes, boolean ikOnly) {
        this.id = id;
        this.name = name;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.rowBytes = rowBytes;
        this.ikOnly = ikOnly;
    }

    /**
     * Looks up a format by its number in a file.
     *
     * @param id the number
     * @return the format, or empty if no format has that number today, or none of known size
     */
    public static Optional<GgmlType> find(int id) {
        return Optional.ofNullable(GgmlTypes.BY_ID.get(id));
    }

    /**
     * Looks up a format by its name, in upper case.
     *
     * @param name the name, such as {@code Q4_K}
     * @return the format, or empty if no format has that name
     */
    public static Optional<GgmlType> find(String name) {
        Objects.requireNonNull(name, "name");
        return GgmlTypes.BY_ID.values().stream()
                .filter(type -> type.name.equals(name))
                .findFirst();
    }

    /**
     * All formats.
     *
     * @return the formats in the order of their numbers, unmodifiable
     */
    public static List<GgmlType> all() {
        return List.copyOf(GgmlTypes.BY_ID.values());
    }

    /**
     * Its number in files.
     *
     * @return the number, 0 or more
     */
    public int id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * How many elements of a row are stored together.
     *
     * @return the number, at least 1
     */
    public int blockElements() {
        return blockElements;
    }

    /**
     * What a block takes.
     *
     * @return its size in bytes, at least 1
     */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * What a row takes besides its blocks.
     *
     * @return a size in bytes, 0 for all formats of ggml
     */
    public int rowBytes() {
        return rowBytes;
    }

    /**
     * Whether only ik_llama.cpp reads the format.
     *
     * @return false for the formats of ggml
     */
    public boolean isIkOnly() {
        return ikOnly;
    }

    /**
     * What an element takes, without what a row takes besides.
     *
     * @return 8 &times; {@link #blockBytes()} / {@link #blockElements()}, in bits
     */
    public double bitsPerElement() {
        return 8.0 * blockBytes / blockElements;
    }

    /**
     * {@inheritDoc}
     *
     * <p>It is the number of rows times the size of a row.
     */
    @Override
    public Bytes bytes(List<Long> shape) {
        long elements = Elements.of(shape);
        long row = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
        if (row % blockElements != 0) {
            throw new IllegalArgumentException("shape = " + Elements.abbreviated(shape) + " of " + name
                    + ", permitted rows (the last dimension) of a multiple of " + blockElements + " elements");
        }
        long rows = row == 0 ? 0 : elements / row;
        long size = Math.addExact(rowBytes, Math.multiplyExact(row / blockElements, (long) blockBytes));
        return Bytes.of(Math.multiplyExact(rows, size));
    }

    @Override
    public String toString() {
        return ikOnly ? name + " (ik_llama.cpp)" : name;
    }
}
