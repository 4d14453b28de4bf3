package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * A view of a storage: rows × columns elements of one format, and the node that made it when gradients flow through it.
 *
 * <p>Whoever holds a tensor holds one reference to its storage, as a Python variable does; {@link Tape#drop} gives it
 * back. {@link #last()} marks the argument of an operation as its last use.
 */
public final class Tensor {

    final Storage storage;
    final long rows;
    final long columns;
    final DType type;
    /** The operation that made it, if gradients flow through it. */
    final @Nullable Node node;
    /** Dropped by the next operation that reads it. */
    boolean temporary;
    /** A part, in order, of a gradient that others see other parts of: whoever keeps it keeps the whole. */
    boolean partOfWhole;

    Tensor(Storage storage, long rows, long columns, DType type, @Nullable Node node) {
        this.storage = storage;
        this.rows = rows;
        this.columns = columns;
        this.type = type;
        this.node = node;
    }

    /** The product of all dimensions but the last. */
    public long rows() {
        return rows;
    }

    /** The last dimension. */
    public long columns() {
        return columns;
    }

    /** The format of the elements. */
    public DType type() {
        return type;
    }

    /** Says that the next operation is the last to read this tensor: it is dropped when that has run. */
    public Tensor last() {
        temporary = true;
        return this;
    }

    /** Whether this was marked as a last use; the mark is taken off, so that the caller can drop it later. */
    public boolean takeLast() {
        boolean was = temporary;
        temporary = false;
        return was;
    }

    boolean sameSize(Tensor other) {
        return rows * columns == other.rows * other.columns;
    }
}
