package dev.llmmem.memory.trace;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.Phase;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Live bytes of a device through the phases of a step, and the highest point of each phase.
 *
 * <p>Sizes are rounded up to 512 bytes, as PyTorch's CUDA caching allocator rounds them (c10/cuda/CUDACachingAllocator:
 * kMinBlockSize), so live bytes compare with {@code torch.cuda.memory_allocated()}.
 */
public final class Ledger {

    private static final long BLOCK = 512;

    private final Map<Phase, Highest> highest = new EnumMap<>(Phase.class);
    private final @Nullable Observer observer;

    private Phase phase = Phase.LOAD;
    private Highest phaseHighest = new Highest();
    private MemoryKind birthKind = MemoryKind.ACTIVATIONS;
    private long live;
    private long clock;

    /** The fold that is being traced. */
    private @Nullable Fold fold;
    /** What all blocks read, as far as it is alive. */
    private final List<Storage> shared = new ArrayList<>();

    private static final class Highest {
        long bytes = -1;
        long clock;
        int earlierBlocks;
        long inside;

        void raise(long to, long at) {
            raise(to, at, 0, 0);
        }

        void raise(long to, long at, int blocks, long within) {
            if (to > bytes) {
                bytes = to;
                clock = at;
                earlierBlocks = blocks;
                inside = within;
            }
        }
    }

    /**
     * A highest point.
     *
     * @param clock the event after which it stood
     * @param earlierBlocks where it stood in a block that was not traced: how many such blocks had run since that event
     * @param inside and the event of the traced block after which the traced block stood as this one did; otherwise 0
     */
    public record Moment(long clock, int earlierBlocks, long inside) {}

    /** Sees every event, for breakdowns and timelines. */
    public interface Observer {
        /** So many copies of a storage were made, or freed where the number is negative. */
        void changed(long clock, Phase phase, Storage storage, long copies, long live);

        void foldBegins(long clock, Fold fold);

        void foldEnds(long clock, Fold fold, long live);

        /** What the traced block changed is repeated for so many blocks. */
        void repeated(long clock, Fold fold, int blocks, long live);

        void entered(long clock, Phase phase, long live);

        /** A storage's kind was changed. */
        void renamed(Storage storage, MemoryKind before, long copies);
    }

    public Ledger(@Nullable Observer observer) {
        this.observer = observer;
    }

    /** Starts a phase; its peak begins with what is alive. */
    public void enter(Phase next) {
        phase = next;
        phaseHighest = highest.computeIfAbsent(next, key -> new Highest());
        birthKind = switch (next) {
            case LOAD, FORWARD, GENERATE -> MemoryKind.ACTIVATIONS;
            case BACKWARD -> MemoryKind.BACKWARD_TEMPORARIES;
            case STEP -> MemoryKind.STEP_TEMPORARIES;
        };
        clock++;
        if (observer != null) {
            observer.entered(clock, next, live);
        }
        mark();
    }

    public long live() {
        return live;
    }

    /** The highest point of a phase in bytes, or -1 if it was never entered. */
    public long peak(Phase of) {
        Highest point = highest.get(of);
        return point == null ? -1 : point.bytes;
    }

    /** When the highest point of a phase that was entered stood. */
    public Moment moment(Phase of) {
        Highest point = Objects.requireNonNull(highest.get(of));
        return new Moment(point.clock, point.earlierBlocks, point.inside);
    }

    /** A new storage of rows × columns elements, of the kind that belongs to the phase. */
    Storage allocate(long rows, long columns, DType type, String site) {
        return allocate(rows, columns, type, site, birthKind);
    }

    Storage allocate(long rows, long columns, DType type, String site, MemoryKind kind) {
        Storage storage = new Storage(rounded(rows, columns, type), rows, columns, type, site, kind, fold);
        live = Math.addExact(live, storage.bytes);
        clock++;
        if (observer != null) {
            observer.changed(clock, phase, storage, 1, live);
        }
        mark();
        return storage;
    }

    /** A new storage for each of those that another stands for. */
    Storage allocateForEach(Storage original, long rows, long columns, DType type, String site) {
        Storage storage =
                new Storage(rounded(rows, columns, type), rows, columns, type, site, original.kind, original.fold);
        long copies = copies(original);
        live = Math.addExact(live, Math.multiplyExact(storage.bytes, copies));
        clock++;
        if (observer != null) {
            observer.changed(clock, phase, storage, copies, live);
        }
        mark();
        return storage;
    }

