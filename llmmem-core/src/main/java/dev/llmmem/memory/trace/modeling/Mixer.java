package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** A module that mixes tokens: some kind of attention. */
interface Mixer {
    /** Reads {@code x}, which the caller goes on holding, and makes a new tensor. */
    ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context);

    /** The same with dropout on the result, in the same variable. */
    default Mixer dropping(double probability) {
        if (probability == 0) {
            return this;
        }
        return (tape, x, pass, context) -> {
            ScoredAttention.Result mixed = apply(tape, x, pass, context);
            Tensor dropped = Functions.dropout(tape, mixed.output(), probability);
            return new ScoredAttention.Result(tape.rebind(mixed.output(), dropped), mixed.weights());
        };
    }
}
