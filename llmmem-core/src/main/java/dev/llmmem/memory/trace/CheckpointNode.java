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

    /** What the block returns besides its stream: its gradient is made of zeros, since nothing reads it. */
    private final @Nullable Tensor besides;

    CheckpointNode(@Nullable Node maker, Tensor input, UnaryOperator<Tensor> block, @Nullable Tensor besides) {
        this.besides = besides;
        this.maker = maker;
        this.input = input;
        this.block = block;
    }

    @Override
    void backward(Tape tape, Tensor gradient) {
        Tensor zeros = besides == null ? null : tape.allocate(besides.rows, besides.columns, besides.type);
        Tensor result = tape.backwardThrough(input, block, gradient, zeros);
        if (zeros != null) {
            tape.drop(zeros);
        }
        if (result != null) {
            tape.send(maker, result);
        }
    }
}
