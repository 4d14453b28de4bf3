package dev.llmmem.model.architecture;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as messages show them: short, on one line, with their type plain to see. */
final class Shown {

    private static final int LONGEST = 60;

    private Shown() {}

    static String of(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + clean(text) + "\"";
        }
        if (value instanceof List<?> list) {
            return "a list of " + list.size();
        }
        if (value instanceof Map<?, ?>) {
            return "an object";
        }
        return clean(String.valueOf(value));
    }

    private static String clean(String text) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || c > '~' ? '?' : c);
        }
        return end < text.length() ? shown.append("...").toString() : shown.toString();
    }
}
