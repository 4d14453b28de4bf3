package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/** A linear layer, with or without a LoRA adapter. */
final class Projection implements Transform {

    /** The two small matrices of LoRA, and its dropout (peft/tuners/lora/layer.py, Linear). */
    record Adapter(Tensor down, Tensor up, int rank, double dropout) {}

    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final long inputs;
    private final long outputs;
    private final @Nullable Adapter adapter;
    /** Whether the bias is added in a step of its own (transformers, FalconLinear). */
    private final boolean biasApart;

    Projection(Tensor weight, @Nullable Tensor bias, long inputs, long outputs, @Nullable Adapter adapter) {
        this(weight, bias, inputs, outputs, adapter, false);
    }

    private Projection(
            Tensor weight,
            @Nullable Tensor bias,
            long inputs,
            long outputs,
            @Nullable Adapter adapter,
            boolean biasApart) {
        this.biasApart = biasApart;
        this.weight = weight;
        this.bias = bias;
        this.inputs = inputs;
        this.outputs = outputs;
        this.adapter = adapter;
    }

    /** The same with the bias added in a step of its own. */
    Projection biasApart() {
        return new Projection(weight, bias, inputs, outputs, adapter, true);
    }

    long inputs() {
        return inputs;
    }

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        boolean last = x.takeLast();
        Tensor result = Products.linear(tape, x, weight, biasApart ? null : bias, outputs);
        if (biasApart && bias != null) {
            result = tape.rebind(result, Arithmetic.add(tape, result, bias));
        }
        if (adapter != null) {
            result = adapted(tape, x, result, adapter);
        }
        if (last) {
            tape.drop(x);
        }
        return result;
    }

    private Tensor adapted(Tape tape, Tensor x, Tensor base, Adapter lora) {
        Tensor input = Casts.cast(tape, x, lora.down().type());
        Tensor inner = Functions.dropout(tape, input, lora.dropout());
        inner = tape.rebind(inner, Products.linear(tape, inner, lora.down(), null, lora.rank()));
        Tensor change = Products.linear(tape, inner.last(), lora.up(), null, outputs);
        change = Arithmetic.scale(tape, change.last());
        Tensor sum = tape.rebind(base, Arithmetic.add(tape, base, change.last()));
        Tensor result = tape.rebind(sum, Casts.cast(tape, sum, base.type()));
        tape.drop(input);
        return result;
    }
}
