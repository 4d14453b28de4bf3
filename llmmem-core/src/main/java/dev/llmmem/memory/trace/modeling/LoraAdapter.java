package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/**
 * The two small matrices of LoRA beside a layer (peft/tuners/lora/layer.py, Linear).
 *
 * @param down from the layer's inputs to the rank
 * @param up from the rank to the layer's outputs
 */
record LoraAdapter(Tensor down, Tensor up, double dropout) implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        Tensor base = layer.apply(tape, x);
        Tensor input = Casts.cast(tape, x, down.type());
        Tensor sum =
                tape.rebind(base, Arithmetic.add(tape, base, change(tape, input).last()));
        Tensor result = tape.rebind(sum, Casts.cast(tape, sum, base.type()));
        tape.drop(input);
        return result;
    }

    /** up(down(dropout(x))) times a number. */
    Tensor change(Tape tape, Tensor input) {
        Tensor inner = Functions.dropout(tape, input, dropout);
        inner = tape.rebind(inner, Products.linear(tape, inner, down, null, down.rows()));
        Tensor change = Products.linear(tape, inner.last(), up, null, up.rows());
        return Arithmetic.scale(tape, change.last());
    }
}
