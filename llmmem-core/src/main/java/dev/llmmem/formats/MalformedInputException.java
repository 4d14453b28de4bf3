package dev.llmmem.formats;

/**
 * The content of a file is not what it should be.
 *
 * <p>The message gives name, value, permitted range and unit of everything that is wrong, or the line and column where
 * the text stops making sense. A file that cannot be read at all is an {@link java.io.UncheckedIOException} instead.
 */
public final class MalformedInputException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /**
     * Says what is wrong.
     *
     * @param message name, value, permitted range and unit
     */
    public MalformedInputException(String message) {
        super(message);
    }
}
