package dev.llmmem.formats.peft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reading of the fields of an {@code adapter_config.json}: typed, checked, and collecting what is wrong. A field that is null
 * reads as an absent one, as writers of null mean it; a wrong field is noted and read as its default, so that one reading finds
 * every fault.
 */
final class Settings {

    /** No width of a model exceeds this. */
    static final long WIDEST = 1 << 24;

    /** The most names in a list that is gone through for each module. */
    static final int MOST_ENDS = 1000;

    private static final int MOST_NAMES = 10_000;
    private static final int LONGEST = 60;

    private final Map<String, ? extends @Nullable Object> fields;
    private final Set<String> faults = new LinkedHashSet<>();

    Settings(Map<String, ? extends @Nullable Object> fields) {
        this.fields = fields;
    }

    /** What was wrong so far, one clause each. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    void refuse(String name, String permitted) {
        faults.add(name + " = " + shown(fields.get(name)) + ", permitted " + permitted);
    }

    /** Notes a fault where a field says more than null, false, 0 or nothing. */
    void refuseIfSet(String name, String why) {
        if (isSet(name)) {
            refuse(name, "null: " + why);
        }
    }

    /** Whether a field says more than null, false, 0 or nothing. */
    boolean isSet(String name) {
        Object value = fields.get(name);
        boolean empty = value == null
                || value.equals(false)
                || value.equals(0L)
                || value.equals(0.0)
                || (value instanceof List<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
        return !empty;
    }

    /** The same fields, with nothing noted. */
    Settings again() {
        return new Settings(fields);
    }

    @Nullable
    Object value(String name) {
        return fields.get(name);
    }

    Set<String> names() {
        return fields.keySet();
    }

    boolean states(String name) {
        return fields.get(name) != null;
    }

    boolean isText(String name) {
        return fields.get(name) instanceof String;
    }

    boolean isFalse(String name) {
        return Boolean.FALSE.equals(fields.get(name));
    }

    boolean isObject(String name) {
        return fields.get(name) instanceof Map;
    }

    boolean isReal(String name) {
        return fields.get(name) instanceof Double;
    }

    boolean flag(String name, boolean absent) {
        Object value = fields.get(name);
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value != null) {
            refuse(name, "true or false");
        }
        return absent;
    }

    long number(String name, long absent, long least, long most, String unit) {
        return states(name) ? optional(name, least, most, unit).orElse(absent) : absent;
    }

    /** The rank of an adapter. */
    long rank(String name, long absent) {
        return number(name, absent, 1, WIDEST, "elements");
    }

    /** Checks a rank that changes no shape. */
    void requireRank(String name) {
        long unused = rank(name, 1);
    }

    OptionalLong optional(String name, long least, long most, String unit) {
        Object value = fields.get(name);
        if (value instanceof Long number && number >= least && number <= most) {
            return OptionalLong.of(number);
        }
        if (value != null) {
            refuse(name, whole(least, most, unit));
        }
        return OptionalLong.empty();
    }

    /** A number that must be there. */
    long required(String name, long least, long most, String unit) {
        if (!states(name)) {
            refuse(name, whole(least, most, unit));
        }
        return number(name, least, least, most, unit);
    }

    double real(String name, double absent, double least, double most) {
        Object value = fields.get(name);
        double real = value instanceof Number number ? number.doubleValue() : Double.NaN;
        if (real >= least && real <= most) {
            return real;
        }
        if (value != null) {
            refuse(name, String.format(Locale.ROOT, "a number in [%s, %s]", least, most));
        }
        return absent;
    }

    Optional<String> text(String name) {
        Object value = fields.get(name);
        if (value instanceof String text) {
            return Optional.of(text);
        }
        if (value != null) {
            refuse(name, "a text");
        }
        return Optional.empty();
    }

    /** One of a few texts. */
    String choice(String name, String absent, List<String> permitted) {
        String value = text(name).orElse(absent);
        if (!permitted.contains(value)) {
            refuse(name, "one of " + String.join(", ", permitted));
            return absent;
        }
        return value;
    }

    /** Checks one of a few texts, where no other has a meaning that is known. */
    void requireChoice(String name, String absent, List<String> permitted) {
        String unused = choice(name, absent, permitted);
    }

    /** A list of texts. */
    Optional<List<String>> texts(String name) {
        return texts(name, MOST_NAMES);
    }

    /** A list of at most so many texts. */
    Optional<List<String>> texts(String name, int most) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list && list.size() <= most) {
            list.forEach(each -> {
                if (each instanceof String text) {
                    texts.add(text);
                }
            });
            if (texts.size() == list.size()) {
                return Optional.of(List.copyOf(texts));
            }
        }
        refuse(name, "a list of [0, " + most + "] texts");
        return Optional.empty();
    }

    /** Whole numbers: a list of them or a single one. */
    Optional<List<Long>> numbers(String name, long least, long most, String unit) {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        List<?> list = value instanceof List<?> several ? several : List.of(value);
        List<Long> numbers = new ArrayList<>();
        for (Object each : list) {
            if (each instanceof Long number && number >= least && number <= most) {
                numbers.add(number);
            }
        }
        if (numbers.size() < list.size()) {
            refuse(name, "a list of numbers, each " + whole(least, most, unit));
            return Optional.empty();
        }
        return Optional.of(List.copyOf(numbers));
    }

    /** Whole numbers by the pattern of the modules that they are for, in the order of the text. */
    Map<String, Long> byPattern(String name, long least, long most, String unit) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        Object value = fields.get(name);
        if (value instanceof Map<?, ?> map && map.size() <= MOST_NAMES) {
            map.forEach((key, each) -> {
                if (each instanceof Long number && number >= least && number <= most) {
                    numbers.put(String.valueOf(key), number);
                }
            });
            if (numbers.size() == map.size()) {
                return numbers;
            }
        }
        if (value != null) {
            refuse(name, "an object of [0, " + MOST_NAMES + "] numbers, each " + whole(least, most, unit));
        }
        return Map.of();
    }

    /** The fields of an object within. */
    Optional<Settings> nested(String name) {
        Object value = fields.get(name);
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> inner = new LinkedHashMap<>();
            map.forEach((key, each) -> inner.put(String.valueOf(key), each));
            return Optional.of(new Settings(inner));
        }
        if (value != null) {
            refuse(name, "an object");
        }
        return Optional.empty();
    }

    void takeFaults(String prefix, Settings inner) {
        inner.faults.forEach(fault -> faults.add(prefix + "." + fault));
    }

    private static String whole(long least, long most, String unit) {
        return String.format(Locale.ROOT, "a whole number in [%d, %d] %s", least, most, unit);
    }

    static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + clean(text) + "\"";
        }
        if (value instanceof List<?> list) {
            return "a list of " + list.size();
        }
        return value instanceof Map<?, ?> ? "an object" : clean(String.valueOf(value));
    }

    static String clean(String text) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || c > '~' ? '?' : c);
        }
        return end < text.length() ? shown.append("...").toString() : shown.toString();
    }
}
