package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Strategy;

/**
 * x + up(f(down(dropout(x)))) before or after a linear layer, or the change alone added to the layer's result (LLM-Adapters,
 * peft/tuners/bottleneck.py, Linear).
 */
record BottleneckAdapter(Tensor down, Tensor up, Strategy.Bottleneck strategy, Placement.Side side)
        implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        return switch (side) {
            case INPUT -> {
                Tensor change = change(tape, x);
                Tensor input = tape.rebind(change, Arithmetic.add(tape, change, x));
                yield tape.rebind(input, layer.apply(tape, input));
            }
            case OUTPUT -> {
                Tensor base = layer.apply(tape, x);
                Tensor change = change(tape, base);
                Tensor result = Arithmetic.add(tape, change, base);
                tape.drop(change);
                tape.drop(base);
                yield result;
            }
            case BESIDE -> {
                Tensor base = layer.apply(tape, x);
                Tensor change = change(tape, x);
                Tensor result = tape.rebind(base, Arithmetic.add(tape, base, change));
                tape.drop(change);
                yield result;
            }
        };
    }

    private Tensor change(Tape tape, Tensor x) {
        Tensor dropped = Functions.dropout(tape, x, strategy.dropout());
        Tensor inner = tape.rebind(dropped, Products.linear(tape, dropped, down, null, down.rows()));
        Tensor active = tape.rebind(inner, Functions.activate(tape, strategy.nonLinearity(), inner));
        Tensor outer = tape.rebind(active, Products.linear(tape, active, up, null, up.rows()));
        return tape.rebind(outer, Arithmetic.scale(tape, outer));
    }
}
