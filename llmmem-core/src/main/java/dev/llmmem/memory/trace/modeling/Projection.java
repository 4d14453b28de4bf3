package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/** A linear layer, in plain or packed weights, with or without an adapter. */
final class Projection implements Transform {

    /** What an adapter does with a layer: it runs the layer and makes the changed result. */
    interface Adapter {
        Tensor apply(Tape tape, Tensor x, Transform layer);
    }

    private final Transform layer;
    private final long inputs;
    private final long outputs;
    private final @Nullable Adapter adapter;

    Projection(Transform layer, long inputs, long outputs, @Nullable Adapter adapter) {
        this.layer = layer;
        this.inputs = inputs;
        this.outputs = outputs;
        this.adapter = adapter;
    }

    Projection(Tensor weight, @Nullable Tensor bias, long inputs, long outputs, @Nullable Adapter adapter) {
        this((tape, x) -> Products.linear(tape, x, weight, bias, outputs), inputs, outputs, adapter);
    }

    long inputs() {
        return inputs;
    }

    long outputs() {
        return outputs;
    }

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        boolean last = x.takeLast();
        Tensor result = adapter == null ? layer.apply(tape, x) : adapter.apply(tape, x, layer);
        if (last) {
            tape.drop(x);
        }
        return result;
    }
}
