package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** Chooses experts for each token. */
interface Router {

    /**
     * What a router returns; the caller's variables hold all three.
     *
     * @param logits the score of each expert
     * @param weights how much each chosen expert counts
     * @param indices which experts are chosen
     */
    record Routed(Tensor logits, Tensor weights, Tensor indices) {
        void drop(Tape tape) {
            tape.drop(logits);
            tape.drop(weights);
            tape.drop(indices);
        }
    }

    /** Reads {@code x}, which the caller goes on holding. */
    Routed route(Tape tape, Tensor x);
}
