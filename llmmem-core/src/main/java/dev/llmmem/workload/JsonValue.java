package dev.llmmem.workload;

import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value of a JSON text, and where it stands.
 *
 * @param name the name of its field, or of the field of the array that it is in
 * @param value a string, {@code Long}, {@code Double}, {@code Boolean}, list or map of values, or null for JSON's null
 * @param line its line, from 1
 * @param column its column, from 1
 */
record JsonValue(String name, @Nullable Object value, int line, int column) {

    JsonValue with(Object content) {
        return new JsonValue(name, content, line, column);
    }

    /** The refusal of this value: its name, what it is, and what is permitted. */
    Malformed refused(String permitted) {
        return refusal(Quoted.start(name) + " is " + shown() + ", but " + permitted, null);
    }

    /** A refusal at this value's place. */
    Malformed refusal(String message, @Nullable Throwable cause) {
        return new Malformed("line " + line + ", column " + column + ": " + message, cause);
    }

    JsonObject object() {
        if (!(value instanceof Map<?, ?> fields)) {
            throw refused("must be an object");
        }
        return new JsonObject(this, fields);
    }

    List<JsonValue> array() {
        if (!(value instanceof List<?> elements)) {
            throw refused("must be an array");
        }
        List<JsonValue> values = new ArrayList<>(elements.size());
        elements.forEach(element -> values.add((JsonValue) element));
        return values;
    }

    String string() {
        if (!(value instanceof String string)) {
            throw refused("must be a string");
        }
        return string;
    }

    boolean bool() {
        if (!(value instanceof Boolean bool)) {
            throw refused("must be true or false");
        }
        return bool;
    }

    double number() {
        if (value instanceof Long integer) {
            return integer;
        }
        if (value instanceof Double number && !number.isInfinite()) {
            return number;
        }
        throw refused("must be a finite number");
    }

    /** An integer in a range of {@code int}. */
    int integer(int least, int most, String unit) {
        return (int) integer((long) least, (long) most, unit);
    }

    long integer(long least, long most, String unit) {
        if (!(value instanceof Long integer) || integer < least || integer > most) {
            throw refused("must be an integer, " + least + " to " + most + " " + unit);
        }
        return integer;
    }

    <E extends Enum<E>> E constant(Class<E> type) {
        E[] permitted = type.getEnumConstants();
        for (E constant : permitted) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        throw refused("must be one of " + Arrays.toString(permitted));
    }

    private String shown() {
        if (value instanceof String string) {
            return Quoted.text(string);
        }
        if (value instanceof Map) {
            return "an object";
        }
        return value instanceof List ? "an array" : String.valueOf(value);
    }

    /** A refusal that says where; there is nothing to add to it further out. */
    static final class Malformed extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Malformed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
