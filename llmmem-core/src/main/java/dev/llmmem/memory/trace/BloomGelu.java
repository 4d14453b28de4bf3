package dev.llmmem.memory.trace;

import org.jspecify.annotations.Nullable;

/**
 * The tanh approximation of GELU as one function of autograd, whose two passes are written step by step (transformers,
 * GeLUFunction of bloom): it saves its input alone.
 */
public final class BloomGelu {

    private BloomGelu() {}

    /** x · 0.5 · (1 + tanh(0.79788456 · x · (1 + 0.044715 · x · x))). */
    public static Tensor apply(Tape tape, Tensor x) {
        Forward node = tape.flows(x) ? tape.record(new Forward(tape.edge(x), x)) : null;
        if (node != null) {
            tape.save(node, x.storage);
        }
        Tensor half = like(tape, x);
        Tensor tanh = tanh(tape, x);
        Tensor factor = tape.rebind(tanh, like(tape, x));
        Tensor result = tape.result(x.rows, x.columns, x.type, node);
        tape.drop(factor);
        tape.drop(half);
        tape.done(x);
        return result;
    }

    private static Tensor like(Tape tape, Tensor x) {
        return tape.allocate(x.rows, x.columns, x.type);
    }

    private static Tensor tanh(Tape tape, Tensor x) {
        Tensor scaled = like(tape, x);
        Tensor square = like(tape, x);
        square = tape.rebind(square, like(tape, x)); // · x
        square = tape.rebind(square, like(tape, x)); // + 1
        Tensor inner = like(tape, x);
        tape.drop(scaled);
        tape.drop(square);
        return tape.rebind(inner, like(tape, x));
    }

    private static final class Forward extends Node {
        private final @Nullable Node maker;
        private final Tensor input;

        Forward(@Nullable Node maker, Tensor input) {
            this.maker = maker;
            this.input = input;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor tanh = BloomGelu.tanh(tape, input);
            Tensor half = like(tape, input);
            Tensor slope = like(tape, input); // tanh²
            slope = tape.rebind(slope, like(tape, input)); // 1 − tanh²
            Tensor inner = like(tape, input);
            inner = tape.rebind(inner, like(tape, input)); // · x
            inner = tape.rebind(inner, like(tape, input)); // + 0.79788456
            Tensor chain = like(tape, input);
            tape.drop(slope);
            tape.drop(inner);
            Tensor first = like(tape, input);
            tape.drop(half);
            tape.drop(chain);
            Tensor second = like(tape, input); // 1 + tanh
            second = tape.rebind(second, like(tape, input)); // · 0.5
            Tensor derivative = like(tape, input);
            tape.drop(first);
            tape.drop(second);
            tape.send(maker, like(tape, input));
            tape.drop(derivative);
            tape.drop(tanh);
        }
    }
}
