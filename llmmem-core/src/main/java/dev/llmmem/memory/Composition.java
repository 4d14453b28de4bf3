package dev.llmmem.memory;

import dev.llmmem.memory.trace.Fold;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Storage;
import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is alive at chosen moments of a run: counts the storages of each shape and purpose, and keeps the counts of the
 * moments.
 */
final class Composition implements Ledger.Observer {

    /** Storages that look alike: one term of an item's formula. */
    private record Term(MemoryKind kind, String name, long rows, long columns, DType type, long bytes) {
        boolean looksLike(Term other) {
            return kind == other.kind && rows == other.rows && columns == other.columns && type == other.type;
        }

        static Term of(Storage storage, MemoryKind kind) {
            return new Term(kind, storage.site(), storage.rows(), storage.columns(), storage.type(), storage.bytes());
        }
    }

    private final Map<Phase, Ledger.Moment> wanted;
    private final Map<Phase, Map<Term, Long>> found = new EnumMap<>(Phase.class);
    /** For moments in blocks that are not traced: what the traced block had changed there. */
    private final Map<Phase, Inside> inside = new EnumMap<>(Phase.class);
    /** What one block of each fold changes. */
    private final Map<Fold, Map<Term, Long>> changes = new HashMap<>();

    private final Map<Term, Long> live = new LinkedHashMap<>();
    /** The fold that is being traced, and what was alive before it. */
    private @Nullable Inside tracing;

    private record Inside(Fold fold, Map<Term, Long> counts) {}

    private final Sources sources;

    Composition(Map<Phase, Ledger.Moment> wanted, Sources sources) {
        this.wanted = wanted;
        this.sources = sources;
    }

    @Override
    public void changed(long clock, Phase phase, Storage storage, long copies, long total) {
        catchUp(clock);
        add(Term.of(storage, storage.kind()), copies);
    }

    @Override
    public void renamed(Storage storage, MemoryKind before, long copies) {
        add(Term.of(storage, before), -copies);
        add(Term.of(storage, storage.kind()), copies);
    }

    @Override
    public void entered(long clock, Phase phase, long total) {
        catchUp(clock);
    }

    @Override
    public void foldBegins(long clock, Fold fold) {
        catchUp(clock);
        tracing = new Inside(fold, new LinkedHashMap<>(live));
    }

    @Override
    public void foldEnds(long clock, Fold fold, long total) {
        catchUp(clock);
        changes.put(fold, changed(Objects.requireNonNull(tracing)));
        tracing = null;
    }

    @Override
    public void repeated(long clock, Fold fold, int blocks, long total) {
        catchUp(clock);
        Objects.requireNonNull(changes.get(fold)).forEach((term, count) -> add(term, count * blocks));
    }

    /** What is alive beyond what was before. */
    private Map<Term, Long> changed(Inside before) {
        Map<Term, Long> change = new LinkedHashMap<>(live);
        before.counts().forEach((term, count) -> change.merge(term, -count, Long::sum));
        return change;
    }

    /** Keeps the counts of moments that are over now. */
    private void catchUp(long clock) {
        wanted.forEach((phase, moment) -> {
            if (moment.inside() > 0 && moment.inside() < clock && !inside.containsKey(phase)) {
                Inside before = Objects.requireNonNull(tracing);
                inside.put(phase, new Inside(before.fold(), changed(before)));
            }
            if (moment.clock() < clock && !found.containsKey(phase)) {
                found.put(phase, at(phase, moment));
            }
        });
    }

    private Map<Term, Long> at(Phase phase, Ledger.Moment moment) {
        Map<Term, Long> counts = new LinkedHashMap<>(live);
        Inside part = inside.get(phase);
        if (part != null) {
            Objects.requireNonNull(changes.get(part.fold()))
                    .forEach((term, count) -> counts.merge(term, count * moment.earlierBlocks(), Long::sum));
            part.counts().forEach((term, count) -> counts.merge(term, count, Long::sum));
        }
        return counts;
    }

