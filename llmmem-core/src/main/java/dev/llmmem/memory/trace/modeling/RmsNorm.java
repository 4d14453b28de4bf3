package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/** Root-mean-square normalization in fp32, step by step (transformers, LlamaRMSNorm). */
final class RmsNorm implements Transform {

    private final Tensor weight;
    private final boolean scaledWide;

    RmsNorm(Tensor weight) {
        this(weight, false);
    }

    /**
     * A norm.
     *
     * @param scaledWide whether the scale is applied before the result leaves fp32 (GptOssRMSNorm)
     */
    RmsNorm(Tensor weight, boolean scaledWide) {
        this.weight = weight;
        this.scaledWide = scaledWide;
    }

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor wide = Casts.cast(tape, x, DType.FP32);
        Tensor variance = Arithmetic.mean(tape, Arithmetic.square(tape, wide).last());
        Tensor scale = Arithmetic.reciprocalRoot(tape, Arithmetic.shift(tape, variance).last());
        wide = tape.rebind(wide, Arithmetic.multiply(tape, wide, scale.last()));
        Tensor result = scaledWide
                ? Casts.cast(tape, Arithmetic.multiply(tape, weight, wide).last(), x.type())
                : Arithmetic.multiply(
                        tape, weight, Casts.cast(tape, wide, x.type()).last());
        tape.drop(wide);
        tape.drop(variance);
        return result;
    }
}
