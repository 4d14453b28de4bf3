package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/** Layer normalization in one kernel ({@code torch.nn.LayerNorm}). */
record LayerNorm(@Nullable Tensor weight, @Nullable Tensor bias) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        return Functions.layerNorm(tape, x, weight, bias);
    }
}
