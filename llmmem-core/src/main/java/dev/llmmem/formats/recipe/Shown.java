package dev.llmmem.formats.recipe;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values from a file, as notes and messages show them: short, and without what would disturb a terminal. */
final class Shown {

    private static final int LONGEST = 100;
    private static final int MOST_SHOWN = 12;

    private Shown() {}

    /** As {@link #text}, but nothing for null. */
    static String value(@Nullable Object value) {
        return value == null ? "" : text(value);
    }

    static String text(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return "{" + map.size() + (map.size() == 1 ? " key}" : " keys}");
        }
        if (value instanceof List<?> list
                && (list.size() > MOST_SHOWN || list.stream().anyMatch(Shown::nested))) {
            return "[" + list.size() + (list.size() == 1 ? " value]" : " values]");
        }
        String all = String.valueOf(value);
        String start = all.length() <= LONGEST ? all : all.substring(0, LONGEST) + "...";
        return start.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}\\u2028\\u2029]", "?");
    }

    private static boolean nested(@Nullable Object value) {
        return value instanceof Map<?, ?> || value instanceof List<?>;
    }
}
