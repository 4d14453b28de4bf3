package dev.llmmem.formats.peft;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What PEFT 0.21.0 knows by name: the fields of each type, and the modules that it adapts where none are named. {@code fields.tsv}
 * and {@code targets.tsv} say where that is from.
 */
final class Defaults {

    private static final String PATTERN = "re:";

    private static final Map<String, Set<String>> FIELDS = fields();
    private static final Map<String, String> TARGETS = targets();

    private Defaults() {}

    /** The fields of a type. */
    static Set<String> fields(String type) {
        return FIELDS.getOrDefault(type, Set.of());
    }

    /** The targets of a type where none are named; {@code IA3.feedforward} gives IA3's second ones. */
    static Optional<NameRule> targets(String type, String modelType) {
        Optional<NameRule> found = Optional.ofNullable(TARGETS.get(type + "\t" + modelType))
                .map(row -> row.startsWith(PATTERN)
                        ? NameRule.pattern("target_modules", row.substring(PATTERN.length()))
                        : NameRule.named(List.of(row.split(",", -1))));
        return found.isEmpty() && type.equals("OSF") ? Optional.of(NameRule.allLinear()) : found;
    }

    private static Map<String, Set<String>> fields() {
        Map<String, Set<String>> fields = new HashMap<>();
        for (String[] row : rows("fields.tsv", 2)) {
            fields.put(row[0], Set.of(row[1].split(",", -1)));
        }
        return Map.copyOf(fields);
    }

    private static Map<String, String> targets() {
        Map<String, String> targets = new HashMap<>();
        for (String[] row : rows("targets.tsv", 3)) {
            for (String type : row[0].split(",", -1)) {
                targets.put(type + "\t" + row[1], row[2]);
            }
        }
        return Map.copyOf(targets);
    }

    private static List<String[]> rows(String file, int columns) {
        InputStream stream = Objects.requireNonNull(Defaults.class.getResourceAsStream(file), file);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", columns))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
