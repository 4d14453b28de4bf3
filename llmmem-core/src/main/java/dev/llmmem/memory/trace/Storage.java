package dev.llmmem.memory.trace;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.units.DType;

/** One block of device memory, counted by references: it is freed when the last holder lets go. */
public final class Storage {

    /** What it takes, rounded as the allocator rounds it. */
    final long bytes;

    final long rows;
    final long columns;
    final DType type;
    /** The module that was running when it was made. */
    final String site;

    MemoryKind kind;
    int references = 1;
    /** The fold in which it was born, or null: such a storage stands for one of each folded block. */
    @org.jspecify.annotations.Nullable
    Fold fold;
    /** Whether all blocks read it, such as a mask: however many they are, it is freed once. */
    boolean shared;
    /** The holders when the latest fold began. */
    int referencesBefore;

    Storage(
            long bytes,
            long rows,
            long columns,
            DType type,
            String site,
            MemoryKind kind,
            @org.jspecify.annotations.Nullable Fold fold) {
        this.bytes = bytes;
        this.rows = rows;
        this.columns = columns;
        this.type = type;
        this.site = site;
        this.kind = kind;
        this.fold = fold;
    }

    /** What it takes, rounded as the allocator rounds it. */
    public long bytes() {
        return bytes;
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

    /** The module that was running when it was made. */
    public String site() {
        return site;
    }

    /** What it is for. */
    public MemoryKind kind() {
        return kind;
    }
}
