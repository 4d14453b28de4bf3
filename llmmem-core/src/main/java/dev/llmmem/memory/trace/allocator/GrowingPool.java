package dev.llmmem.memory.trace.allocator;

import org.jspecify.annotations.Nullable;

/** A pool of one segment whose end moves up as pages are mapped behind it ({@code expandable_segments:True}). */
final class GrowingPool extends Pool {

    private final long page;

    private long mapped;
    private @Nullable Block last;

    /**
     * @param page what is mapped at a time
     */
    GrowingPool(long page) {
        this.page = page;
    }

    /** The block at the end counts as large as it can grow, so another one that fits comes first. */
    @Override
    @Nullable
    Block fitting(long size) {
        Block best = free.ceiling(new Block(this, 0, size));
        if (best == null) {
            return null;
        }
        if (best.next == null) {
            Block larger = free.higher(best);
            best = larger == null ? best : larger;
        }
        free.remove(best);
        return best;
    }

    /** Maps as many pages as a request needs beyond what is free at the end. */
    @Override
    Block grow(long size) {
        Block end = last;
        if (end != null && !end.inUse) {
            free.remove(end);
            end.size += map(size - end.size);
            return end;
        }
        Block next = new Block(this, mapped, map(size));
        next.previous = end;
        if (end != null) {
            end.next = next;
        }
        return next;
    }

    private long map(long bytes) {
        long pages = Math.multiplyExact((bytes + page - 1) / page, page);
        mapped = Math.addExact(mapped, pages);
        return pages;
    }

    @Override
    Block allocate(long size) {
        Block block = super.allocate(size);
        rememberLast(block);
        if (block.next != null) {
            rememberLast(block.next);
        }
        return block;
    }

    @Override
    Block free(Block block) {
        Block whole = super.free(block);
        rememberLast(whole);
        return whole;
    }

    private void rememberLast(Block block) {
        if (block.next == null) {
            last = block;
        }
    }

    @Override
    boolean splits(long beyond) {
        return beyond >= LEAST;
    }

    @Override
    long reserved() {
        return mapped;
    }

    @Override
    int segments() {
        return mapped == 0 ? 0 : 1;
    }
}
