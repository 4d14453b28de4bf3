package dev.llmmem.memory.trace.allocator;

import java.util.function.LongUnaryOperator;

/**
 * A pool of segments of fixed size, each from a {@code cudaMalloc} of its own. They are kept when nothing in them is in
 * use any more.
 */
final class SegmentPool extends Pool {

    private final long leastSplit;
    private final LongUnaryOperator segmentSize;
    private final LongUnaryOperator addresses;

    private long reserved;
    private int segments;

    /**
     * @param leastSplit the least that is cut off a block
     * @param segmentSize the size of the segment that is made for a request
     * @param addresses where a segment of a given size comes to lie
     */
    SegmentPool(long leastSplit, LongUnaryOperator segmentSize, LongUnaryOperator addresses) {
        this.leastSplit = leastSplit;
        this.segmentSize = segmentSize;
        this.addresses = addresses;
    }

    @Override
    Block grow(long size) {
        long whole = segmentSize.applyAsLong(size);
        reserved = Math.addExact(reserved, whole);
        segments++;
        return new Block(this, addresses.applyAsLong(whole), whole);
    }

    @Override
    boolean splits(long beyond) {
        return beyond >= leastSplit;
    }

    @Override
    long reserved() {
        return reserved;
    }

    @Override
    int segments() {
        return segments;
    }
}
