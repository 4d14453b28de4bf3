package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * The model's variable for what a layer returns besides the stream: attention weights, which live until the next layer
 * returns its own (transformers: {@code outputs = block(...)} in BloomModel, FalconModel, GPTJModel, CodeGenModel).
 */
final class BlockOutputs {

    private @Nullable Tensor weights;

    /** A layer returns. In a second run of a checkpointed layer the tape takes the weights. */
    void put(Tape tape, @Nullable Tensor next) {
        if (next == null || tape.returnsBesides(next)) {
            return;
        }
        drop(tape);
        weights = next;
    }

    /** The format of the latest layer's weights where the next layer's free them, since no graph holds them; or null. */
    @Nullable
    DType freedByNext(Tape tape) {
        return weights != null && tape.isHeldOnce(weights) ? weights.type() : null;
    }

    /** After a fold: the weights were handed from layer to layer. */
    void handOn(Tape tape) {
        if (weights != null) {
            tape.handOn(weights);
        }
    }

    void drop(Tape tape) {
        if (weights != null) {
            tape.drop(weights);
            weights = null;
        }
    }
}
