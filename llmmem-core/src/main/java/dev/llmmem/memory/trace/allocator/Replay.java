package dev.llmmem.memory.trace.allocator;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plays a recorded job to an allocator: loading, then several steps.
 *
 * <p>The steps differ in what the job's estimate does not show. In the first one the optimizer's states are born, after its
 * backward pass and before the update's temporaries, so they come to lie in what activations have left. At the end of each
 * step the temporaries die, then the gradients ({@code zero_grad}); the old inputs and outputs die once the new inputs are
 * there. So the second step begins on a memory that the first one has cut up, and the third one shows whether that goes on.
 *
 * <p>Two blocks stand in no estimate of tensors: cuBLAS gets a workspace with the first matrix product, and one more with
 * the first of the backward pass, which runs in a thread of its own (aten/src/ATen/cuda/CublasHandlePool.cpp: one for each
 * handle and stream, and handles belong to threads).
 */
public final class Replay {

    private static final int STEPS = 3;
    private static final int REQUESTS = 2;

    private final Workload job;
    private final Recording recording;
    private final CachingAllocator allocator;
    private final @Nullable Block[] blocks;
    private final long workspace;

    private Replay(Workload job, Recording recording, CachingAllocator allocator, long workspace) {
        this.job = job;
        this.recording = recording;
        this.allocator = allocator;
        this.blocks = new Block[recording.storages()];
        this.workspace = workspace;
    }

    /**
     * Plays a job.
     *
     * @param job what was recorded
     * @param workspace bytes of a workspace of cuBLAS
     */
    public static void play(
            Workload job, Recording recording, CachingAllocator allocator, Loading loading, long workspace) {
        Replay replay = new Replay(job, recording, allocator, workspace);
        replay.load(loading);
        boolean inference = job.strategy() instanceof Strategy.Inference;
        List<Block> leftovers = List.of();
        for (int round = 0; round < (inference ? REQUESTS : STEPS); round++) {
            replay.step(round == 0, leftovers);
            leftovers = replay.endOfStep();
        }
    }

    // ---- loading
    // -------------------------------------------------------------------------------------------------------

    private void load(Loading loading) {
        if (loading == Loading.WARMED_UP) {
            long all = recording.loaded().stream()
                    .filter(each -> !isAdapter(each))
                    .mapToLong(this::bytesOnFile)
                    .sum();
            if (all > 0) {
                allocator.free(allocator.allocate(all));
            }
        }
        List<Recording.Loaded> toCast = new ArrayList<>();
        for (Recording.Loaded each : recording.loaded()) {
            if (isAdapter(each)) {
                continue;
            }
            if (isPacked(each)) { // made from a tensor of four times its size, which dies then
                Block source =
                        allocator.allocate(Math.multiplyExact(4, each.like().bytes()));
                blocks[each.storage()] = allocator.allocate(each.like().bytes());
                allocator.free(source);
            } else {
                blocks[each.storage()] = allocator.allocate(bytesOnFile(each));
                if (isCastLater(each)) {
                    toCast.add(each);
                }
            }
        }
        for (Recording.Loaded each : toCast) {
            Block narrow = blocks[each.storage()];
            blocks[each.storage()] = allocator.allocate(each.like().bytes());
            if (narrow != null) {
                allocator.free(narrow);
            }
        }
        for (Recording.Loaded each : recording.loaded()) {
            if (isAdapter(each)) {
                blocks[each.storage()] = allocator.allocate(each.like().bytes());
            }
        }
    }

    private static boolean isAdapter(Recording.Loaded each) {
        return each.like().site().equals("adapters");
    }

    /** Weights of half a byte come from 16 bits each, their 8-bit scales from 32. */
    private static boolean isPacked(Recording.Loaded each) {
        return each.like().kind() == MemoryKind.FROZEN_WEIGHTS && each.like().type() == DType.UINT8;
    }

    /** Matrices that PEFT casts to fp32 once the model is there ({@code prepare_model_for_kbit_training}). */
    private boolean isCastLater(Recording.Loaded each) {
        return job.quantization().isPresent()
                && job.quantization().get().prepared()
                && job.precision().weights() != DType.FP32
                && each.like().kind() == MemoryKind.FROZEN_WEIGHTS
                && each.like().type() == DType.FP32
                && each.like().rows() > 1;
    }

    private long bytesOnFile(Recording.Loaded each) {
        return isCastLater(each) ? each.like().bytes() / 2 : each.like().bytes();
    }

    // ---- steps
    // ---------------------------------------------------------------------------------------------------------

    /** Runs a step. What is left of the one before dies after the first birth. */
    private void step(boolean first, List<Block> leftovers) {
        boolean left = !leftovers.isEmpty();
        boolean forwardKnown = !first;
        boolean backwardKnown = !first;
        boolean statesBorn = !first;
        for (Recording.Event event : recording.step()) {
            switch (event.what()) {
                case BIRTH -> {
                    birth(event);
                    if (left) {
                        leftovers.forEach(allocator::free);
                        left = false;
                    }
                }
                case DEATH -> death(event.storage());
                case FORWARD_BEGINS -> {
                    if (!forwardKnown) {
                        makeWorkspace();
                        forwardKnown = true;
                    }
                }
                case BACKWARD_BEGINS -> {
                    if (!backwardKnown) {
                        makeWorkspace();
                        backwardKnown = true;
                    }
                }
                case STEP_BEGINS -> {
                    if (!statesBorn) {
                        recording.states().forEach(this::birth);
                        statesBorn = true;
                    }
                }
            }
        }
    }

    private void makeWorkspace() {
        if (workspace > 0) {
            allocator.allocate(workspace);
        }
    }

    private void birth(Recording.Event event) {
        blocks[event.storage()] = allocator.allocate(event.bytes());
    }

    private void death(int storage) {
        Block block = blocks[storage];
        if (block == null) {
            throw new IllegalStateException("storage " + storage + " dies, but does not live");
        }
        allocator.free(block);
        blocks[storage] = null;
    }

    /** Frees temporaries and gradients, and returns what else the step made and did not free. */
    private List<Block> endOfStep() {
        List<Integer> gradients = new ArrayList<>();
        List<Block> others = new ArrayList<>();
        for (Recording.Event event : recording.step()) {
            int storage = event.storage();
            if (event.what() != Recording.Event.What.BIRTH || blocks[storage] == null) {
                continue;
            }
            switch (recording.kind(storage)) {
                case STEP_TEMPORARIES -> death(storage);
                case GRADIENTS -> gradients.add(storage);
                default -> {
                    Block block = blocks[storage];
                    if (block != null) {
                        others.add(block);
                    }
                    blocks[storage] = null;
                }
            }
        }
        gradients.forEach(this::death);
        return others;
    }
}