    private void add(Term term, long copies) {
        if (copies != 0) {
            live.merge(term, copies, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    /** Says that the run is over. From now on this is only read, so threads may share it. */
    void end() {
        catchUp(Long.MAX_VALUE);
    }

    /** The breakdown at the moment of a phase, once the run is over. */
    MemoryBreakdown breakdown(Phase phase) {
        Map<String, List<Map.Entry<Term, Long>>> byItem = new LinkedHashMap<>();
        settled(Objects.requireNonNull(found.get(phase))).entrySet().stream()
                .filter(entry -> entry.getValue() != 0)
                .forEach(entry -> byItem.computeIfAbsent(
                                entry.getKey().kind() + "/" + entry.getKey().name(), key -> new ArrayList<>())
                        .add(entry));
        List<MemoryItem> items = new ArrayList<>();
        for (List<Map.Entry<Term, Long>> terms : byItem.values()) {
            items.add(item(terms));
        }
        return new MemoryBreakdown(phase, items);
    }

    /** The bytes of the head's output, of what the loss makes of it, and of their gradients. */
    long bytesOfLogits(Phase phase, long vocabulary) {
        return settled(Objects.requireNonNull(found.get(phase))).entrySet().stream()
                .filter(entry -> entry.getKey().columns() == vocabulary && isOfHead(entry.getKey()))
                .mapToLong(Composition::bytes)
                .sum();
    }

    private static boolean isOfHead(Term term) {
        return switch (term.kind()) {
            case ACTIVATIONS -> term.name().equals("head") || term.name().equals("loss");
            case BACKWARD_TEMPORARIES -> true;
            default -> false;
        };
    }

    /**
     * The counts without negative ones. The traced block of a fold frees what the block before the fold made, and stands
     * for blocks that free what the block before them made: same shape, another name. So what one name lacks, another of
     * the same kind and shape has too much.
     */
    private static Map<Term, Long> settled(Map<Term, Long> counts) {
        Map<Term, Long> settled = new LinkedHashMap<>(counts);
        counts.forEach((term, count) -> {
            for (Term other : counts.keySet()) {
                long missing = -Objects.requireNonNull(settled.get(term));
                long there = Objects.requireNonNull(settled.get(other));
                if (missing > 0 && there > 0 && term.looksLike(other)) {
                    long moved = Math.min(missing, there);
                    settled.merge(term, moved, Long::sum);
                    settled.merge(other, -moved, Long::sum);
                }
            }
        });
        settled.forEach((term, count) -> {
            if (count < 0) {
                throw new AssertionError(count + " tensors are alive of " + term);
            }
        });
        return settled;
    }

    private MemoryItem item(List<Map.Entry<Term, Long>> terms) {
        List<Map.Entry<Term, Long>> largestFirst = new ArrayList<>(terms);
        largestFirst.sort((a, b) -> Long.compare(bytes(b), bytes(a)));
        long sum = 0;
        boolean rounded = false;
        List<String> texts = new ArrayList<>();
        for (Map.Entry<Term, Long> entry : largestFirst) {
            Term term = entry.getKey();
            sum = Math.addExact(sum, bytes(entry));
            rounded |= term.bytes() * 8
                    != term.rows() * term.columns() * term.type().bits();
            texts.add(formula(term, entry.getValue()));
        }
        Term first = largestFirst.get(0).getKey();
        Set<DType> types = terms.stream().map(entry -> entry.getKey().type()).collect(Collectors.toSet());
        String formula = String.join(" + ", texts) + (rounded ? ", each tensor rounded up to 512 B" : "");
        return new MemoryItem(
                first.kind(), first.name(), Bytes.of(sum), formula, sources.of(first.kind(), first.name(), types));
    }

    private static long bytes(Map.Entry<Term, Long> entry) {
        return entry.getKey().bytes() * entry.getValue();
    }

    private static String formula(Term term, long count) {
        String width = term.type().bits() % 8 == 0
                ? String.valueOf(term.type().bits() / 8)
                : String.format(Locale.ROOT, "%.1f", term.type().bits() / 8.0);
        String shape = term.rows() == 1 ? "" + term.columns() : term.rows() + " × " + term.columns();
        return (count == 1 ? "" : count + " × ") + shape + " × " + width + " B";
    }
}
