package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** Elements held between bounds ({@code torch.clamp}). */
public final class Clamp extends Node {

    private final @Nullable Node maker;
    private final int bounds;

    private Clamp(@Nullable Node maker, int bounds) {
        this.maker = maker;
        this.bounds = bounds;
    }

    /** Holds elements below one bound or between two; saves them. */
    public static Tensor apply(Tape tape, Tensor x, int bounds) {
        Clamp node = null;
        if (tape.flows(x)) {
            node = tape.record(new Clamp(tape.edge(x), bounds));
            tape.save(node, x.storage);
        }
        Tensor result = tape.result(x.rows, x.columns, x.type, node);
        tape.done(x);
        return result;
    }

    /** A zero stands where an element was beyond a bound: a comparison for each bound, then a choice. */
    @Override
    void backward(Tape tape, Tensor gradient) {
        Tensor zero = tape.allocate(1, 1, gradient.type);
        Tensor[] compared = new Tensor[bounds];
        for (int i = 0; i < bounds; i++) {
            compared[i] = tape.allocate(gradient.rows, gradient.columns, DType.BOOL);
        }
        tape.send(maker, tape.allocate(gradient.rows, gradient.columns, gradient.type));
        for (Tensor comparison : compared) {
            tape.drop(comparison);
        }
        tape.drop(zero);
    }
}
