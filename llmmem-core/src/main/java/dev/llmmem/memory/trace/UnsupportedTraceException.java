package dev.llmmem.memory.trace;

/** The engine was asked for something that it does not model. */
public final class UnsupportedTraceException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnsupportedTraceException(String what) {
        super(what + " is not modelled");
    }
}
