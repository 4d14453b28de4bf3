package dev.llmmem.memory.trace.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of PyTorch's allocator by itself. */
class CachingAllocatorTest {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    private final CachingAllocator fixed = CachingAllocator.segmented();
    private final CachingAllocator growing = CachingAllocator.expandable();

    @ParameterizedTest
    @CsvSource({"1, 512", "511, 512", "512, 512", "513, 1024", "40000, 40448", "1048576, 1048576"})
    void roundsRequestsUpTo512Bytes(long request, long size) {
        assertThat(fixed.allocate(request).size()).isEqualTo(size);
        assertThat(growing.allocate(request).size()).isEqualTo(size);
        assertThat(fixed.allocated()).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2097152",
        "1048576, 2097152",
        "1048577, 20971520",
        "10485248, 20971520",
        // 10 MiB once it is rounded
        "10485249, 10485760",
        "10485760, 10485760",
        "10485761, 12582912",
        "104857600, 104857600",
        "104857601, 106954752"
    })
    void makesSegmentsForRequests(long request, long segment) {
        fixed.allocate(request);
        assertThat(fixed.reserved()).isEqualTo(segment);
    }

    /** A snapshot of torch.cuda.memory_snapshot() published at discuss.pytorch.org/t/178671. */
    @Test
    void looksLikeASnapshotOfPyTorch() {
        for (long bytes : new long[] {40000, 40, 4000}) {
            fixed.allocate(bytes);
        }
        Block lost = fixed.allocate(40);
        fixed.allocate(40);
        fixed.free(lost);
        fixed.allocate(8519680);

        assertThat(fixed.reserved()).isEqualTo(2097152 + 20971520);
        assertThat(fixed.allocated()).isEqualTo(45568 + 8519680);
        assertThat(fixed.freeBlocks()).extracting(Block::size).containsExactly(512L, 2051072L, 12451840L);
    }

    @Test
    void smallRequestsShareASegment() {
        Block first = fixed.allocate(MIB);
        Block second = fixed.allocate(MIB);
        assertThat(second.address()).isEqualTo(first.address() + MIB);
        assertThat(fixed.reserved()).isEqualTo(2 * MIB);
        fixed.allocate(1);
        assertThat(fixed.reserved()).isEqualTo(4 * MIB);
    }

    @Test
    void smallAndLargeRequestsNeverShare() {
        fixed.free(fixed.allocate(15 * MIB));
        fixed.allocate(KIB);
        assertThat(fixed.reserved()).isEqualTo(16 * MIB + 2 * MIB);
    }

    @Test
    void upToOneMibIsNotCutOffALargeBlock() {
        Block block = fixed.allocate(11 * MIB);
        assertThat(block.size()).isEqualTo(12 * MIB);
        assertThat(fixed.allocated()).isEqualTo(12 * MIB);
        assertThat(fixed.freeBlocks()).isEmpty();
    }

    @Test
    void moreThanOneMibIsCutOffALargeBlock() {
        Block block = fixed.allocate(11 * MIB - 512);
        assertThat(block.size()).isEqualTo(11 * MIB - 512);
        assertThat(fixed.freeBlocks()).extracting(Block::size).containsExactly(MIB + 512);
    }

    @Test
    void whatIsCutOffServesOtherRequests() {
        fixed.allocate(8 * MIB);
        fixed.allocate(8 * MIB);
        assertThat(fixed.reserved()).isEqualTo(20 * MIB);
        fixed.allocate(8 * MIB);
        assertThat(fixed.reserved()).isEqualTo(40 * MIB);
    }

    @Test
    void takesTheSmallestBlockThatFits() {
        Block large = fixed.allocate(40 * MIB);
        Block medium = fixed.allocate(30 * MIB);
        long at = medium.address();
        fixed.free(large);
        fixed.free(medium);
        assertThat(fixed.allocate(25 * MIB).address()).isEqualTo(at);
    }

    @Test
    void takesTheLowestOfEqualBlocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            blocks.add(fixed.allocate(30 * MIB));
        }
        long lowest = blocks.get(0).address();
        fixed.free(blocks.get(2));
        fixed.free(blocks.get(0));
        fixed.free(blocks.get(1));
        assertThat(fixed.allocate(30 * MIB).address()).isEqualTo(lowest);
    }

    @Test
    void freeNeighboursBecomeOneBlock() {
        Block left = fixed.allocate(6 * MIB);
        Block middle = fixed.allocate(6 * MIB);
        Block right = fixed.allocate(6 * MIB);
        fixed.free(left);
        fixed.free(right);
        assertThat(fixed.freeBlocks()).extracting(Block::size).containsExactly(6 * MIB, 8 * MIB);
        fixed.free(middle);
        assertThat(fixed.freeBlocks()).extracting(Block::size).containsExactly(20 * MIB);
    }

    @Test
    void segmentsAreKept() {
        fixed.free(fixed.allocate(100 * MIB));
        assertThat(fixed.allocated()).isZero();
        assertThat(fixed.peakAllocated()).isEqualTo(100 * MIB);
        assertThat(fixed.reserved()).isEqualTo(100 * MIB);
        fixed.allocate(90 * MIB);
        assertThat(fixed.reserved()).isEqualTo(100 * MIB);
    }

    @Test
    void segmentsOfDifferentSizeDoNotJoin() {
        Block one = fixed.allocate(50 * MIB);
        Block other = fixed.allocate(50 * MIB);
        fixed.free(one);
        fixed.free(other);
        fixed.allocate(100 * MIB);
        assertThat(fixed.reserved()).isEqualTo(200 * MIB);
    }

    @Test
    void anExpandableSegmentGrowsByPages() {
        growing.allocate(KIB);
        assertThat(growing.reserved()).isEqualTo(2 * MIB);
        growing.allocate(11 * MIB);
        assertThat(growing.reserved()).isEqualTo(2 * MIB + 20 * MIB);
        growing.allocate(30 * MIB);
        assertThat(growing.reserved()).isEqualTo(2 * MIB + 60 * MIB);
        assertThat(growing.segments()).isEqualTo(2);
    }

    @Test
    void anExpandableSegmentIsFilledWithoutGaps() {
        Block one = growing.allocate(50 * MIB);
        Block other = growing.allocate(50 * MIB);
        growing.free(one);
        growing.free(other);
        growing.allocate(110 * MIB);
        assertThat(growing.reserved()).isEqualTo(120 * MIB);
    }

    @Test
    void whatIsCutOffAnExpandableBlockIs512BytesOrMore() {
        growing.allocate(20 * MIB - 512);
        assertThat(growing.freeBlocks()).extracting(Block::size).containsExactly(512L);
    }

    /** The end of the segment can grow, so it is kept for what fits nowhere else. */
    @Test
    void anInnerBlockComesBeforeTheEndOfTheSegment() {
        Block inner = growing.allocate(15 * MIB);
        growing.allocate(15 * MIB);
        long at = inner.address();
        growing.free(inner);
        assertThat(growing.freeBlocks()).extracting(Block::size).containsExactly(10 * MIB, 15 * MIB);
        assertThat(growing.allocate(8 * MIB).address()).isEqualTo(at);
    }

    @Test
    void theEndOfTheSegmentServesIfNothingElseFits() {
        growing.allocate(15 * MIB);
        Block end = growing.allocate(5 * MIB);
        assertThat(end.address()).isEqualTo(15 * MIB);
        assertThat(growing.reserved()).isEqualTo(20 * MIB);
    }

    @Test
    void refusesEmptyRequestsAndFreeingTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixed.allocate(0))
                .withMessage("bytes = 0, permitted [1, 9223372036854775807] bytes");
        Block block = fixed.allocate(1);
        fixed.free(block);
        assertThatIllegalStateException().isThrownBy(() -> fixed.free(block));
    }
}
