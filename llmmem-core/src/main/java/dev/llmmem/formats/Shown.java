package dev.llmmem.formats;

/** Names from a file, as messages show them: short, and without what would disturb a terminal. */
final class Shown {

    private static final int LONGEST = 100;

    private Shown() {}

    static String name(String name) {
        String start = name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "...";
        StringBuilder shown = new StringBuilder("\"");
        start.codePoints().forEach(point -> shown.appendCodePoint(isPlain(point) ? point : '?'));
        return shown.append('"').toString();
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
