package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/**
 * IA³ over a quantized layer: nothing is cast back, and in 4 bits the result is copied (peft/tuners/ia3/bnb.py).
 *
 * @param ia3 the vector
 * @param copies whether the result is copied
 */
record PackedIa3Adapter(Ia3Adapter ia3, boolean copies) implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        Tensor scale = Arithmetic.scale(tape, ia3.vector());
        Tensor result;
        if (ia3.onInput()) {
            Tensor input = Arithmetic.multiply(tape, x, scale);
            result = layer.apply(tape, input);
            tape.drop(input);
        } else {
            Tensor base = layer.apply(tape, x);
            result = tape.rebind(base, Arithmetic.multiply(tape, base, scale));
        }
        if (copies) {
            result = tape.rebind(result, Shapes.copy(tape, result));
        }
        tape.drop(scale);
        return result;
    }
}
