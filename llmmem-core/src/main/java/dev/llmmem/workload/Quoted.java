package dev.llmmem.workload;

/** Text of unknown origin in messages: on one line, and not longer than a message bears. */
final class Quoted {

    private static final int LONGEST = 60;

    private Quoted() {}

    /** The text in quotes. */
    static String text(String text) {
        return '"' + start(text) + '"';
    }

    /** The start of the text. */
    static String start(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars().limit(LONGEST).forEach(c -> shown.append(Character.isISOControl(c) ? ' ' : (char) c));
        return shown + (text.length() > LONGEST ? "..." : "");
    }
}
