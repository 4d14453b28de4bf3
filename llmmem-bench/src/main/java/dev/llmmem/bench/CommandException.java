package dev.llmmem.bench;

/** A command cannot do what it was asked for, and the person who asked can mend it. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean wrongUsage;

    private CommandException(String message, boolean wrongUsage) {
        super(message);
        this.wrongUsage = wrongUsage;
    }

    /** The arguments make no sense. */
    static CommandException usage(String message) {
        return new CommandException(message, true);
    }

    /** A file cannot be read, or holds what it should not. */
    static CommandException input(String message) {
        return new CommandException(message, false);
    }

    /**
     * Whether the arguments are at fault, and not a file.
     *
     * @return true where the usage helps
     */
    boolean wrongUsage() {
        return wrongUsage;
    }
}
