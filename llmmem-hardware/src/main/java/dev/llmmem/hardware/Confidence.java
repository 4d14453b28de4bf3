package dev.llmmem.hardware;

/**
 * How well the figures of a catalog entry were checked when it was collected.
 */
public enum Confidence {
    /** The values were read in a source that was opened for this catalog. */
    CHECKED("checked"),

    /** Memory or bandwidth agree with a second source; other values are recalled from the vendor's documents. */
    PARTLY_CHECKED("partly checked"),

    /** The values are recalled from the vendor's documents, which were not opened again. */
    RECALLED("recalled");

    private final String text;

    Confidence(String text) {
        this.text = text;
    }

    /**
     * The confidence in words, such as {@code partly checked}.
     *
     * @return the words
     */
    @Override
    public String toString() {
        return text;
    }
}
