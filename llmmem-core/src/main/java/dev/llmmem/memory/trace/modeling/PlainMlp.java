package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Activation;

/**
 * down(f(up(x))), with dropout on the result (transformers, GPT2MLP, Starcoder2MLP). The names are rebound, so each
 * vector dies when the next is there.
 */
record PlainMlp(Projection up, Projection down, Activation activation, double dropout) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor hidden = up.apply(tape, x);
        hidden = tape.rebind(hidden, Functions.activate(tape, activation, hidden));
        hidden = tape.rebind(hidden, down.apply(tape, hidden));
        return tape.rebind(hidden, Functions.dropout(tape, hidden, dropout));
    }
}
