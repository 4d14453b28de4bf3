package dev.llmmem.model;

import dev.llmmem.model.architecture.Fields;
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

    /** The facts as fields; a dot in a name leads into an inner object. */
    Fields fields() {
        Map<String, @Nullable Object> outer = new LinkedHashMap<>();
        Map<String, Map<String, @Nullable Object>> inner = new LinkedHashMap<>();
        for (String pair : facts.split(" ", -1)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, equals);
            Object value = value(pair.substring(equals + 1));
            int dot = name.indexOf('.');
            if (dot < 0) {
                outer.put(name, value);
            } else {
                inner.computeIfAbsent(name.substring(0, dot), object -> new LinkedHashMap<>())
                        .put(name.substring(dot + 1), value);
            }
        }
        outer.putAll(inner);
        return Fields.of(outer);
    }

    private static @Nullable Object value(String text) {
        return switch (text) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> isNumber(text) ? number(text) : text;
        };
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
