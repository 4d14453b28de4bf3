package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** LoRA beside an 8-bit layer: without autocast the adapter's input and result are cast (peft/tuners/lora/bnb.py). */
record Int8LoraAdapter(LoraAdapter lora) implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        Tensor base = layer.apply(tape, x);
        boolean converts = tape.autocastType() == null;
        Tensor input = converts ? Casts.cast(tape, x, lora.down().type()) : tape.alias(x);
        Tensor change = lora.change(tape, input);
        if (converts) {
            change = tape.rebind(change, Casts.cast(tape, change, base.type()));
        }
        Tensor result = tape.rebind(base, Arithmetic.add(tape, base, change));
        tape.drop(change);
        tape.drop(input);
        return result;
    }
}
