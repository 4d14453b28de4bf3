package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What a device shows beyond what the caching allocator holds, from published measurements. */
final class Overheads {

    private Overheads() {}

    /**
     * The CUDA context with the framework's kernels. Likely is the median of the measurements of the GPU's family, or of
     * those that name none; loaded lazily, kernels add up over time to what they are when all are loaded.
     */
    static MemoryRange context(DeviceOptions options) {
        String loading = options.kernelLoading().name();
        List<Bytes> same =
                sizes(fact -> fact.what().equals("context") && fact.loading().equals(loading));
        List<Bytes> most = options.kernelLoading() == KernelLoading.EAGER
                ? same
                : sizes(fact -> fact.what().equals("context") && fact.recent());
        List<Bytes> ofFamily = sizes(fact -> fact.what().equals("context")
                && fact.loading().equals(loading)
                && fact.family().equals(options.family().name()));
        List<Bytes> ofAny = sizes(fact -> fact.what().equals("context")
                && fact.loading().equals(loading)
                && fact.family().equals("any"));
        List<Bytes> nearest = ofFamily.isEmpty() ? ofAny : ofFamily;
        return new MemoryRange(
                same.get(0),
                median(nearest),
                most.get(most.size() - 1),
                String.format(
                        Locale.ROOT,
                        "the CUDA context with the framework's kernels, loaded %s: %d published measurements, %s",
                        loading.toLowerCase(Locale.ROOT),
                        same.size(),
                        ofFamily.isEmpty()
                                ? "none of them on " + options.family()
                                : "the likely one from " + ofFamily.size() + " on " + options.family()));
    }

    /** NCCL's buffers: none on one GPU. */
    static MemoryRange communication(DeviceOptions options) {
        if (options.gpus() == 1) {
            return new MemoryRange(Bytes.ZERO, Bytes.ZERO, Bytes.ZERO, "no communication buffers on one GPU");
        }
        List<Bytes> all = sizes(fact -> fact.what().equals("nccl"));
        Bytes likely = DeviceFact.all().stream()
                .filter(fact -> fact.what().equals("nccl") && fact.gpus() == (options.gpus() == 2 ? 2 : 4))
                .map(DeviceFact::size)
                .findFirst()
                .orElseThrow();
        return new MemoryRange(
                all.get(0),
                likely,
                all.get(all.size() - 1),
                "NCCL's buffers: " + all.size() + " published figures, with 2 and with 4 or 8 GPUs");
    }

    /** The smallest first. */
    private static List<Bytes> sizes(Predicate<DeviceFact> which) {
        return DeviceFact.all().stream()
                .filter(which)
                .map(DeviceFact::size)
                .sorted()
                .toList();
    }

    private static Bytes median(List<Bytes> sorted) {
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : sorted.get(half - 1).plus(sorted.get(half)).dividedBy(2);
    }
}
