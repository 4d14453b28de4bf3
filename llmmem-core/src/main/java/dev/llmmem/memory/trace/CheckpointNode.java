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

    /** Whether the input lies on the host. */
    private final boolean offloaded;

    CheckpointNode(
            @Nullable Node maker,
            Tensor input,
            UnaryOperator<Tensor> block,
            @Nullable Tensor besides,
            boolean offloaded) {
        this.offloaded = offloaded;
        this.besides = besides;
        this.maker = maker;
        this.input = input;
        this.block = block;
    }

    @Override
    void backward(Tape tape, Tensor gradient) {
        Tensor zeros = besides == null ? null : tape.allocate(besides.rows, besides.columns, besides.type);
        Tensor start = offloaded ? tape.allocate(input.rows, input.columns, input.type) : tape.alias(input);
        Tensor result = tape.backwardThrough(start, block, gradient, zeros);
        tape.drop(start);
        if (zeros != null) {
            tape.drop(zeros);
        }
        if (result != null) {
            tape.send(maker, result);
        }
    }
}
