package dev.llmmem.bench;

/** Messages of exceptions on one line. */
final class OneLine {

    private OneLine() {}

    /** The message, its lines separated by semicolons. */
    static String of(RuntimeException exception) {
        return String.valueOf(exception.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
