package dev.llmmem.memory.trace.allocator;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules of PyTorch's CUDA caching allocator for one stream, on numbers instead of memory
 * (c10/cuda/CUDACachingAllocator.cpp, torch 2.x, default settings; read at commit 001074d).
 *
 * <p>Requests are rounded up to 512 bytes. Those of up to 1 MiB share segments of 2 MiB; larger ones below 10 MiB share
 * segments of 20 MiB; for others a segment of their own size is made, rounded up to 2 MiB, which later requests may share.
 * A request takes the smallest free block that holds it, the lowest of equal ones. What a block has beyond the request is
 * cut off if it is 512 bytes or more among small requests, and more than 1 MiB among large ones. Free neighbours become
 * one block. Segments are never given back, as long as nobody calls {@code empty_cache} and the device has room.
 *
 * <p>Not thread-safe.
 */
public final class CachingAllocator {

    private static final long MIB = 1L << 20;

    /** The largest request that counts as small (kSmallSize). */
    private static final long SMALL = MIB;
    /** The segment for small requests (kSmallBuffer). */
    private static final long SMALL_SEGMENT = 2 * MIB;
    /** The segment for large requests that are below {@link #OWN_SEGMENT} (kLargeBuffer). */
    private static final long LARGE_SEGMENT = 20 * MIB;
    /** The least request for which a segment is made to measure (kMinLargeAlloc). */
    private static final long OWN_SEGMENT = 10 * MIB;
    /** What such a segment is rounded up to (kRoundLarge). */
    private static final long OWN_SEGMENT_ROUNDING = 2 * MIB;

    private final Pool small;
    private final Pool large;

    private long nextAddress;
    private long allocated;
    private long peakAllocated;

    private CachingAllocator(boolean expandable) {
        if (expandable) {
            this.small = new GrowingPool(SMALL_SEGMENT);
            this.large = new GrowingPool(LARGE_SEGMENT);
        } else {
            this.small = new SegmentPool(Pool.LEAST, size -> SMALL_SEGMENT, this::place);
            this.large = new SegmentPool(SMALL + 1, CachingAllocator::largeSegment, this::place);
        }
    }

    /** The default: segments of fixed size. */
    public static CachingAllocator segmented() {
        return new CachingAllocator(false);
    }

    /** The setting {@code expandable_segments:True}: one segment for each class of sizes, which grows page by page. */
    public static CachingAllocator expandable() {
        return new CachingAllocator(true);
    }

    private static long largeSegment(long size) {
        return size < OWN_SEGMENT ? LARGE_SEGMENT : roundUp(size, OWN_SEGMENT_ROUNDING);
    }

    private long place(long size) {
        long address = nextAddress;
        nextAddress = Math.addExact(nextAddress, size);
        return address;
    }

    private static long roundUp(long bytes, long multiple) {
        return Math.multiplyExact(Math.addExact(bytes, multiple - 1) / multiple, multiple);
    }

    /**
     * Serves a request.
     *
     * @param bytes 1 or more; PyTorch does not come here for empty tensors
     */
    public Block allocate(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes = " + bytes + ", permitted [1, " + Long.MAX_VALUE + "] bytes");
        }
        long size = roundUp(bytes, Pool.LEAST);
        Block block = (size <= SMALL ? small : large).allocate(size);
        allocated = Math.addExact(allocated, block.size);
        peakAllocated = Math.max(peakAllocated, allocated);
        return block;
    }

    /** Takes a block back. The object is not to be used again. */
    public void free(Block block) {
        if (!block.inUse) {
            throw new IllegalStateException("block at " + block.address + " is not in use");
        }
        allocated -= block.size;
        block.pool.free(block);
    }

    /** What the allocator holds of the device, as {@code torch.cuda.memory_reserved()}. It never falls. */
    public long reserved() {
        return Math.addExact(small.reserved(), large.reserved());
    }

    /**
     * What is in use, as {@code torch.cuda.memory_allocated()}: blocks, so it counts what was too little to be cut off
     * them.
     */
    public long allocated() {
        return allocated;
    }

    /** The most that was in use at a time, as {@code torch.cuda.max_memory_allocated()}. */
    public long peakAllocated() {
        return peakAllocated;
    }

    /** The number of segments. */
    int segments() {
        return small.segments() + large.segments();
    }

    /** The free blocks, small requests' first, each the smallest first. */
    List<Block> freeBlocks() {
        List<Block> blocks = new ArrayList<>(small.free);
        blocks.addAll(large.free);
        return blocks;
    }
}
