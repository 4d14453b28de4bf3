package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Activation;

/** down(up · f(gate)), where gate and up are halves of one projection (transformers, Phi3MLP, Glm4MLP). */
record FusedGatedMlp(Projection gateAndUp, Projection down, Activation activation) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor both = gateAndUp.apply(tape, x);
        long width = both.columns() / 2;
        Tensor[] halves = Shapes.split(tape, both.last(), width, width);
        Tensor gate = halves[0];
        Tensor up = halves[1];
        up = tape.rebind(
                up,
                Arithmetic.multiply(
                        tape, up, Functions.activate(tape, activation, gate).last()));
        Tensor result = down.apply(tape, up.last());
        tape.drop(gate);
        return result;
    }
}
