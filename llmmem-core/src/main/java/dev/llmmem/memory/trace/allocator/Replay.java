package dev.llmmem.memory.trace.allocator;

import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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

    private final Recording recording;
    private final CachingAllocator allocator;
    private final @Nullable Block[] blocks;
    private final long workspace;

    /** The passes that have run already: each has a thread of its own. */
    private final Set<Recording.Event.What> threads = EnumSet.noneOf(Recording.Event.What.class);

    private boolean statesBorn;

    private Replay(Recording recording, CachingAllocator allocator, long workspace) {
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
        Replay replay = new Replay(recording, allocator, workspace);
        new Loader(job, recording, allocator, replay.blocks).load(loading);
        boolean inference = job.strategy() instanceof Strategy.Inference;
        List<Block> leftovers = List.of();
        for (int round = 0; round < (inference ? REQUESTS : STEPS); round++) {
            replay.step(leftovers);
            leftovers = replay.endOfStep();
        }
    }

    /** Runs a step. What is left of the one before dies after the first birth. */
    private void step(List<Block> leftovers) {
        boolean left = true;
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
                case FORWARD_BEGINS, BACKWARD_BEGINS -> {
                    if (threads.add(event.what())) {
                        makeWorkspace();
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
