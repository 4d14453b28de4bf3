package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * One operation in autograd's graph: what it saved, and what its backward pass makes.
 *
 * <p>Where PyTorch's engine picks, among the nodes that are ready, the one recorded last, walking the record backwards
 * gives the same order, since every user of a tensor is recorded after its maker (torch/csrc/autograd/engine.cpp).
 */
abstract class Node {

    /** The place in the tape's record; -1 for a leaf. */
    int index = -1;
    /** The shape and format of the output, so of the gradient that arrives. */
    long rows;

    long columns;
    DType type = DType.FP32;
    /** The gradient that has arrived so far. */
    @Nullable
    Tensor gradient;

    private Storage @Nullable [] saved;
    private int savedCount;
    /** How many of those, from the first, a second run brought back. */
    private int recomputedCount;

    /** Whether the backward pass needs anything from the forward pass. */
    boolean needsSaved;
    /** The checkpointed block whose second run brings back what this node needs, or null. */
    @Nullable
    CheckpointFrame frame;

    /** Keeps a storage for the backward pass. */
    final void keep(Storage storage) {
        Storage[] all = saved;
        if (all == null) {
            all = new Storage[3];
            saved = all;
        } else if (savedCount == all.length) {
            all = java.util.Arrays.copyOf(all, 2 * savedCount);
            saved = all;
        }
        all[savedCount++] = storage;
        Ledger.retain(storage);
    }

    /** One of the storages that are kept, in the order in which they were. */
    final Storage saved(int index) {
        return java.util.Objects.requireNonNull(saved)[index];
    }

    final void releaseSaved(Ledger ledger) {
        Storage[] all = saved;
        if (all == null) {
            return;
        }
        for (int i = 0; i < savedCount; i++) {
            ledger.release(all[i]);
        }
        saved = null;
        savedCount = 0;
    }

    /**
     * Lets go of what a second run brought back: the backward function alone held it, so it is gone before gradients are
     * summed and cast (torch/utils/checkpoint.py, unpack_hook).
     */
    final void releaseRecomputed(Ledger ledger) {
        Storage[] all = saved;
        if (all == null || recomputedCount == 0) {
            return;
        }
        for (int i = 0; i < recomputedCount; i++) {
            ledger.release(all[i]);
        }
        System.arraycopy(all, recomputedCount, all, 0, savedCount - recomputedCount);
        savedCount -= recomputedCount;
        recomputedCount = 0;
    }

    /** Takes over what the same node of a second run saved. */
    final void takeSaved(Node twin) {
        recomputedCount = twin.savedCount;
        saved = twin.saved;
        savedCount = twin.savedCount;
        twin.saved = null;
        twin.savedCount = 0;
    }

    final void output(long rows, long columns, DType type) {
        this.rows = rows;
        this.columns = columns;
        this.type = type;
    }

    /**
     * Makes the gradients of the inputs from the gradient of the output and hands them to {@link Tape#send}. The
     * gradient and what was saved are released afterwards.
     */
    abstract void backward(Tape tape, Tensor gradient);
}
