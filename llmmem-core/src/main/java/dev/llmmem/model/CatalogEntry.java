package dev.llmmem.model;

import dev.llmmem.model.architecture.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code models.tsv}.
 *
 * @param id the Hub id
 * @param aliases other names
 * @param parameters the number of parameters
 * @param published the published count as it is written, or {@code -}
 * @param facts the fields of its configuration: {@code name=value}, separated by spaces
 * @param source where the fields are from
 */
record CatalogEntry(String id, List<String> aliases, long parameters, String published, String facts, String source) {

    static CatalogEntry parse(String line) {
        String[] columns = line.split("\t", -1);
        List<String> aliases = columns[1].isEmpty() ? List.of() : List.of(columns[1].split(",", -1));
        return new CatalogEntry(columns[0], aliases, Long.parseLong(columns[2]), columns[3], columns[4], columns[5]);
    }

    /** The id without the organization. */
    String shortName() {
        return id.substring(id.indexOf('/') + 1);
    }

    /** The facts as fields; dots in a name lead into inner objects. */
    Fields fields() {
        Map<String, @Nullable Object> outer = new LinkedHashMap<>();
        int from = 0;
        while (from < facts.length()) {
            int space = facts.indexOf(' ', from);
            int end = space < 0 ? facts.length() : space;
            int equals = facts.indexOf('=', from);
            put(outer, facts.substring(from, equals), value(facts.substring(equals + 1, end)));
            from = end + 1;
        }
        return Fields.of(outer);
    }

    @SuppressWarnings("unchecked") // every value of a name that others lead through was put there as such a map
    private static void put(Map<String, @Nullable Object> object, String name, @Nullable Object value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            object.put(name, value);
            return;
        }
        Object inner = object.get(name.substring(0, dot));
        if (inner == null) {
            inner = new LinkedHashMap<String, @Nullable Object>();
            object.put(name.substring(0, dot), inner);
        }
        put((Map<String, @Nullable Object>) inner, name.substring(dot + 1), value);
    }

    /** A list stands in brackets, its values separated by commas. */
    private static @Nullable Object value(String text) {
        if (text.startsWith("[")) {
            return list(text.substring(1, text.length() - 1));
        }
        return switch (text) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> isNumber(text) ? number(text) : text;
        };
    }

    private static List<@Nullable Object> list(String values) {
        List<@Nullable Object> list = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < values.length(); i++) {
            char c = values.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                list.add(value(values.substring(from, i)));
                from = i + 1;
            }
        }
        if (!values.isEmpty()) {
            list.add(value(values.substring(from)));
        }
        return list;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static Object number(String text) {
        return text.indexOf('.') < 0 ? (Object) Long.valueOf(text) : Double.valueOf(text);
    }
}
