package dev.llmmem.memory.trace;

import org.jspecify.annotations.Nullable;

/** What a mask, saved by whoever records this, lets through: the gradient is masked into a tensor of its own. */
final class Masking extends Node {

    private final @Nullable Node maker;

    Masking(@Nullable Node maker) {
        this.maker = maker;
    }

    @Override
    void backward(Tape tape, Tensor gradient) {
        tape.send(maker, tape.allocate(gradient.rows, gradient.columns, gradient.type));
    }
}
