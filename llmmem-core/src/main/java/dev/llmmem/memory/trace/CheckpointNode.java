package dev.llmmem.memory.trace;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A block under reentrant checkpointing: its backward pass runs the block again with recording and then that record's
 * own backward pass (torch/utils/checkpoint.py, CheckpointFunction).
 */
final class CheckpointNode extends Node {

    private final @Nullable Node maker;
    private final Tensor input;
    private final UnaryOperator<Tensor> block;

    CheckpointNode(@Nullable Node maker, Tensor input, UnaryOperator<Tensor> block) {
        this.maker = maker;
        this.input = input;
        this.block = block;
    }

    @Override
    void backward(Tape tape, Tensor gradient) {
        Tensor result = tape.backwardThrough(input, block, gradient);
        if (result != null) {
            tape.send(maker, result);
        }
    }
}
