package dev.llmmem.memory.trace.modeling;

import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import org.jspecify.annotations.Nullable;

/**
 * What one call of the model is given.
 *
 * @param batch rows
 * @param length tokens of each row that this call reads
 * @param past tokens of each row that the key-value cache holds already
 * @param cache the key-value cache to extend, or null
 * @param attention which implementation computes attention
 * @param packed whether rows hold several documents, so that a mask is made
 * @param stream the format of the residual stream at its start
 * @param weights the format that the model was made in
 * @param training whether dropout is on
 */
public record Pass(
        long batch,
        long length,
        long past,
        @Nullable KeyValueCache cache,
        AttentionKernel attention,
        boolean packed,
        DType stream,
        DType weights,
        boolean training) {

    /** The same with one document in each row. */
    Pass withoutDocuments() {
        return packed ? new Pass(batch, length, past, cache, attention, false, stream, weights, training) : this;
    }

    /** The same with attention step by step. */
    Pass eager() {
        return new Pass(batch, length, past, cache, AttentionKernel.EAGER, packed, stream, weights, training);
    }

    /** Tokens of each row that the last one of this call sees, with those that the key-value cache holds. */
    long seen() {
        return length + (cache == null ? past : cache.past());
    }

    public long tokens() {
        return Math.multiplyExact(batch, length);
    }
}
