package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The variables of a Python function that live until it returns. */
final class Locals {

    private final Tape tape;
    private final List<Tensor> held = new ArrayList<>();

    Locals(Tape tape) {
        this.tape = tape;
    }

    /** A variable that lives until the end. */
    Tensor hold(Tensor tensor) {
        held.add(tensor);
        return tape.share(tensor);
    }

    /** The function returns. */
    void drop() {
        for (Tensor tensor : held) {
            tape.drop(tensor);
        }
        held.clear();
    }
}
