package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.memory.trace.Fold;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Storage;
import dev.llmmem.memory.trace.loop.Step;
import dev.llmmem.workload.Workload;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs jobs with equal layers traced once, and with every layer traced by itself. */
final class Folding {

    private Folding() {}

    static void assertSamePeaks(Workload job) {
        assertThat(peaks(job, true)).isEqualTo(peaks(job, false));
    }

    /** What is alive at the highest points must be the same by kind and name. */
    static void assertSameItems(Workload job) {
        Map<String, Long> folded = items(job, true);
        Map<String, Long> unfolded = items(job, false);
        Set<String> names = new TreeSet<>(folded.keySet());
        names.addAll(unfolded.keySet());
        for (String name : names) {
            assertThat(folded.get(name)).as(name).isEqualTo(unfolded.get(name));
        }
    }

    /** What is alive in the end must be the same. */
    static void assertSameRemainder(Workload job) {
        assertThat(run(job, true).live()).isEqualTo(run(job, false).live());
    }

    /** How many storages are made and freed one by one, where equal layers are traced once. */
    static int changes(Workload job) {
        AtomicInteger changes = new AtomicInteger();
        Step.run(
                job,
                new Ledger(new Ledger.Observer() {
                    @Override
                    public void changed(long clock, Phase phase, Storage storage, long copies, long live) {
                        changes.incrementAndGet();
                    }

                    @Override
                    public void foldBegins(long clock, Fold fold) {}

                    @Override
                    public void foldEnds(long clock, Fold fold, long live) {}

                    @Override
                    public void repeated(long clock, Fold fold, int blocks, long live) {}

                    @Override
                    public void entered(long clock, Phase phase, long live) {}

                    @Override
                    public void renamed(Storage storage, MemoryKind before, long copies) {}
                }),
                true);
        return changes.get();
    }

    private static Ledger run(Workload job, boolean folded) {
        Ledger ledger = new Ledger(null);
        Step.run(job, ledger, folded);
        return ledger;
    }

    private static Map<Phase, Long> peaks(Workload job, boolean folded) {
        Ledger ledger = run(job, folded);
        Map<Phase, Long> peaks = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            peaks.put(phase, ledger.peak(phase));
        }
        return peaks;
    }

    /** The bytes of each phase, kind and name at the phase's highest point. */
    private static Map<String, Long> items(Workload job, boolean folded) {
        Ledger first = run(job, folded);
        Map<Phase, Ledger.Moment> moments = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            if (first.peak(phase) >= 0) {
                moments.put(phase, first.moment(phase));
            }
        }
        Composition composition = new Composition(moments, new Sources(job));
        Step.run(job, new Ledger(composition), folded);
        composition.end();
        Map<String, Long> items = new TreeMap<>();
        for (Phase phase : moments.keySet()) {
            for (MemoryItem item : composition.breakdown(phase).items()) {
                items.merge(
                        phase + ": " + item.kind() + ", " + item.name(),
                        item.bytes().value(),
                        Math::addExact);
            }
        }
        return items;
    }
}
