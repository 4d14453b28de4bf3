package dev.llmmem.formats.comparison;

import dev.llmmem.model.StoredExtra;

/** Why a checkpoint holds a tensor that is no parameter of the model. New causes may come in minor versions. */
public enum Explanation {
    /** The head is stored although it is the embedding. */
    TIED_HEAD("the tied head"),
    /** A buffer: a causal mask, rotary frequencies, positions. */
    BUFFER("a buffer"),
    /** The correction that balances experts. */
    ROUTER_CORRECTION("a correction of routers"),
    /** Layers that predict further tokens. */
    TOKEN_PREDICTION("layers that predict further tokens"),
    /** Embedding and head of such layers. */
    TOKEN_PREDICTION_COPY("embedding and head of layers that predict further tokens"),
    /** Scales of activations or of the key-value cache, and what else stands beside quantized weights. */
    QUANTIZATION("beside quantized weights"),
    /** A module that the framework's class leaves out. */
    OTHER_MODULE("a module that the model's class leaves out");

    private final String text;

    Explanation(String text) {
        this.text = text;
    }

    /**
     * The cause in words.
     *
     * @return for example {@code the tied head}
     */
    public String text() {
        return text;
    }

    static Explanation of(StoredExtra.Cause cause) {
        return switch (cause) {
            case TIED_HEAD -> TIED_HEAD;
            case BUFFER -> BUFFER;
            case ROUTER_CORRECTION -> ROUTER_CORRECTION;
            case TOKEN_PREDICTION -> TOKEN_PREDICTION;
            case TOKEN_PREDICTION_COPY -> TOKEN_PREDICTION_COPY;
            case QUANTIZATION -> QUANTIZATION;
            default -> OTHER_MODULE;
        };
    }
}
