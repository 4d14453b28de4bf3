package dev.llmmem.model.architecture;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reading of {@link Fields}: typed, checked, and collecting what is wrong.
 *
 * <p>A field that is wrong is noted and read as its default, so that one reading finds every fault.
 */
final class Config {

    private final Fields fields;
    private final String path;
    private final Map<String, List<String>> spellings;
    private final Set<String> faults;

    Config(Fields fields) {
        this(fields, "", Map.of(), new LinkedHashSet<>());
    }

    private Config(Fields fields, String path, Map<String, List<String>> spellings, Set<String> faults) {
        this.fields = fields;
        this.path = path;
        this.spellings = spellings;
        this.faults = faults;
    }

    /** The same reading, with other names for a field; the first one that has a value counts. */
    Config spelling(String name, String... names) {
        Map<String, List<String>> more = new HashMap<>(spellings);
        more.put(name, List.of(names));
        return new Config(fields, path, more, faults);
    }

    /** The same reading, where a field without a value has one. */
    Config withDefault(String name, long value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(fields.all());
        more.put(written(name), value);
        return new Config(Fields.of(more), path, spellings, faults);
    }

    /** What was wrong so far, one clause each. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Notes a fault. */
    void refuse(String name, @Nullable Object value, String permitted) {
        faults.add(path + written(name) + " = " + Shown.of(value) + ", permitted " + permitted);
    }

    /** Notes a fault between fields, unless single fields are at fault: then it may be no more than a consequence. */
    void require(boolean holds, String name, @Nullable Object value, String permitted) {
        if (!holds && faults.isEmpty()) {
            refuse(name, value, permitted);
        }
    }

    /** Whether a field is written, be it as null. */
    boolean has(String name) {
        return fields.has(written(name));
    }

    /** Whether a field is written and not null. */
    boolean states(String name) {
        return value(name) != null;
    }

    /** How many fields are written. */
    int size() {
        return fields.all().size();
    }

    /** Whether a field is a text. */
    boolean isText(String name) {
        return value(name) instanceof String;
    }

    /** Whether a field is a list. */
    boolean isList(String name) {
        return value(name) instanceof List;
    }

    /** An element of a list, read as an object. Its faults are noted here too. */
    Config element(String list, @Nullable Object value) {
        Map<String, @Nullable Object> wrapped = new LinkedHashMap<>();
        wrapped.put(list, value);
        Config element = new Config(Fields.of(wrapped), path, Map.of(), faults);
        return element.nested(list).orElseGet(element::empty);
    }

    /** A number above 0 that must be written. */
    double positive(double most, String name) {
        double real = value(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        if (real > 0 && real <= most) {
            return real;
        }
        refuse(name, value(name), "a number in (0, " + (long) most + "]");
        return most;
    }

    /** A reading of no fields, whose faults are noted here. */
    Config empty() {
        return other(Map.of());
    }

    /** A reading of other fields, whose faults are noted here. */
    Config other(Map<String, ?> values) {
        return new Config(Fields.of(values), path, spellings, faults);
    }

    /** A whole number. */
    int count(Range range, int absent, String name) {
        return has(name) ? number(range, name).orElse(absent) : absent;
    }

    /** A whole number; absent and null are both empty. */
    OptionalInt optional(Range range, String name) {
        return states(name) ? number(range, name) : OptionalInt.empty();
    }

    /** A whole number; only null is empty. */
    OptionalInt nullable(Range range, int absent, String name) {
        return has(name) ? optional(range, name) : OptionalInt.of(absent);
    }

    /** Refuses a field that is not written, of a type without defaults. */
    void mustState(String name, Object permitted) {
        if (!states(name)) {
            refuse(name, null, permitted + "; this type has no default");
        }
    }

    /** A whole number of a type without defaults: it must be written. */
    int required(Range range, String name) {
        mustState(name, range);
        return optional(range, name).orElse((int) range.least());
    }

    /** True or false of a type without defaults: it must be written. */
    boolean requiredFlag(String name) {
        mustState(name, "true or false");
        return flag(false, name);
    }

    /** Refuses a field that says something other than that the thing is not there. */
    void refuseUnlessOff(String name, String meaning) {
        Object value = value(name);
        if (value != null && !Boolean.FALSE.equals(value) && !Long.valueOf(0).equals(value)) {
            refuse(name, value, "absent: " + meaning + " is not described");
        }
    }

    /** True or false; null is false. */
    boolean flag(boolean absent, String name) {
        Object value = value(name);
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value != null) {
            refuse(name, value, "true or false");
        }
        return has(name) ? false : absent;
    }

    /** A number in [0, 1); null is 0. */
    double probability(double absent, String name) {
        if (!states(name)) {
            return has(name) ? 0 : absent;
        }
        double real = value(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        if (real >= 0 && real < 1) {
            return real;
        }
        refuse(name, value(name), "a number in [0, 1)");
        return absent;
    }

    /** A number in [0, 1]; null is the same as absent. */
    double share(double absent, String name) {
        if (!states(name)) {
            return absent;
        }
        double real = value(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        if (real >= 0 && real <= 1) {
            return real;
        }
        refuse(name, value(name), "a number in [0, 1]");
        return absent;
    }

    /** A number in (0, 100] that something is multiplied with. */
    double factor(double absent, String name) {
        if (!has(name)) {
            return absent;
        }
        double real = value(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        if (real > 0 && real <= 100) {
            return real;
        }
        refuse(name, value(name), "a number in (0, 100]");
        return absent;
    }

    /** A text that may be absent or null. */
    Optional<String> text(String name) {
        return typed(String.class, name, "a text");
    }

    /** A list that may be absent or null. */
    Optional<List<?>> list(String name) {
        return typed(List.class, name, "a list").map(list -> (List<?>) list);
    }

    /** An object that may be absent or null. Its faults are noted here too. */
    Optional<Config> nested(String name) {
        return typed(Map.class, name, "an object").map(map -> {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            ((Map<?, ?>) map).forEach((key, value) -> values.put(String.valueOf(key), value));
            return new Config(Fields.of(values), path + name + ".", Map.of(), faults);
        });
    }

    private <T> Optional<T> typed(Class<T> type, String name, String permitted) {
        Object value = value(name);
        if (type.isInstance(value)) {
            return Optional.of(type.cast(value));
        }
        if (value != null) {
            refuse(name, value, permitted);
        }
        return Optional.empty();
    }

    private OptionalInt number(Range range, String name) {
        Object value = value(name);
        if (value instanceof Long number && range.holds(number)) {
            return OptionalInt.of(Math.toIntExact(number));
        }
        refuse(name, value, range.toString());
        return OptionalInt.empty();
    }

    private @Nullable Object value(String name) {
        return fields.get(written(name));
    }

    /** The spelling in use: the first with a value, or else the first that is there at all. */
    private String written(String name) {
        List<String> names = spellings.getOrDefault(name, List.of(name));
        for (String spelling : names) {
            if (fields.get(spelling) != null) {
                return spelling;
            }
        }
        for (String spelling : names) {
            if (fields.has(spelling)) {
                return spelling;
            }
        }
        return names.get(0);
    }
}