    /** Storages that stay to the end, such as weights: {@code count} of them at once. */
    public void hold(MemoryKind kind, String site, long rows, long columns, DType type, long count) {
        Storage storage = new Storage(rounded(rows, columns, type), rows, columns, type, site, kind, null);
        live = Math.addExact(live, Math.multiplyExact(storage.bytes, count));
        clock++;
        if (observer != null) {
            observer.changed(clock, phase, storage, count, live);
        }
        mark();
    }

    /** A storage that {@link #hold} has counted: it is one of those, to be freed by itself. */
    Storage adopt(MemoryKind kind, String site, long rows, long columns, DType type) {
        return new Storage(rounded(rows, columns, type), rows, columns, type, site, kind, fold);
    }

    /** One holder more. */
    static void retain(Storage storage) {
        storage.references++;
    }

    /** Says that all blocks read a storage. */
    void share(Storage storage) {
        storage.shared = true;
        shared.add(storage);
    }

    /** One holder less; the last one frees. */
    void release(Storage storage) {
        storage.references--;
        if (fold != null && storage.shared && fold.letsGo(storage)) {
            storage.references++; // for the other blocks of the fold
            fold.cut(storage, live, clock);
        } else if (storage.references <= 0) {
            free(storage);
        }
    }

    private void free(Storage storage) {
        if (storage.shared) {
            shared.remove(storage);
        }
        long copies = copies(storage);
        live -= storage.bytes * copies;
        clock++;
        if (observer != null) {
            observer.changed(clock, phase, storage, -copies, live);
        }
    }

    void rename(Storage storage, MemoryKind kind) {
        MemoryKind before = storage.kind;
        storage.kind = kind;
        if (observer != null) {
            observer.renamed(storage, before, copies(storage));
        }
    }

    /** Inside its own fold a storage is itself; outside it stands for one of each folded block. */
    private long copies(Storage storage) {
        Fold of = storage.fold;
        return of == null || of == fold ? 1 : of.blocks;
    }

    @Nullable
    Fold fold() {
        return fold;
    }

    void beginFold(Fold next, boolean backward) {
        fold = next;
        clock++;
        next.begin(backward, live, clock);
        for (Storage storage : shared) {
            storage.referencesBefore = storage.references;
        }
        if (observer != null) {
            observer.foldBegins(clock, next);
        }
    }

    void endFold() {
        Fold ended = Objects.requireNonNull(fold);
        fold = null;
        ended.end(live);
        if (!ended.backward) {
            for (Storage storage : shared) {
                if (storage.references > storage.referencesBefore) {
                    ended.holds.add(new Fold.Hold(storage, storage.references - storage.referencesBefore));
                }
            }
        }
        phaseHighest.raise(ended.start + ended.summit.peak(), ended.summit.clock());
        clock++;
        if (observer != null) {
            observer.foldEnds(clock, ended, live);
        }
    }

    /** Counts so many more blocks of a fold that was traced. */
    void repeat(Fold traced, int blocks) {
        int alike = blocks;
        if (traced.backward) {
            traced.left -= blocks;
            if (traced.left == 0 && traced.stretches.size() > 1) {
                alike--;
            }
        }
        if (alike > 0) {
            int earlier = traced.change > 0 ? alike - 1 : 0;
            long start = Math.addExact(live, Math.multiplyExact(traced.change, (long) earlier));
            phaseHighest.raise(Math.addExact(start, traced.summit.peak()), clock, earlier, traced.summit.clock());
            advance(traced, alike);
        }
        if (alike < blocks) {
            repeatLast(traced);
        }
    }

    /** The block that runs last frees what all others have let go of. */
    private void repeatLast(Fold traced) {
        for (Fold.Stretch stretch : traced.stretches) {
            phaseHighest.raise(Math.addExact(live, stretch.peak()), clock, 0, stretch.clock());
            if (stretch.letGo() != null) {
                release(stretch.letGo());
            }
        }
        advance(traced, 1);
    }

    private void advance(Fold traced, int blocks) {
        live = Math.addExact(live, Math.multiplyExact(traced.change, (long) blocks));
        clock++;
        if (observer != null) {
            observer.repeated(clock, traced, blocks, live);
        }
    }

    private void mark() {
        if (fold != null) {
            fold.mark(live, clock);
        } else {
            phaseHighest.raise(live, clock);
        }
    }

    public static long rounded(long rows, long columns, DType type) {
        long bits = Math.multiplyExact(Math.multiplyExact(rows, columns), type.bits());
        long bytes = (bits >>> 3) + ((bits & 7) == 0 ? 0 : 1);
        return Math.multiplyExact(Math.addExact(bytes, BLOCK - 1) / BLOCK, BLOCK);
    }
}
