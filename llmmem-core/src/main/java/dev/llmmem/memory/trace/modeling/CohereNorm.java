package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/** Layer normalization in fp32, step by step and without a shift (transformers, CohereLayerNorm). */
record CohereNorm(Tensor weight) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor wide = Casts.cast(tape, x, DType.FP32);
        Tensor mean = Arithmetic.mean(tape, wide);
        Tensor distance = Arithmetic.subtract(tape, wide, mean);
        Tensor variance =
                Arithmetic.mean(tape, Arithmetic.square(tape, distance.last()).last());
        Tensor centered = Arithmetic.subtract(tape, wide, mean);
        Tensor scale =
                Arithmetic.reciprocalRoot(tape, Arithmetic.shift(tape, variance).last());
        wide = tape.rebind(wide, Arithmetic.multiply(tape, centered.last(), scale.last()));
        wide = tape.rebind(
                wide,
                Arithmetic.multiply(tape, Casts.cast(tape, weight, DType.FP32).last(), wide));
        Tensor result = tape.rebind(wide, Casts.cast(tape, wide, x.type()));
        tape.drop(mean);
        tape.drop(variance);
        return result;
    }
}
