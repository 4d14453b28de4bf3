package dev.llmmem.memory;

/** What a number of bytes is for. New kinds may come in minor versions. */
public enum MemoryKind {
    /** Parameters that are trained. */
    WEIGHTS("weights"),
    /** Parameters that are not trained. */
    FROZEN_WEIGHTS("frozen weights"),
    /** Tensors of the model that are no parameters, such as rotary frequencies. */
    BUFFERS("buffers"),
    /** Token ids. */
    INPUTS("inputs"),
    /** What the optimizer remembers between steps. */
    OPTIMIZER_STATES("optimizer states"),
    /** Accumulated gradients of the parameters. */
    GRADIENTS("gradients"),
    /** Keys and values of earlier tokens. */
    KEY_VALUE_CACHE("key-value cache"),
    /** Tensors of the forward pass: kept for the backward pass, or in flight. */
    ACTIVATIONS("activations"),
    /** Tensors of the backward pass: gradients in flight and temporaries. */
    BACKWARD_TEMPORARIES("backward temporaries"),
    /** Temporaries of the optimizer's update. */
    STEP_TEMPORARIES("step temporaries");

    private final String label;

    MemoryKind(String label) {
        this.label = label;
    }

    /**
     * The kind in words.
     *
     * @return for example {@code optimizer states}
     */
    public String label() {
        return label;
    }
}
