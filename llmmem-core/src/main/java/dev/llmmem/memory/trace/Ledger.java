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

    // the fold that is being traced
    private @Nullable Fold fold;
    private long foldStart;
    private long foldPeak;
    private long foldClock;
    /** What all blocks of the fold hold and the last of them lets go. */
    private final List<Storage> freedByLast = new ArrayList<>();

    private static final class Highest {
        long bytes = -1;
        long clock;
        int earlierBlocks;

        void raise(long to, long at, int blocks) {
            if (to > bytes) {
                bytes = to;
                clock = at;
                earlierBlocks = blocks;
            }
        }
    }

    /**
     * A highest point: the event after which it stood, and in how many more blocks of the fold it stands that event is
     * repeated before.
     */
    public record Moment(long clock, int earlierBlocks) {}

    /** Sees every event, for breakdowns and timelines. */
    public interface Observer {
        /** So many copies of a storage were made, or freed where the number is negative. */
        void changed(long clock, Phase phase, Storage storage, long copies, long live);

        void foldBegins(long clock, Fold fold);

        /** What the traced block changed is repeated for {@code blocksMore} blocks. */
        void foldEnds(long clock, Fold fold, long blocksMore, long live);

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
        return new Moment(point.clock, point.earlierBlocks);
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

    /** One holder less; the last one frees. */
    void release(Storage storage) {
        if (--storage.references > 0) {
            return;
        }
        if (fold != null && storage.shared) {
            freedByLast.add(storage);
            return;
        }
        free(storage);
    }

    private void free(Storage storage) {
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

    @Nullable Fold fold() {
        return fold;
    }

    void beginFold(Fold next) {
        fold = next;
        clock++;
        foldStart = live;
        foldPeak = live;
        foldClock = clock;
        if (observer != null) {
            observer.foldBegins(clock, next);
        }
    }

    void endFold() {
        Fold ended = Objects.requireNonNull(fold);
        long more = ended.blocks - 1L;
        long change = live - foldStart;
        fold = null;
        long grown = change > 0 ? Math.multiplyExact(change, more) : 0;
        phaseHighest.raise(Math.addExact(foldPeak, grown), foldClock, change > 0 ? (int) more : 0);
        live = Math.addExact(live, Math.multiplyExact(change, more));
        clock++;
        if (observer != null) {
            observer.foldEnds(clock, ended, more, live);
        }
        for (Storage storage : freedByLast) {
            free(storage);
        }
        freedByLast.clear();
        mark();
    }

    private void mark() {
        if (fold != null) {
            if (live > foldPeak) {
                foldPeak = live;
                foldClock = clock;
            }
            return;
        }
        phaseHighest.raise(live, clock, 0);
    }

    public static long rounded(long rows, long columns, DType type) {
        long bits = Math.multiplyExact(Math.multiplyExact(rows, columns), type.bits());
        long bytes = (bits >>> 3) + ((bits & 7) == 0 ? 0 : 1);
        return Math.multiplyExact(Math.addExact(bytes, BLOCK - 1) / BLOCK, BLOCK);
    }
}
