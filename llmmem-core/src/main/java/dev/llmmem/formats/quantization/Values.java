package dev.llmmem.formats.quantization;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of an object of a configuration, checked as they are read. */
final class Values {

    private final Map<?, ?> fields;

    Values(Map<?, ?> fields) {
        this.fields = fields;
    }

    @Nullable
    Object get(String name) {
        return fields.get(name);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** The first of the names that is there, or the first. */
    String named(String... names) {
        for (String name : names) {
            if (has(name)) {
                return name;
            }
        }
        return names[0];
    }

    Values object(String name) {
        if (get(name) instanceof Map<?, ?> map) {
            return new Values(map);
        }
        throw refused(name, "an object");
    }

    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean absent) {
        Object value = get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw refused(name, "true or false");
        }
        return value == null ? absent : (Boolean) value;
    }

    Optional<String> text(String name) {
        Object value = get(name);
        if (value != null && !(value instanceof String)) {
            throw refused(name, "a text");
        }
        return Optional.ofNullable((String) value);
    }

    @CanIgnoreReturnValue
    int number(String name, int least, int most) {
        return number(name, get(name), least, most);
    }

    /** The number of weights that share a scale, or -1 for all of a row. */
    int group(String name) {
        return get(name) instanceof Number whole && whole.doubleValue() == -1 ? -1 : number(name, 1, 65_536);
    }

    /** Two numbers in a list. */
    int[] pair(String name, int least, int most) {
        if (get(name) instanceof List<?> sides && sides.size() == 2) {
            return new int[] {number(name, sides.get(0), least, most), number(name, sides.get(1), least, most)};
        }
        throw refused(name, "a list of 2 whole numbers");
    }

    /** The texts of a list, empty where it is absent. */
    List<String> texts(String name) {
        Object value = get(name);
        if (value != null && !(value instanceof List<?>)) {
            throw refused(name, "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        for (Object item : value instanceof List<?> some ? some : List.of()) {
            if (!(item instanceof String text) || text.isEmpty()) {
                throw refused(name, item, "texts of at least 1 character");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Whether something is there that says anything. */
    boolean says(String name) {
        Object value = get(name);
        return value != null && !(value instanceof Map<?, ?> map && map.isEmpty());
    }

    void requireAbsent(String name, String why) {
        if (says(name)) {
            throw refused(name, "absent: " + why);
        }
    }

    private static int number(String name, @Nullable Object value, int least, int most) {
        if (value instanceof Number number
                && (number instanceof Long || number instanceof Integer || number instanceof Short)
                && number.longValue() >= least
                && number.longValue() <= most) {
            return number.intValue();
        }
        throw refused(name, value, "a whole number in [" + least + ", " + most + "]");
    }

    IllegalArgumentException refused(String name, String permitted) {
        return refused(name, get(name), permitted);
    }

    static IllegalArgumentException refused(String name, @Nullable Object value, String permitted) {
        String shown = value instanceof Map<?, ?> || value instanceof List<?>
                ? "a list or object"
                : Quoted.text(String.valueOf(value));
        return new IllegalArgumentException(name + " = " + shown + ", permitted " + permitted);
    }
}
