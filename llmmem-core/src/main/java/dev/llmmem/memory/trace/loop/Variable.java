package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/** A Python variable of a loop: it holds its value until the next one replaces it. */
final class Variable {
    private final Tape tape;
    private @Nullable Tensor value;

    Variable(Tape tape) {
        this.tape = tape;
    }

    void set(Tensor next) {
        clear();
        value = next;
    }

    void clear() {
        if (value != null) {
            tape.drop(value);
            value = null;
        }
    }
}
