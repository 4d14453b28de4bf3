package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Activation;

/** down(f(gate(x)) · up(x)) (transformers, LlamaMLP). */
final class GatedMlp implements Transform {

    private final Projection gate;
    private final Projection up;
    private final Projection down;
    private final Activation activation;

    GatedMlp(Projection gate, Projection up, Projection down, Activation activation) {
        this.gate = gate;
        this.up = up;
        this.down = down;
        this.activation = activation;
    }

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor gated = Functions.activate(tape, activation, gate.apply(tape, x).last());
        Tensor inner = Arithmetic.multiply(tape, gated.last(), up.apply(tape, x).last());
        return down.apply(tape, inner.last());
    }
}
