package dev.llmmem.memory.trace;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A block under non-reentrant checkpointing: its nodes are on record without what they save; the first of them that needs
 * something has the block run again (torch/utils/checkpoint.py, _CheckpointFrame).
 */
final class CheckpointFrame {

    final Tensor input;
    final UnaryOperator<Tensor> block;
    int firstNode;
    /** How many tensors the block saves. */
    int saves;
    /** The node that the backward pass reaches last: the arguments of the block die with it. */
    @Nullable
    Node lastToRun;

    /** The results that the second run takes from the first, or null where it computes everything. */
    final @Nullable KeptResults kept;

    private final List<Tensor> context;

    CheckpointFrame(Tensor input, List<Tensor> context, UnaryOperator<Tensor> block, boolean selective) {
        this.kept = selective ? new KeptResults() : null;
        this.input = input;
        this.context = context;
        this.block = block;
        Ledger.retain(input.storage);
        for (Tensor tensor : context) {
            Ledger.retain(tensor.storage);
        }
    }

    /** Leaves the block's arguments to the node that needs them last. */
    void handOver() {
        Node heir = Objects.requireNonNull(lastToRun);
        heir.keep(input.storage);
        input.storage.references--;
        for (Tensor tensor : context) {
            heir.keep(tensor.storage);
            tensor.storage.references--;
        }
        if (kept != null) {
            kept.handOver(heir);
        }
    }
}
