package dev.llmmem.units.text;

/** Text of unknown origin in messages: on one line, and not longer than a message bears. */
public final class Quoted {

    private static final int LONGEST = 60;

    private Quoted() {}

    /**
     * The text in quotes.
     *
     * @param text the text
     * @return its start in quotes
     */
    public static String text(String text) {
        return '"' + start(text) + '"';
    }

    /**
     * The start of the text.
     *
     * @param text the text
     * @return at most 60 characters of it, without control characters
     */
    public static String start(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars().limit(LONGEST).forEach(c -> shown.append(Character.isISOControl(c) ? ' ' : (char) c));
        return shown + (text.length() > LONGEST ? "..." : "");
    }
}
