package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer whose weight is packed in 4 bits (bitsandbytes, Linear4bit and MatMul4Bit): each pass unpacks the weight
 * into the compute format, and the input is not kept.
 */
record PackedLayer(@Nullable Tensor bias, long inputs, long outputs, DType compute) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor input = Casts.cast(tape, x, compute);
        Tensor result = Products.packed(tape, input, inputs, outputs);
        if (bias != null) {
            Tensor shift = Casts.cast(tape, bias, compute);
            result = tape.rebind(result, Arithmetic.add(tape, result, shift.last()));
        }
        result = tape.rebind(result, Casts.cast(tape, result, x.type()));
        tape.drop(input);
        return result;
    }
}
