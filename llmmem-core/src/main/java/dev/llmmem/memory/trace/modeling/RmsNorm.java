package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/**
 * Root-mean-square normalization in fp32, step by step (transformers, LlamaRMSNorm).
 *
 * @param late whether the weight is multiplied in fp32 too, before the result is cast back (Olmo2RMSNorm)
 */
record RmsNorm(Tensor weight, boolean late) implements Transform {

    RmsNorm(Tensor weight) {
        this(weight, false);
    }

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor wide = Casts.cast(tape, x, DType.FP32);
        Tensor variance = Arithmetic.mean(tape, Arithmetic.square(tape, wide).last());
        Tensor scale =
                Arithmetic.reciprocalRoot(tape, Arithmetic.shift(tape, variance).last());
        wide = tape.rebind(wide, Arithmetic.multiply(tape, wide, scale.last()));
        Tensor result = late
                ? Casts.cast(tape, Arithmetic.multiply(tape, weight, wide).last(), x.type())
                : Arithmetic.multiply(
                        tape, weight, Casts.cast(tape, wide, x.type()).last());
        tape.drop(wide);
        tape.drop(variance);
        return result;
    }
}
