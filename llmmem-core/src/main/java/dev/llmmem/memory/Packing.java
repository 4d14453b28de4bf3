package dev.llmmem.memory;

import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.allocator.CachingAllocator;
import dev.llmmem.memory.trace.allocator.Loading;
import dev.llmmem.memory.trace.allocator.Recording;
import dev.llmmem.memory.trace.allocator.Replay;
import dev.llmmem.memory.trace.loop.Step;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A job's tensors packed by the caching allocator: as its options say, and the other ways that users cannot tell apart. */
final class Packing {

    private record Outcome(Bytes allocated, Bytes reserved) {}

    /** The one that the options ask for comes first. */
    private final List<Outcome> outcomes = new ArrayList<>();

    Packing(Workload job, DeviceOptions options) {
        Recording recording = new Recording();
        Step.run(job, new Ledger(recording), false);
        for (boolean expandable : new boolean[] {options.expandableSegments(), !options.expandableSegments()}) {
            for (Loading loading : Loading.values()) {
                CachingAllocator allocator = expandable ? CachingAllocator.expandable() : CachingAllocator.segmented();
                Replay.play(
                        job,
                        recording,
                        allocator,
                        loading,
                        options.family().workspace().value());
                outcomes.add(new Outcome(Bytes.of(allocator.peakAllocated()), Bytes.of(allocator.reserved())));
            }
        }
    }

    /** What was in use at most, from the tensors' own bytes upwards. */
    MemoryRange allocated(Bytes tensors, DeviceOptions options) {
        Bytes most = outcomes.stream()
                .map(Outcome::allocated)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return new MemoryRange(
                tensors,
                outcomes.get(0).allocated().max(tensors),
                most.max(tensors),
                "low: the estimate's tensors, each rounded up to 512 B; likely: with cuBLAS workspaces of "
                        + options.family().workspace()
                        + " and what the caching allocator does not cut off its blocks, both of which "
                        + "torch.cuda.max_memory_allocated() counts");
    }

    /** What was reserved in the end. */
    MemoryRange reserved(DeviceOptions options) {
        List<Bytes> sorted = outcomes.stream().map(Outcome::reserved).sorted().toList();
        return new MemoryRange(
                sorted.get(0),
                outcomes.get(0).reserved(),
                sorted.get(sorted.size() - 1),
                "likely: PyTorch's caching allocator (c10/cuda/CUDACachingAllocator.cpp, torch 2.x) with "
                        + (options.expandableSegments() ? "expandable" : "fixed")
                        + " segments, weights loaded one by one; low and high: the other kind of segments, or weights "
                        + "loaded into one block; assumes one length of sequences and a device with room");
    }
}
