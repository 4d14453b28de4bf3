package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** A module and the dropout on its result. */
record Dropping(Transform module, double probability) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor result = module.apply(tape, x);
        return tape.rebind(result, Functions.dropout(tape, result, probability));
    }
}
