package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model's variables for what layers return besides the stream: attention weights, which live until the next layer
 * returns its own (transformers: {@code outputs = block(...)} in BloomModel, FalconModel, GPTJModel, CodeGenModel), or each
 * layer's keys and values, which the model returns in turn ({@code presents} in GPTBigCodeModel).
 */
final class BlockOutputs {

    private @Nullable Tensor weights;
    private final List<Tensor> presents = new ArrayList<>();

    /** A layer returns. In a second run of a checkpointed layer the tape takes the weights. */
    void put(Tape tape, @Nullable Tensor next) {
        if (next == null || tape.returnsBesides(next)) {
            return;
        }
        drop(tape);
        weights = next;
    }

    /** A layer returns its keys and values; the variable is handed over. In a second run the tape takes them. */
    void present(Tape tape, Tensor keyValues) {
        if (!tape.returnsBesides(keyValues)) {
            tape.rename(keyValues, MemoryKind.KEY_VALUE_CACHE);
            presents.add(keyValues);
        }
    }

    /** The keys and values of all layers, which the caller goes on holding. */
    List<Tensor> takePresents() {
        List<Tensor> all = List.copyOf(presents);
        presents.clear();
        return all;
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
