package dev.llmmem.formats.peft;

import dev.llmmem.units.text.BoundedPattern;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Numbers that hold for modules of certain names: peft 0.21.0, {@code peft/utils/other.py}, {@code get_pattern_key}. The first
 * pattern that matches a module's name, or all of its end after a dot, counts.
 */
final class Patterns {

    private record Row(String key, BoundedPattern pattern, long number) {}

    private final List<Row> rows;
    private final long otherwise;

    private Patterns(List<Row> rows, long otherwise) {
        this.rows = rows;
        this.otherwise = otherwise;
    }

    static Patterns read(Settings settings, String field, long otherwise, String unit) {
        Map<String, Long> numbers = settings.byPattern(field, 1, Settings.WIDEST, unit);
        List<Row> rows = new ArrayList<>();
        numbers.forEach((pattern, number) -> {
            try {
                rows.add(row(field, pattern, number));
            } catch (IllegalArgumentException e) {
                settings.refuse(field, "numbers by pattern: " + e.getMessage());
            }
        });
        return new Patterns(List.copyOf(rows), otherwise);
    }

    private static Row row(String field, String key, long number) {
        return new Row(key, Python.between(field, "(.*\\.)?(", key, ")$"), number);
    }

    /** The same, with twice the number that holds otherwise for one more pattern; in the place of the same one, if it is there. */
    Patterns withDoubled(String key) {
        Row doubled = row("rank_pattern", key, 2 * otherwise);
        List<Row> more = new ArrayList<>(rows);
        more.replaceAll(row -> row.key().equals(key) ? doubled : row);
        if (!more.contains(doubled)) {
            more.add(doubled);
        }
        return new Patterns(List.copyOf(more), otherwise);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    long of(String module, StepBudget steps) {
        for (Row row : rows) {
            if (row.pattern().matchesStart(module, steps)) {
                return row.number();
            }
        }
        return otherwise;
    }

    long of(BaseModule module, StepBudget steps) {
        return of(module.name(), steps);
    }
}
