package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** One decoder layer on the tape: reads the residual stream and makes the next one. */
interface Block {
    Tensor apply(Tape tape, Tensor input, Pass pass, Context context);
}
