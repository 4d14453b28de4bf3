package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** Changes of number format. */
public final class Casts {

    private Casts() {}

    /** The tensor in a format: itself where it has that format ({@code Tensor.to}), otherwise a copy. */
    public static Tensor cast(Tape tape, Tensor x, DType type) {
        Tensor result;
        if (x.type == type) {
            result = tape.alias(x);
        } else {
            Cast node = tape.flows(x) ? tape.record(new Cast(tape.edge(x))) : null;
            result = tape.result(x.rows, x.columns, type, node);
        }
        tape.done(x);
        return result;
    }

    /** Casts what each layer has made, also where the tensor stands for those of equal layers; no gradient flows back. */
    public static Tensor castEach(Tape tape, Tensor x, DType type) {
        return x.type == type
                ? tape.alias(x)
                : new Tensor(
                        tape.ledger.allocateForEach(x.storage, x.rows, x.columns, type, x.storage.site),
                        x.rows,
                        x.columns,
                        type,
                        null);
    }

    /** The gradient is cast to the input's format, which is what every edge does. */
    private static final class Cast extends Node {
        private final @Nullable Node maker;

        Cast(@Nullable Node maker) {
            this.maker = maker;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.send(maker, tape.alias(gradient));
        }
    }
}
