package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/**
 * LoRA beside a packed layer: the layer's result is copied before it is changed, and without autocast the adapter's input and
 * result are cast (peft/tuners/lora/bnb.py, Linear4bit).
 */
record PackedLoraAdapter(LoraAdapter lora) implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        Tensor base = layer.apply(tape, x);
        Tensor result = tape.rebind(base, Shapes.copy(tape, base));
        boolean converts = tape.autocastType() == null;
        Tensor y = converts ? Casts.cast(tape, x, lora.down().type()) : tape.alias(x);
        y = tape.rebind(y, lora.change(tape, y));
        Tensor change = converts ? Casts.cast(tape, y, result.type()) : tape.alias(y);
        result = tape.rebind(result, Arithmetic.add(tape, result, change.last()));
        tape.drop(y);
        return result;
    }
}
