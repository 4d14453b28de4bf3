package dev.llmmem.memory.trace;

import org.jspecify.annotations.Nullable;

/**
 * An input from before all layers, such as a learned prefix: its maker was recorded first, so its gradients are held until
 * the backward pass has run through all layers.
 */
public final class Collected extends Node {

    /** The gradient that is held, if one has arrived. */
    public @Nullable Tensor take() {
        Tensor held = gradient;
        gradient = null;
        return held;
    }

    @Override
    void backward(Tape tape, Tensor arrived) {
        throw new IllegalStateException("a collected input is not on record");
    }
}
