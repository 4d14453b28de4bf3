package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Strategy;

/**
 * x + up(f(down(dropout(x)))) before or after a linear layer, or the change alone added to the layer's result; the adapter
 * computes in fp32 (LLM-Adapters, peft/tuners/bottleneck.py, Linear).
 */
record BottleneckAdapter(Tensor down, Tensor up, Strategy.Bottleneck strategy, Placement.Side side)
        implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        Tensor base = side == Placement.Side.INPUT ? tape.alias(x) : layer.apply(tape, x);
        Tensor read = side == Placement.Side.BESIDE ? tape.alias(x) : tape.alias(base);
        Tensor wide = tape.rebind(read, Casts.cast(tape, read, DType.FP32));
        Tensor change = change(tape, wide, base.type());
        Tensor result = Arithmetic.add(tape, base, change);
        if (side == Placement.Side.INPUT) {
            change = tape.rebind(change, result);
            result = layer.apply(tape, change);
        } else if (side == Placement.Side.BESIDE) {
            base = tape.rebind(base, tape.alias(result));
        }
        tape.drop(change);
        tape.drop(wide);
        tape.drop(base);
        return result;
    }

    private Tensor change(Tape tape, Tensor x, DType type) {
        Tensor dropped = Functions.dropout(tape, x, strategy.dropout());
        Tensor inner = tape.rebind(dropped, Products.linear(tape, dropped, down, null, down.rows()));
        Tensor active = tape.rebind(inner, Functions.activate(tape, strategy.nonLinearity(), inner));
        Tensor outer = tape.rebind(active, Products.linear(tape, active, up, null, up.rows()));
        Tensor cast = tape.rebind(outer, Casts.cast(tape, outer, type));
        return tape.rebind(cast, Arithmetic.scale(tape, cast));
    }
}
