package dev.llmmem.memory;

import java.util.Objects;

/**
 * What the memory of a device depends on besides the job.
 *
 * <p>Immutable and thread-safe. The defaults are an Ampere GPU (of which there are most measurements), the allocator as
 * PyTorch sets it, kernels loaded lazily, one GPU.
 */
public final class DeviceOptions {

    private static final int MOST_GPUS = 1 << 20;

    private final GpuFamily family;
    private final boolean expandableSegments;
    private final KernelLoading kernelLoading;
    private final int gpus;

    private DeviceOptions(GpuFamily family, boolean expandableSegments, KernelLoading kernelLoading, int gpus) {
        this.family = Objects.requireNonNull(family, "family");
        this.expandableSegments = expandableSegments;
        this.kernelLoading = Objects.requireNonNull(kernelLoading, "kernelLoading");
        this.gpus = gpus;
    }

    /**
     * The defaults.
     *
     * @return {@link GpuFamily#AMPERE}, fixed segments, {@link KernelLoading#LAZY}, one GPU
     */
    public static DeviceOptions defaults() {
        return new DeviceOptions(GpuFamily.AMPERE, false, KernelLoading.LAZY, 1);
    }

    /**
     * The same on another GPU.
     *
     * @param value the generation; the default is {@link GpuFamily#AMPERE}
     * @return changed options
     */
    public DeviceOptions withFamily(GpuFamily value) {
        return new DeviceOptions(value, expandableSegments, kernelLoading, gpus);
    }

    /**
     * The same with or without {@code PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True}.
     *
     * @param value whether segments can grow; the default is false
     * @return changed options
     */
    public DeviceOptions withExpandableSegments(boolean value) {
        return new DeviceOptions(family, value, kernelLoading, gpus);
    }

    /**
     * The same with kernels loaded at another time.
     *
     * @param value when; the default is {@link KernelLoading#LAZY}
     * @return changed options
     */
    public DeviceOptions withKernelLoading(KernelLoading value) {
        return new DeviceOptions(family, expandableSegments, value, gpus);
    }

    /**
     * The same with more GPUs that talk to each other; the answer is for one of them.
     *
     * @param value 1 to 1048576 GPUs; the default is 1, which has no communication buffers
     * @return changed options
     * @throws IllegalArgumentException if out of range
     */
    public DeviceOptions withGpus(int value) {
        if (value < 1 || value > MOST_GPUS) {
            throw new IllegalArgumentException("gpus = " + value + ", permitted [1, " + MOST_GPUS + "] GPUs");
        }
        return new DeviceOptions(family, expandableSegments, kernelLoading, value);
    }

    /**
     * The generation of the GPU.
     *
     * @return the family
     */
    public GpuFamily family() {
        return family;
    }

    /**
     * Whether segments of the caching allocator can grow.
     *
     * @return true where {@code expandable_segments:True} is set
     */
    public boolean expandableSegments() {
        return expandableSegments;
    }

    /**
     * When kernels are loaded.
     *
     * @return the time
     */
    public KernelLoading kernelLoading() {
        return kernelLoading;
    }

    /**
     * How many GPUs talk to each other.
     *
     * @return 1 to 1048576
     */
    public int gpus() {
        return gpus;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeviceOptions that
                && family == that.family
                && expandableSegments == that.expandableSegments
                && kernelLoading == that.kernelLoading
                && gpus == that.gpus;
    }

    @Override
    public int hashCode() {
        return Objects.hash(family, expandableSegments, kernelLoading, gpus);
    }

    /**
     * One line.
     *
     * @return for example {@code AMPERE, fixed segments, kernels loaded LAZY, 1 GPU}
     */
    @Override
    public String toString() {
        return family + (expandableSegments ? ", expandable segments" : ", fixed segments") + ", kernels loaded "
                + kernelLoading + ", " + gpus + (gpus == 1 ? " GPU" : " GPUs");
    }
}
