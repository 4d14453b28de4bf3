package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** A module that maps each token by itself: a projection, a norm, a feed-forward network. */
interface Transform {
    /** Reads {@code x}, which the caller goes on holding, and makes a new tensor. */
    Tensor apply(Tape tape, Tensor x);
}
