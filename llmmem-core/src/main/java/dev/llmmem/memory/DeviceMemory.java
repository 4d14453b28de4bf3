package dev.llmmem.memory;

import java.util.Locale;
import java.util.Objects;

/**
 * What a job takes of its device, in three numbers that are three things: what its tensors have <em>allocated</em>, what
 * PyTorch's caching allocator has <em>reserved</em> for them, and what the device <em>shows</em> as used.
 *
 * <p>The job is run once without short cuts, and what it allocates and frees is played to the allocator's rules over
 * several steps: loading, a first step in which the optimizer's states are born, and more on the memory that the first has
 * cut up. That takes tens of milliseconds, where {@link MemoryEstimate#of} takes microseconds.
 *
 * <p>Assumed are sequences of one length, no call of {@code empty_cache}, and a device with room: where it runs full, the
 * allocator gives back what is free and reserves less. Of generated tokens the first and the last are played.
 *
 * <p>Immutable and thread-safe.
 */
public final class DeviceMemory {

    private final DeviceOptions options;
    private final MemoryRange allocated;
    private final MemoryRange reserved;
    private final MemoryRange shown;

    private DeviceMemory(DeviceOptions options, MemoryRange allocated, MemoryRange reserved) {
        this.options = options;
        this.allocated = allocated;
        this.reserved = reserved;
        this.shown = reserved.plus(Overheads.context(options)).plus(Overheads.communication(options));
    }

    /**
     * What an estimated job takes of a device, with {@link DeviceOptions#defaults()}.
     *
     * @param estimate the estimate
     * @return the three numbers
     * @throws ArithmeticException if a number of bytes exceeds {@link Long#MAX_VALUE}
     */
    public static DeviceMemory of(MemoryEstimate estimate) {
        return of(estimate, DeviceOptions.defaults());
    }

    /**
     * What an estimated job takes of a device.
     *
     * @param estimate the estimate
     * @param options the device, and how the framework is set
     * @return the three numbers
     * @throws ArithmeticException if a number of bytes exceeds {@link Long#MAX_VALUE}
     */
    public static DeviceMemory of(MemoryEstimate estimate, DeviceOptions options) {
        Objects.requireNonNull(estimate, "estimate");
        Objects.requireNonNull(options, "options");
        Packing packing = new Packing(estimate.workload(), options);
        return new DeviceMemory(options, packing.allocated(estimate.peak(), options), packing.reserved(options));
    }

    /**
     * The device, and how the framework is set.
     *
     * @return the options
     */
    public DeviceOptions options() {
        return options;
    }

    /**
     * What tensors take at the highest point of the job, as {@code torch.cuda.max_memory_allocated()} counts it.
     *
     * @return from {@link MemoryEstimate#peak()}, which is exact for the tensors that it models, upwards
     */
    public MemoryRange allocated() {
        return allocated;
    }

    /**
     * What the caching allocator holds after several steps, as {@code torch.cuda.max_memory_reserved()} counts it.
     *
     * @return the range over kinds of segments and ways of loading
     */
    public MemoryRange reserved() {
        return reserved;
    }

    /**
     * What {@code nvidia-smi} shows for the process: what is reserved, the CUDA context with the framework's kernels, and
     * NCCL's buffers where there are several GPUs.
     *
     * @return the sum of the ranges
     */
    public MemoryRange shown() {
        return shown;
    }

    /**
     * The three numbers, for reading, each with where it comes from.
     *
     * @return several lines, each ended by a line feed
     */
    public String explain() {
        return options + "\n" + line("allocated", allocated) + line("reserved", reserved) + line("shown", shown);
    }

    private static String line(String name, MemoryRange range) {
        return String.format(Locale.ROOT, "%-10s %s\n           %s\n", name, range, range.source());
    }

    /**
     * One line: the likely numbers.
     *
     * @return for example {@code allocated 4.03 GiB (…), reserved 4.34 GiB (…), shown 4.81 GiB (…)}
     */
    @Override
    public String toString() {
        return "allocated " + allocated.likely() + ", reserved " + reserved.likely() + ", shown " + shown.likely()
                + " (" + options + ")";
    }
}
