package dev.llmmem.model.architecture;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a configuration by name, as they were written.
 *
 * <p>A value is null, a {@link Boolean}, a {@link Long}, a {@link java.math.BigInteger} where a whole number exceeds a
 * long, a {@link Double} for any other number, a {@link String}, a {@link java.util.List} of values, or a {@link Map} of
 * values by name. An absent field is not a null one. Immutable and thread-safe, as long as the values are.
 */
public final class Fields {

    private final Map<String, @Nullable Object> values;

    private Fields(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    /**
     * Copies a map.
     *
     * @param values the values by name
     * @return the fields
     */
    public static Fields of(Map<String, ? extends @Nullable Object> values) {
        Objects.requireNonNull(values, "values");
        return new Fields(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    /** All values by name, unmodifiable. */
    Map<String, @Nullable Object> all() {
        return values;
    }

    /**
     * Whether a field is written, be it as null.
     *
     * @param name the field
     * @return true unless it is absent
     */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * The value of a field.
     *
     * @param name the field
     * @return the value; null where the field is absent or written as null
     */
    public @Nullable Object get(String name) {
        return values.get(name);
    }
}
