package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Int8Product;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/** A linear layer in 8 bits (bitsandbytes, Linear8bitLt); its bias takes the format of the input for good. */
record Int8Layer(@Nullable Tensor bias, long inputs, long outputs) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        if (bias != null && bias.type() != x.type()) {
            throw new IllegalArgumentException("quantization is INT8, but must be another where a layer's bias is in "
                    + bias.type() + " and its input in " + x.type()
                    + ", as under autocast: that bitsandbytes changes the bias is not modelled");
        }
        return Int8Product.apply(tape, x, inputs, outputs);
    }
}
