package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import java.util.List;

/** Makes the queries, keys and values of all heads out of the stream. */
interface HeadProjections {

    /**
     * Queries, keys and values, {@code [batch, heads, sequence, size]}.
     *
     * @param locals variables on the way that live as long as the attention runs
     */
    record Heads(Tensor queries, Tensor keys, Tensor values, List<Tensor> locals) {

        Heads(Tensor queries, Tensor keys, Tensor values) {
            this(queries, keys, values, List.of());
        }
    }

    /** Whose gradients arrive head by head, so that they are copied where heads lie inside tokens. */
    record Copies(boolean queries, boolean keys, boolean values) {}

    /** Reads {@code x}, which the caller goes on holding. */
    Heads apply(Tape tape, Tensor x, Attention.Grouped attention, Copies copies);
}
