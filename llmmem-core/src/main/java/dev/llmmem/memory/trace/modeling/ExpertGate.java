package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Clamp;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Activation;

/** From a vector of gate and up to the inner vector of an expert. */
interface ExpertGate {

    /** Reads {@code both}, which the caller goes on holding. */
    Tensor apply(Tape tape, Tensor both);

    /** f(gate) · up, one after the other (transformers, integrations/moe.py). */
    static ExpertGate halves(Activation activation) {
        return (tape, both) -> {
            long inner = both.columns() / 2;
            Tensor[] parts = Shapes.split(tape, both, inner, inner);
            Tensor gate = Functions.activate(tape, activation, parts[0]);
            Tensor result = Arithmetic.multiply(tape, gate.last(), parts[1]);
            tape.drop(parts[0]);
            tape.drop(parts[1]);
            return result;
        };
    }

    /** (up + 1) · gate · sigmoid(1.702 · gate), both clamped, element by element in turn (GptOssExperts). */
    ExpertGate INTERLEAVED = (tape, both) -> {
        long inner = both.columns() / 2;
        Tensor gate = Shapes.slice(tape, both, inner);
        Tensor up = Shapes.slice(tape, both, inner);
        gate = tape.rebind(gate, Clamp.apply(tape, gate, 1));
        up = tape.rebind(up, Clamp.apply(tape, up, 2));
        Tensor opened = Functions.sigmoid(tape, Arithmetic.scale(tape, gate).last());
        Tensor glu = Arithmetic.multiply(tape, gate, opened.last());
        Tensor result = Arithmetic.multiply(tape, Arithmetic.shift(tape, up).last(), glu);
        for (Tensor local : new Tensor[] {gate, up, glu}) {
            tape.drop(local);
        }
        return result;
    };
}
