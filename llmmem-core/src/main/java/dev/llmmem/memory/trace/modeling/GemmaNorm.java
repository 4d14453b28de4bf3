package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/** Root-mean-square normalization in fp32 throughout, by one plus a weight (transformers, GemmaRMSNorm). */
record GemmaNorm(Tensor weight) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor wide = Casts.cast(tape, x, DType.FP32);
        Tensor variance = Arithmetic.mean(tape, Arithmetic.square(tape, wide).last());
        Tensor scale = Arithmetic.reciprocalRoot(
                tape, Arithmetic.shift(tape, variance.last()).last());
        Tensor output = tape.rebind(wide, Arithmetic.multiply(tape, wide, scale.last()));
        Tensor factor =
                Arithmetic.shift(tape, Casts.cast(tape, weight, DType.FP32).last());
        output = tape.rebind(output, Arithmetic.multiply(tape, output, factor.last()));
        return tape.rebind(output, Casts.cast(tape, output, x.type()));
    }
}
