package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a layer is given besides the residual stream.
 *
 * @param mask the attention mask, or null where none is made
 * @param rotary the rotary tables, or null where positions are not rotated
 * @param positions the position ids, or null where layers are not given them
 * @param bias what is added to the scores for their distance (ALiBi), or null
 */
record Context(
        @Nullable Tensor mask,
        @Nullable Rotary rotary,
        @Nullable Tensor positions,
        @Nullable Tensor bias) {

    /** All tensors of it. */
    List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>(4);
        if (mask != null) {
            all.add(mask);
        }
        if (rotary != null) {
            all.add(rotary.cosine());
            all.add(rotary.sine());
        }
        if (positions != null) {
            all.add(positions);
        }
        if (bias != null) {
            all.add(bias);
        }
        return all;
    }
}
