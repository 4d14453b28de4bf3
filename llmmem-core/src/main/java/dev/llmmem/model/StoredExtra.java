package dev.llmmem.model;

import java.util.Objects;

/**
 * Something that checkpoints of a model may hold besides its parameters, so that a published count differs: a tied head
 * written twice, a buffer, a layer that predicts a second token, scales of quantized weights.
 *
 * @param name what it is, for example {@code lm_head.weight}
 * @param elements how many there are, at least 1
 * @param cause why a file may hold it
 */
public record StoredExtra(String name, long elements, Cause cause) {

    /** Why a file holds more than the parameters, or less. */
    public enum Cause {
        /** The head is written although it is the embedding. */
        TIED_HEAD,
        /** A buffer, such as a causal mask, rotary frequencies or positions. */
        BUFFER,
        /** The correction that balances experts, a buffer that is trained apart from the loss. */
        ROUTER_CORRECTION,
        /** Layers that predict further tokens (multi-token prediction, arXiv 2404.19737). */
        TOKEN_PREDICTION,
        /** The copies of embedding and head that such layers bring. */
        TOKEN_PREDICTION_COPY,
        /** Scales, zeros and whatever else stands beside quantized weights. */
        QUANTIZATION,
        /** A module that the framework's class leaves out. */
        OTHER_MODULE
    }

    /**
     * Checks the number.
     *
     * @param name what it is
     * @param elements how many there are
     * @param cause why a file may hold it
     * @throws IllegalArgumentException if the number is below 1
     */
    public StoredExtra {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(cause, "cause");
        if (elements < 1) {
            throw new IllegalArgumentException(name + " has " + elements + " elements, but must have at least 1");
        }
    }
}
