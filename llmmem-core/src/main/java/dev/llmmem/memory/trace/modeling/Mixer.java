package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** A module that mixes tokens: some kind of attention. */
interface Mixer {
    /** Reads {@code x}, which the caller goes on holding, and makes a new tensor. */
    ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context);
}
