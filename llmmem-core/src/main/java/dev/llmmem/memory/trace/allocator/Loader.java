package dev.llmmem.memory.trace.allocator;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Workload;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings a job's weights onto the device, with what is made and dropped on the way.
 *
 * <p>A weight that bitsandbytes packs is there in 16 bits until it is packed. What PEFT casts to fp32 for training
 * ({@code prepare_model_for_kbit_training}) is there in 16 bits until the whole model is loaded. Adapters come last. The holes
 * that this leaves are filled by what comes later, or not.
 */
final class Loader {

    /** How many times larger the source of a packed tensor is: 16 bits for 4 of a weight, 32 for 8 of a scale. */
    private static final int PACKED_FROM = 4;

    private final Workload job;
    private final Recording recording;
    private final CachingAllocator allocator;
    private final @Nullable Block[] blocks;

    /**
     * @param blocks where each storage comes to lie, by number
     */
    Loader(Workload job, Recording recording, CachingAllocator allocator, @Nullable Block[] blocks) {
        this.job = job;
        this.recording = recording;
        this.allocator = allocator;
        this.blocks = blocks;
    }

    void load(Loading loading) {
        if (loading == Loading.WARMED_UP) {
            warmUp();
        }
        List<Recording.Loaded> base = part(false);
        base.forEach(this::bring);
        base.stream().filter(this::isCastLater).forEach(this::cast);
        part(true)
                .forEach(each ->
                        blocks[each.storage()] = allocator.allocate(each.like().bytes()));
    }

    private List<Recording.Loaded> part(boolean adapters) {
        return recording.loaded().stream()
                .filter(each -> isAdapter(each) == adapters)
                .toList();
    }

    private void warmUp() {
        long all = part(false).stream().mapToLong(this::bytesOnArrival).sum();
        if (all > 0) {
            allocator.free(allocator.allocate(all));
        }
    }

    private void bring(Recording.Loaded each) {
        if (!isPacked(each)) {
            blocks[each.storage()] = allocator.allocate(bytesOnArrival(each));
            return;
        }
        Block source =
                allocator.allocate(Math.multiplyExact(PACKED_FROM, each.like().bytes()));
        blocks[each.storage()] = allocator.allocate(each.like().bytes());
        allocator.free(source);
    }

    private void cast(Recording.Loaded each) {
        Block narrow = Objects.requireNonNull(blocks[each.storage()]);
        blocks[each.storage()] = allocator.allocate(each.like().bytes());
        allocator.free(narrow);
    }

    private static boolean isAdapter(Recording.Loaded each) {
        return each.like().site().equals("adapters");
    }

    private static boolean isPacked(Recording.Loaded each) {
        return each.like().kind() == MemoryKind.FROZEN_WEIGHTS && each.like().type() == DType.UINT8;
    }

    /** Matrices; what vectors leave behind is too small to matter. */
    private boolean isCastLater(Recording.Loaded each) {
        return job.quantization().isPresent()
                && job.quantization().get().prepared()
                && job.precision().weights() != DType.FP32
                && each.like().kind() == MemoryKind.FROZEN_WEIGHTS
                && each.like().type() == DType.FP32
                && each.like().rows() > 1;
    }

    private long bytesOnArrival(Recording.Loaded each) {
        return isCastLater(each) ? each.like().bytes() / 2 : each.like().bytes();
    }
}
