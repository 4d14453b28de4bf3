package dev.llmmem.memory.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results that a selectively checkpointed block keeps from its first run, in order; its second run takes them one by
 * one (torch/utils/checkpoint.py, _CachingTorchDispatchMode and _CachedTorchDispatchMode).
 */
final class KeptResults {

    private final List<Storage> storages = new ArrayList<>();
    private int taken;
    private boolean complete;

    /** Keeps a result of the first run. */
    void keep(Storage storage) {
        Ledger.retain(storage);
        storages.add(storage);
    }

    /** The first run is over. */
    void complete() {
        complete = true;
    }

    /** The next result for the second run, whose reference goes to the caller; null in the first run. */
    @Nullable
    Storage next() {
        return complete ? storages.get(taken++) : null;
    }

    /** Leaves to a node what the second run did not come to. */
    void handOver(Node heir) {
        for (Storage storage : storages.subList(taken, storages.size())) {
            heir.keep(storage);
            storage.references--;
        }
        taken = storages.size();
    }
}
