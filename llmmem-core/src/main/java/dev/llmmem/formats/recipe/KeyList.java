package dev.llmmem.formats.recipe;

import com.google.common.base.Splitter;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys of each tool that no reader asks for, and why: recipe-keys.tsv. */
final class KeyList {

    private static final Set<String> OFF = Set.of("false", "no", "none", "off", "", "null");
    private static final Map<RecipeKind, KeyList> LISTS = lists();

    private final Set<String> split = new HashSet<>();
    private final Map<String, Row> exact = new HashMap<>();
    /** By beginning, the longest first. */
    private final TreeMap<String, Row> beginnings = new TreeMap<>(
            (one, two) -> one.length() != two.length() ? two.length() - one.length() : one.compareTo(two));

    /** What is known of a key; {@code neutral} are values that change nothing, besides those that switch off. */
    private record Row(Status status, String why, Set<String> neutral) {}

    private KeyList() {}

    /** Whether the keys inside are looked at one by one. */
    static boolean isSplit(RecipeKind kind, String key) {
        return of(kind).split.contains(key);
    }

    static RecipeNote judge(RecipeKind kind, String key, @Nullable Object value) {
        Optional<Row> row = of(kind).find(key);
        String name = Shown.text(key);
        String shown = Shown.text(value);
        if (value == null) {
            return new RecipeNote(name, "", Status.IGNORED, "not set");
        }
        if (row.isEmpty()) {
            return new RecipeNote(name, shown, Status.UNKNOWN, "not a key that is known of this tool");
        }
        if (row.get().status() == Status.NOT_MODELLED && isOff(value)) {
            return new RecipeNote(name, shown, Status.IGNORED, "switched off");
        }
        if (row.get().neutral().contains(String.valueOf(value))) {
            return new RecipeNote(name, shown, Status.IGNORED, "changes nothing");
        }
        return new RecipeNote(name, shown, row.get().status(), row.get().why());
    }

    static boolean isOff(@Nullable Object value) {
        return value == null
                || OFF.contains(String.valueOf(value).toLowerCase(Locale.ROOT))
                || (value instanceof Number number && number.doubleValue() == 0)
                || (value instanceof Collection<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static KeyList of(RecipeKind kind) {
        return of(LISTS, kind);
    }

    private static KeyList of(Map<RecipeKind, KeyList> lists, RecipeKind kind) {
        return Objects.requireNonNull(lists.get(kind));
    }

    private Optional<Row> find(String key) {
        Row row = exact.get(key);
        return row != null
                ? Optional.of(row)
                : beginnings.entrySet().stream()
                        .filter(entry -> key.startsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst();
    }

    private static Map<RecipeKind, KeyList> lists() {
        Map<RecipeKind, KeyList> lists = new EnumMap<>(RecipeKind.class);
        for (RecipeKind kind : RecipeKind.values()) {
            lists.put(kind, new KeyList());
        }
        try (InputStream stream = Objects.requireNonNull(
                        KeyList.class.getResourceAsStream("recipe-keys.tsv"), "recipe-keys.tsv");
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.startsWith("#")).forEach(line -> add(lists, line.split("\t", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lists;
    }

    private static void add(Map<RecipeKind, KeyList> lists, String[] cells) {
        List<RecipeKind> kinds = cells[0].equals("*")
                ? List.of(RecipeKind.values())
                : Splitter.on(',')
                        .splitToStream(cells[0])
                        .map(RecipeKind::valueOf)
                        .toList();
        kinds.forEach(kind -> of(lists, kind).add(cells));
    }

    private void add(String[] cells) {
        String key = cells[1];
        if (cells[2].equals("SPLIT")) {
            split.add(key);
            return;
        }
        Set<String> neutral = cells.length > 4 ? Set.copyOf(Splitter.on(',').splitToList(cells[4])) : Set.of();
        Row row = new Row(Status.valueOf(cells[2]), cells[3], neutral);
        Row before = key.endsWith("*") ? beginnings.put(key.substring(0, key.length() - 1), row) : exact.put(key, row);
        if (before != null) {
            throw new IllegalStateException("recipe-keys.tsv says two things of " + key);
        }
    }
}
