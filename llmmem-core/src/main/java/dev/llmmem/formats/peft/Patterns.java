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

    private record Row(BoundedPattern pattern, long number) {}

    private final List<Row> rows;
    private final long otherwise;

    private Patterns(List<Row> rows, long otherwise) {
        this.rows = rows;
        this.otherwise = otherwise;
    }

    static Patterns of(long otherwise) {
        return new Patterns(List.of(), otherwise);
    }

    static Patterns read(Settings settings, String field, long otherwise, String unit) {
        Map<String, Long> numbers = settings.byPattern(field, 1, Settings.WIDEST, unit);
        List<Row> rows = new ArrayList<>();
        numbers.forEach((pattern, number) -> {
            try {
                rows.add(new Row(Python.between(field, "(.*\\.)?(", pattern, ")$"), number));
            } catch (IllegalArgumentException e) {
                settings.refuse(field, "numbers by pattern: " + e.getMessage());
            }
        });
        return new Patterns(List.copyOf(rows), otherwise);
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
