package dev.llmmem.formats;

/** How much heap what is read from a file may take; estimates are those of a 64-bit JVM and rather too high. */
final class HeapBudget {

    /** A number in a list: itself, and its place there and in a copy. */
    static final int NUMBER = 36;

    /** An entry of a linked hash map, with its share of the table and one place in a list. */
    static final int ENTRY = 64;

    /** A record of few components with a list. */
    static final int RECORD = 96;

    private static final int STRING = 40;

    private final String source;
    private final long most;
    private long taken;

    private HeapBudget(String source, long most) {
        this.source = source;
        this.most = most;
    }

    /** A budget in bytes; {@code source} names in messages what is read. */
    static HeapBudget of(String source, long most) {
        return new HeapBudget(source, most);
    }

    /** Takes a part. */
    void take(long bytes) {
        taken += bytes;
        if (taken > most) {
            throw new MalformedInputException(
                    source + ": there is too much content, permitted what takes [0, " + most + "] bytes of memory");
        }
    }

    /** Takes what a text takes. */
    void take(String text) {
        take(STRING + (isNarrow(text) ? 1L : 2L) * text.length());
    }

    /** Whether a character takes one byte; a loop, since a stream costs more than the text. */
    private static boolean isNarrow(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 256) {
                return false;
            }
        }
        return true;
    }
}
