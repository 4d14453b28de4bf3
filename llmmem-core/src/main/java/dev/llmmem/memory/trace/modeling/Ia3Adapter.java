package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/**
 * A learned vector that scales a layer's result, or its input (peft/tuners/ia3/layer.py, Linear).
 *
 * @param vector one number for each output, or for each input
 * @param onInput whether the input is scaled
 */
record Ia3Adapter(Tensor vector, boolean onInput) implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        Tensor scale = Arithmetic.scale(tape, vector);
        Tensor result;
        if (onInput) {
            Tensor wide = Casts.cast(tape, x, vector.type());
            Tensor product = Arithmetic.multiply(tape, wide, scale);
            Tensor input = tape.rebind(product, Casts.cast(tape, product, x.type()));
            result = layer.apply(tape, input);
            tape.drop(input);
            tape.drop(wide);
        } else {
            Tensor base = layer.apply(tape, x);
            Tensor product = Arithmetic.multiply(tape, base, scale);
            result = tape.rebind(base, tape.rebind(product, Casts.cast(tape, product, base.type())));
        }
        tape.drop(scale);
        return result;
    }
}
