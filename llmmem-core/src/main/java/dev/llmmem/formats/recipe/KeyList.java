package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.RecipeNote.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The keys of each tool that no reader asks for, and why: recipe-keys.tsv. */
final class KeyList {

    private static final List<String[]> ROWS = rows();

    private KeyList() {}

    static boolean isSplit(RecipeKind kind, String key) {
        return ROWS.stream().anyMatch(row -> row[2].equals("SPLIT") && matches(row, kind, key));
    }

    static RecipeNote judge(RecipeKind kind, String key, @Nullable Object value) {
        String[] row = ROWS.stream()
                .filter(each -> !each[2].equals("SPLIT") && matches(each, kind, key))
                .findFirst()
                .orElse(null);
        String name = Shown.text(key);
        String shown = Shown.text(value);
        if (row == null && value != null) {
            return new RecipeNote(name, shown, Status.UNKNOWN, "not a key that is known of this tool");
        }
        if (row == null || (row[2].equals("NOT_MODELLED") && isOff(value))) {
            return new RecipeNote(name, shown, Status.IGNORED, "not set, or switched off");
        }
        if ("auto".equals(value) && (kind == RecipeKind.DEEPSPEED)) {
            return new RecipeNote(name, shown, Status.OPEN, "left to the framework or another file");
        }
        return new RecipeNote(name, shown, Status.valueOf(row[2]), row[3]);
    }

    static boolean isOff(@Nullable Object value) {
        return value == null
                || List.of("false", "no", "none", "off", "", "0")
                        .contains(String.valueOf(value).toLowerCase(java.util.Locale.ROOT))
                || (value instanceof Collection<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static boolean matches(String[] row, RecipeKind kind, String key) {
        boolean tool = row[0].equals("*") || List.of(row[0].split(",")).contains(kind.name());
        String pattern = row[1];
        return tool
                && (pattern.endsWith("*")
                        ? key.startsWith(pattern.substring(0, pattern.length() - 1))
                        : key.equals(pattern));
    }

    private static List<String[]> rows() {
        try (InputStream stream = Objects.requireNonNull(
                        KeyList.class.getResourceAsStream("recipe-keys.tsv"), "recipe-keys.tsv");
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
