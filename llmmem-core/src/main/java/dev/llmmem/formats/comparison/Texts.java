package dev.llmmem.formats.comparison;

import java.util.List;
import java.util.Locale;

/** Names and shapes from files, as reports show them: short, and without what would disturb a terminal. */
final class Texts {

    private static final int LONGEST = 200;
    private static final int MOST_DIMENSIONS = 8;

    private Texts() {}

    static String start(String name) {
        String start = name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "...";
        StringBuilder shown = new StringBuilder();
        start.codePoints().forEach(point -> shown.appendCodePoint(isPlain(point) ? point : '?'));
        return shown.toString();
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE -> false;
            default -> true;
        };
    }

    /** With {i} for the first part that is a number, and {e} for others. */
    static String folded(String name) {
        StringBuilder folded = new StringBuilder();
        String number = "{i}";
        int begin = 0;
        while (begin >= 0 && folded.length() <= LONGEST) {
            int dot = name.indexOf('.', begin);
            String part = dot < 0 ? name.substring(begin) : name.substring(begin, dot);
            if (begin > 0) {
                folded.append('.');
            }
            if (isNumber(part)) {
                folded.append(number);
                number = "{e}";
            } else {
                folded.append(part);
            }
            begin = dot < 0 ? -1 : dot + 1;
        }
        return start(folded.toString());
    }

    static boolean isNumber(String part) {
        return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static String several(Difference difference) {
        return difference.tensors() == 1
                ? difference.example()
                : String.format(Locale.ROOT, "%,d x %s", difference.tensors(), difference.name());
    }

    static String shape(List<Long> shape) {
        return shape.size() <= MOST_DIMENSIONS
                ? shape.toString()
                : shape.subList(0, MOST_DIMENSIONS) + " and " + (shape.size() - MOST_DIMENSIONS) + " more";
    }
}
