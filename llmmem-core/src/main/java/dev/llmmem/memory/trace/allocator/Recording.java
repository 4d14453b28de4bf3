package dev.llmmem.memory.trace.allocator;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.Phase;
import dev.llmmem.memory.trace.Fold;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Storage;
import dev.llmmem.units.DType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run without folds allocates and frees, in order: what is loaded, the optimizer's states, and one step.
 *
 * <p>Storages that the run only counts, so many at once, are written down one by one; where several such counts of the
 * same number follow each other, as those of the parameters of equal layers do, layer after layer.
 */
public final class Recording implements Ledger.Observer {

    /** Something that happens to a storage, or the beginning of a phase. */
    record Event(What what, int storage, long bytes) {
        enum What {
            BIRTH,
            DEATH,
            FORWARD_BEGINS,
            BACKWARD_BEGINS,
            STEP_BEGINS
        }

        static Event of(What what) {
            return new Event(what, -1, 0);
        }
    }

    /** A tensor that is loaded before the first step. */
    record Loaded(int storage, Storage like) {}

    private record Likeness(MemoryKind kind, String site, long rows, long columns, DType type) {
        static Likeness of(Storage storage) {
            return new Likeness(storage.kind(), storage.site(), storage.rows(), storage.columns(), storage.type());
        }
    }

    /** Counted storages that wait to be put in order. */
    private record Counted(Storage storage, int first, int count) {}

    private final List<Loaded> loaded = new ArrayList<>();
    private final List<Event> states = new ArrayList<>();
    private final List<Event> step = new ArrayList<>();
    private final List<Storage> storages = new ArrayList<>();

    /** Storages that were born one by one; each equals itself alone. */
    private final Map<Storage, Integer> known = new LinkedHashMap<>();

    private final Map<Likeness, Deque<Integer>> counted = new HashMap<>();
    private final List<Counted> waiting = new ArrayList<>();
    private Phase waitingPhase = Phase.LOAD;

    @Override
    public void changed(long clock, Phase phase, Storage storage, long copies, long live) {
        if (copies > 0) {
            born(phase, storage, Math.toIntExact(copies));
        } else if (storage.bytes() > 0) {
            flush();
            step.add(new Event(Event.What.DEATH, find(storage), storage.bytes()));
        }
    }

    private void born(Phase phase, Storage storage, int count) {
        if (storage.bytes() == 0) {
            return;
        }
        if (!waiting.isEmpty() && (count == 1 || waiting.get(0).count() != count || waitingPhase != phase)) {
            flush();
        }
        int first = storages.size();
        for (int i = 0; i < count; i++) {
            storages.add(storage);
        }
        if (count == 1) {
            known.put(storage, first);
            write(phase, first);
            return;
        }
        Deque<Integer> alike = counted.computeIfAbsent(Likeness.of(storage), key -> new ArrayDeque<>());
        for (int i = 0; i < count; i++) {
            alike.add(first + i);
        }
        waiting.add(new Counted(storage, first, count));
        waitingPhase = phase;
    }

    private void flush() {
        int rounds = waiting.isEmpty() ? 0 : waiting.get(0).count();
        for (int i = 0; i < rounds; i++) {
            for (Counted each : waiting) {
                write(waitingPhase, each.first() + i);
            }
        }
        waiting.clear();
    }

    private void write(Phase phase, int index) {
        Storage storage = storages.get(index);
        Event birth = new Event(Event.What.BIRTH, index, storage.bytes());
        if (phase == Phase.LOAD) {
            loaded.add(new Loaded(index, storage));
        } else if (storage.kind() == MemoryKind.OPTIMIZER_STATES || livesOn(phase, storage)) {
            states.add(birth);
        } else {
            step.add(birth);
        }
    }

    /** Whether it is a gradient that is older than the step: a new one is made in the backward pass. */
    private static boolean livesOn(Phase phase, Storage storage) {
        return phase == Phase.FORWARD && storage.kind() == MemoryKind.GRADIENTS;
    }

    /** Which one dies: itself, or one of those that were counted and look like it. */
    private int find(Storage storage) {
        Integer itself = known.remove(storage);
        if (itself != null) {
            return itself;
        }
        Deque<Integer> alike = counted.get(Likeness.of(storage));
        Integer one = alike == null ? null : alike.poll();
        return one != null ? one : findKnown(Likeness.of(storage));
    }

    private int findKnown(Likeness likeness) {
        Storage found = known.keySet().stream()
                .filter(other -> Likeness.of(other).equals(likeness))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was born that looks like " + likeness));
        return Objects.requireNonNull(known.remove(found));
    }

    @Override
    public void entered(long clock, Phase phase, long live) {
        flush();
        switch (phase) {
            case FORWARD -> step.add(Event.of(Event.What.FORWARD_BEGINS));
            case BACKWARD -> step.add(Event.of(Event.What.BACKWARD_BEGINS));
            case STEP -> step.add(Event.of(Event.What.STEP_BEGINS));
            default -> {}
        }
    }

    @Override
    public void foldBegins(long clock, Fold fold) {
        throw new IllegalStateException("a recording needs a run without folds");
    }

    @Override
    public void foldEnds(long clock, Fold fold, long live) {
        throw new IllegalStateException("a recording needs a run without folds");
    }

    @Override
    public void repeated(long clock, Fold fold, int blocks, long live) {
        throw new IllegalStateException("a recording needs a run without folds");
    }

    @Override
    public void renamed(Storage storage, MemoryKind before, long copies) {}

    /** What is loaded, in order. */
    List<Loaded> loaded() {
        flush();
        return loaded;
    }

    /** The births of the optimizer's states. */
    List<Event> states() {
        flush();
        return states;
    }

    /** What happens in a step, the states aside. */
    List<Event> step() {
        flush();
        return step;
    }

    /** How many storages there are; they are numbered from 0. */
    int storages() {
        return storages.size();
    }

    /** What a storage is for, as known at the end. */
    MemoryKind kind(int storage) {
        return storages.get(storage).kind();
    }
}
