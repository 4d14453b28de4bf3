package dev.llmmem.memory.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Equal blocks, wherever they stand, of which one is traced.
 *
 * <p>Each block changes the live bytes by the same amount and reaches the same height above its start, so the others are
 * accounted for where they stand. Of blocks in a row the highest point lies in the first or the last.
 *
 * <p>Only the block that runs last in the backward pass differs: where it is the last of all readers of a mask or a table, it
 * frees it half-way.
 */
public final class Fold {

    /** How many blocks the traced one stands for. */
    int blocks;
    /** How many of them have not run backwards yet. */
    int left;
    /** The nodes that the traced block recorded: from {@code firstNode} to before {@code endNode}. */
    int firstNode;

    int endNode;

    /** The makers of what the traced block was given and of what it returned. */
    @Nullable
    Node before;

    @Nullable
    Node after;

    /** What all blocks read and the traced one keeps for its backward pass. */
    final List<Hold> holds = new ArrayList<>(4);

    // the latest trace, forward or backward
    boolean backward;
    long start;
    /** What one block changes. */
    long change;

    private long highest;
    private long highestClock;
    /** The trace, cut where the block lets go of something that all blocks read. */
    final List<Stretch> stretches = new ArrayList<>(4);
    /** The highest of them. */
    Stretch summit = new Stretch(0, 0, null);

    /** So many references of a storage that all blocks read. */
    static final class Hold {
        final Storage storage;
        final int count;
        /** The references that are left when the block has let go. */
        int floor;

        Hold(Storage storage, int count) {
            this.storage = storage;
            this.count = count;
        }
    }

    /** The highest point of a part of a trace above the trace's start, its event, and what the block then lets go of. */
    record Stretch(long peak, long clock, @Nullable Storage letGo) {}

    void begin(boolean back, long live, long clock) {
        backward = back;
        start = live;
        highest = live;
        highestClock = clock;
        stretches.clear();
        for (Hold hold : holds) {
            hold.floor = hold.storage.references - hold.count;
        }
    }

    void mark(long live, long clock) {
        if (live > highest) {
            highest = live;
            highestClock = clock;
        }
    }

    /** Whether the traced block has just given back its last reference, and others of its kind hold theirs. */
    boolean letsGo(Storage storage) {
        if (backward && blocks > 1) {
            for (Hold hold : holds) {
                if (hold.storage == storage) {
                    return storage.references == hold.floor;
                }
            }
        }
        return false;
    }

    /** Begins another stretch. */
    void cut(Storage letGo, long live, long clock) {
        stretches.add(new Stretch(highest - start, highestClock, letGo));
        highest = live;
        highestClock = clock;
    }

    void end(long live) {
        stretches.add(new Stretch(highest - start, highestClock, null));
        change = live - start;
        summit = stretches.get(0);
        for (Stretch stretch : stretches) {
            summit = stretch.peak() > summit.peak() ? stretch : summit;
        }
    }
}
