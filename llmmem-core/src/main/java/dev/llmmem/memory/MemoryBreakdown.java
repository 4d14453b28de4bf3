package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What is in memory at the highest point of a phase, item by item. The items sum to the total exactly.
 *
 * <p>Immutable and thread-safe.
 *
 * @param phase the phase
 * @param items what lives then, kind by kind and the largest first within a kind
 */
public record MemoryBreakdown(Phase phase, List<MemoryItem> items) {

    /**
     * Copies and orders the items.
     *
     * @param phase the phase
     * @param items what lives at its highest point
     */
    public MemoryBreakdown {
        Objects.requireNonNull(phase, "phase");
        List<MemoryItem> ordered = new ArrayList<>(items);
        ordered.sort(Comparator.comparing(MemoryItem::kind)
                .thenComparing(MemoryItem::bytes, Comparator.reverseOrder())
                .thenComparing(MemoryItem::name));
        items = List.copyOf(ordered);
    }

    /**
     * All of it.
     *
     * @return the sum of the items
     */
    public Bytes total() {
        return items.stream().map(MemoryItem::bytes).reduce(Bytes.ZERO, Bytes::plus);
    }

    /**
     * All of one kind.
     *
     * @param kind the kind
     * @return the sum of the items of that kind; zero where there is none
     */
    public Bytes of(MemoryKind kind) {
        Objects.requireNonNull(kind, "kind");
        return items.stream()
                .filter(item -> item.kind() == kind)
                .map(MemoryItem::bytes)
                .reduce(Bytes.ZERO, Bytes::plus);
    }

    /**
     * The breakdown for reading: a line for each kind, then its items, then the total.
     *
     * @return several lines, each ended by a line feed
     */
    public String table() {
        StringBuilder text = new StringBuilder();
        for (MemoryKind kind : MemoryKind.values()) {
            Bytes sum = of(kind);
            if (sum.equals(Bytes.ZERO)) {
                continue;
            }
            line(text, kind.label(), sum);
            for (MemoryItem item : items) {
                if (item.kind() == kind) {
                    line(text, "  " + item.name(), item.bytes());
                }
            }
        }
        line(text, "total (" + phase.name().toLowerCase(Locale.ROOT) + ")", total());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Bytes bytes) {
        text.append(String.format(Locale.ROOT, "%-28s %12.3f GiB%n", name, bytes.toGiB())
                .replace(System.lineSeparator(), "\n"));
    }

    /**
     * The items as the arithmetic that gave them.
     *
     * @return for each item its bytes, its formula and its source; several lines, each ended by a line feed
     */
    public String explain() {
        StringBuilder text = new StringBuilder();
        for (MemoryItem item : items) {
            text.append(item).append("\n    source: ").append(item.source()).append('\n');
        }
        return text.append("total: ").append(total()).append('\n').toString();
    }

    /**
     * One line: the phase, the total and the kinds.
     *
     * @return for example {@code backward: 2.10 GiB (2249662464 B) = frozen weights 1.62 GiB + …}
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(phase.name().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(total());
        String separator = " = ";
        for (MemoryKind kind : MemoryKind.values()) {
            Bytes sum = of(kind);
            if (!sum.equals(Bytes.ZERO)) {
                text.append(separator)
                        .append(kind.label())
                        .append(String.format(Locale.ROOT, " %.2f GiB", sum.toGiB()));
                separator = " + ";
            }
        }
        return text.toString();
    }
}
