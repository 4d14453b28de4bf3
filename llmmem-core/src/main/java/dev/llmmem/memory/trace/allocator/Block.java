package dev.llmmem.memory.trace.allocator;

import org.jspecify.annotations.Nullable;

/** A stretch of a segment that is in use as a whole, or free as a whole. */
public final class Block {

    final Pool pool;
    long address;
    long size;
    boolean inUse;

    /** Its neighbours in the segment. */
    @Nullable
    Block previous;

    @Nullable
    Block next;

    Block(Pool pool, long address, long size) {
        this.pool = pool;
        this.address = address;
        this.size = size;
    }

    /** Where it begins. Addresses only tell blocks apart and put them in order. */
    public long address() {
        return address;
    }

    /** What it takes: the request, rounded up, and what was too little to be cut off. */
    public long size() {
        return size;
    }

    /** Cuts off what is beyond a size, as a free block behind this one. */
    Block split(long keep) {
        Block rest = new Block(pool, address + keep, size - keep);
        size = keep;
        rest.previous = this;
        rest.next = next;
        if (next != null) {
            next.previous = rest;
        }
        next = rest;
        return rest;
    }

    /** Takes in the neighbour behind it. */
    void absorbNext(Block neighbour) {
        size += neighbour.size;
        next = neighbour.next;
        if (next != null) {
            next.previous = this;
        }
    }
}
