package dev.llmmem.memory.trace.allocator;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Blocks for the requests of one class of sizes. A request takes the smallest free block that holds it. */
abstract class Pool {

    /** The least that is cut off a block (kMinBlockSize). */
    static final long LEAST = 512;

    final TreeSet<Block> free = new TreeSet<>(
            Comparator.<Block>comparingLong(block -> block.size).thenComparingLong(block -> block.address));

    /** A free block of at least that size, taken out of {@link #free}, or null. */
    @Nullable
    Block fitting(long size) {
        Block best = free.ceiling(new Block(this, 0, size));
        if (best != null) {
            free.remove(best);
        }
        return best;
    }

    /** Asks the device for memory that holds a request: a block that is not in {@link #free}. */
    abstract Block grow(long size);

    /** Whether what a block has beyond a request is cut off. */
    abstract boolean splits(long beyond);

    /** What the pool holds of the device. */
    abstract long reserved();

    /** In how many pieces. */
    abstract int segments();

    Block allocate(long size) {
        Block found = fitting(size);
        Block block = found != null ? found : grow(size);
        if (splits(block.size - size)) {
            free.add(block.split(size));
        }
        block.inUse = true;
        return block;
    }

    /** Frees a block: it becomes one with free neighbours. */
    Block free(Block block) {
        block.inUse = false;
        Block whole = block;
        Block before = block.previous;
        if (before != null && !before.inUse) {
            free.remove(before);
            before.absorbNext(block);
            whole = before;
        }
        Block after = whole.next;
        if (after != null && !after.inUse) {
            free.remove(after);
            whole.absorbNext(after);
        }
        free.add(whole);
        return whole;
    }
}
