package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;

/** Makes the queries, keys and values of all heads out of the stream. */
interface HeadProjections {

    /** Queries, keys and values, {@code [batch, heads, sequence, size]}. */
    record Heads(Tensor queries, Tensor keys, Tensor values) {}

    /**
     * Reads {@code x}, which the caller goes on holding.
     *
     * @param valuesCopied whether the gradient of the values arrives head by head
     */
    Heads apply(Tape tape, Tensor x, Attention.Grouped attention, boolean valuesCopied);
}
