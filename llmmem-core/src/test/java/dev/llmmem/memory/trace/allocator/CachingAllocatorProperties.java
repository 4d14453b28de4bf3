package dev.llmmem.memory.trace.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds after any sequence of requests and frees, with fixed and with expandable segments. */
class CachingAllocatorProperties {

    /** A request of so many bytes, or, where it is negative, the end of one of the blocks in use. */
    @Provide
    Arbitrary<List<Long>> requests() {
        Arbitrary<Long> small = Arbitraries.longs().between(1, 2 << 20);
        Arbitrary<Long> large = Arbitraries.longs().between(1 << 20, 200L << 20);
        Arbitrary<Long> free = Arbitraries.longs().between(-1000, -1);
        return Arbitraries.frequencyOf(Tuple.of(2, small), Tuple.of(3, large), Tuple.of(4, free))
                .list()
                .ofMaxSize(200);
    }

    private static CachingAllocator allocator(boolean expandable) {
        return expandable ? CachingAllocator.expandable() : CachingAllocator.segmented();
    }

    private static List<Block> play(List<Long> requests, CachingAllocator allocator) {
        List<Block> inUse = new ArrayList<>();
        for (long request : requests) {
            if (request > 0) {
                inUse.add(allocator.allocate(request));
            } else if (!inUse.isEmpty()) {
                allocator.free(inUse.remove((int) (-request % inUse.size())));
            }
        }
        return inUse;
    }

    @Property(tries = 300)
    void bytesAreConserved(@ForAll("requests") List<Long> requests, @ForAll boolean expandable) {
        CachingAllocator allocator = allocator(expandable);
        List<Block> inUse = play(requests, allocator);
        long used = inUse.stream().mapToLong(Block::size).sum();
        long free = allocator.freeBlocks().stream().mapToLong(Block::size).sum();
        assertThat(allocator.allocated()).isEqualTo(used);
        assertThat(allocator.reserved()).isEqualTo(used + free);
        assertThat(allocator.peakAllocated()).isBetween(used, allocator.reserved());
    }

    @Property(tries = 300)
    void blocksNeverOverlap(@ForAll("requests") List<Long> requests, @ForAll boolean expandable) {
        CachingAllocator allocator = allocator(expandable);
        List<Block> all = new ArrayList<>(play(requests, allocator));
        all.addAll(allocator.freeBlocks());
        all.sort(Comparator.comparingLong(Block::address));
        List<Pool> pools = all.stream().map(block -> block.pool).distinct().toList();
        for (Pool pool : pools) {
            long end = 0;
            for (Block block : all) {
                if (block.pool == pool) {
                    assertThat(block.address()).isGreaterThanOrEqualTo(end);
                    end = block.address() + block.size();
                }
            }
        }
    }

    @Property(tries = 300)
    void freeNeighboursAreOneBlock(@ForAll("requests") List<Long> requests, @ForAll boolean expandable) {
        CachingAllocator allocator = allocator(expandable);
        List<Block> inUse = play(requests, allocator);
        for (Block block : allocator.freeBlocks()) {
            assertThat(block.inUse).isFalse();
            assertThat(block.next == null || block.next.inUse).isTrue();
            assertThat(block.previous == null || block.previous.inUse).isTrue();
        }
        assertThat(inUse).allMatch(block -> block.inUse);
    }

    @Property(tries = 300)
    void freeingEverythingLeavesOneBlockASegment(@ForAll("requests") List<Long> requests, @ForAll boolean expandable) {
        CachingAllocator allocator = allocator(expandable);
        long before = -1;
        for (Block block : play(requests, allocator)) {
            before = allocator.reserved();
            allocator.free(block);
        }
        assertThat(allocator.allocated()).isZero();
        assertThat(allocator.freeBlocks()).hasSize(allocator.segments());
        assertThat(before).isIn(-1L, allocator.reserved());
    }

    @Property(tries = 100)
    void theSameRequestsGiveTheSameBlocks(@ForAll("requests") List<Long> requests, @ForAll boolean expandable) {
        List<Block> once = play(requests, allocator(expandable));
        List<Block> again = play(requests, allocator(expandable));
        assertThat(again)
                .extracting(Block::address)
                .isEqualTo(once.stream().map(Block::address).toList());
        assertThat(again)
                .extracting(Block::size)
                .isEqualTo(once.stream().map(Block::size).toList());
    }

    @Property(tries = 100)
    void blocksHoldTheirRequests(@ForAll("requests") List<Long> requests, @ForAll boolean expandable) {
        CachingAllocator allocator = allocator(expandable);
        for (long request : requests) {
            if (request > 0) {
                assertThat(allocator.allocate(request).size()).isBetween(request, request + (1 << 20) + 511);
            }
        }
    }
}
