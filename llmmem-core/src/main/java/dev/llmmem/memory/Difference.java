package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Why one job takes more or less than another at its highest point, item by item. */
final class Difference {

    /** An item of the one, of the other, or of both. */
    private static final class Pair {
        long here;
        long there;
        String formulaHere = "nothing";
        String formulaThere = "nothing";
        String source = "";

        long more() {
            return here - there;
        }
    }

    private final MemoryEstimate here;
    private final MemoryEstimate there;

    Difference(MemoryEstimate here, MemoryEstimate there) {
        this.here = here;
        this.there = there;
    }

    String explain() {
        StringBuilder text = new StringBuilder()
                .append(here.workload())
                .append("\nagainst ")
                .append(there.workload())
                .append('\n')
                .append(String.format(
                        Locale.ROOT,
                        "%s: %s in %s against %s in %s\n",
                        signed(here.peak().value() - there.peak().value()),
                        here.peak(),
                        lower(here),
                        there.peak(),
                        lower(there)));
        Map<String, Pair> items = items();
        List<Map.Entry<String, Pair>> largestFirst = new ArrayList<>(items.entrySet());
        largestFirst.sort(Comparator.comparingLong((Map.Entry<String, Pair> entry) ->
                        Math.abs(entry.getValue().more()))
                .reversed());
        for (Map.Entry<String, Pair> entry : largestFirst) {
            Pair pair = entry.getValue();
            if (pair.more() != 0) {
                text.append(signed(pair.more()))
                        .append("  ")
                        .append(entry.getKey())
                        .append(": ")
                        .append(pair.formulaHere)
                        .append(", against ")
                        .append(pair.formulaThere)
                        .append("\n    source: ")
                        .append(pair.source)
                        .append('\n');
            }
        }
        return text.append(logits("here", here)).append(logits("there", there)).toString();
    }

    private Map<String, Pair> items() {
        Map<String, Pair> pairs = new LinkedHashMap<>();
        for (MemoryItem item : here.breakdown().items()) {
            Pair pair = pairs.computeIfAbsent(name(item), name -> new Pair());
            pair.here = item.bytes().value();
            pair.formulaHere = item.formula();
            pair.source = item.source();
        }
        for (MemoryItem item : there.breakdown().items()) {
            Pair pair = pairs.computeIfAbsent(name(item), name -> new Pair());
            pair.there = item.bytes().value();
            pair.formulaThere = item.formula();
            if (pair.source.isEmpty()) {
                pair.source = item.source();
            }
        }
        return pairs;
    }

    private static String logits(String where, MemoryEstimate estimate) {
        return estimate.logits()
                .map(line -> "logits " + where + ": " + line + "\n")
                .orElse("");
    }

    private static String name(MemoryItem item) {
        return item.kind().label() + ", " + item.name();
    }

    private static String lower(MemoryEstimate estimate) {
        return estimate.peakPhase().name().toLowerCase(Locale.ROOT);
    }

    private static String signed(long bytes) {
        return (bytes < 0 ? "-" : "+") + Bytes.of(Math.abs(bytes));
    }
}
