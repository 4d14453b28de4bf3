package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * LoRA with trained magnitudes (peft/tuners/lora/dora.py, DoraLinearLayer): the norm of the changed weight is computed in
 * each pass from copies of weight and change as large as the weight.
 *
 * @param magnitude one number for each output
 * @param weight the layer's weight
 * @param bias the layer's bias, or null
 */
record DoraAdapter(
        LoraAdapter lora,
        Tensor magnitude,
        Tensor weight,
        @Nullable Tensor bias) implements Projection.Adapter {

    @Override
    public Tensor apply(Tape tape, Tensor x, Transform layer) {
        Tensor base = layer.apply(tape, x);
        Tensor input = Casts.cast(tape, x, lora.down().type());
        Tensor sum;
        if (lora.dropout() == 0) {
            sum = Arithmetic.add(tape, base, change(tape, input, base).last());
        } else {
            Tensor dropped = Functions.dropout(tape, input, lora.dropout());
            sum = Arithmetic.add(tape, base, change(tape, dropped, null).last());
            tape.drop(dropped);
        }
        sum = tape.rebind(base, sum);
        Tensor result = tape.rebind(sum, Casts.cast(tape, sum, base.type()));
        tape.drop(input);
        return result;
    }

    /** (scale − 1) · base + scale · up(down(x)) · number, with scale = magnitude / norm. */
    private Tensor change(Tape tape, Tensor x, @Nullable Tensor base) {
        long outputs = lora.up().rows();
        Product product = product(tape, x);
        Tensor wide = Casts.cast(tape, weight, x.type());
        Tensor norm = norm(tape, product.weight());
        Tensor scale = Arithmetic.divide(tape, magnitude, norm);
        Tensor inner = Products.linear(tape, x, lora.down(), null, lora.down().rows());
        Tensor lowRank = Products.linear(tape, inner.last(), lora.up(), null, outputs);
        Tensor plain = base == null
                ? Products.linear(tape, x, wide, null, outputs)
                : bias == null ? tape.alias(base) : Arithmetic.add(tape, base, bias);
        Tensor straight =
                Arithmetic.multiply(tape, Arithmetic.shift(tape, scale).last(), plain);
        Tensor turned =
                Arithmetic.scale(tape, Arithmetic.multiply(tape, scale, lowRank).last());
        Tensor result = Arithmetic.add(tape, straight.last(), turned.last());
        tape.drop(plain);
        tape.drop(lowRank);
        tape.drop(scale);
        tape.drop(norm);
        tape.drop(wide);
        product.drop(tape);
        return result;
    }

    /** up · down, made by running both on a unit matrix; what autograd saves of that lives as long as the product. */
    private record Product(
            Tensor weight, @Nullable Tensor unit, @Nullable Tensor inner) {
        void drop(Tape tape) {
            tape.drop(weight);
            if (unit != null) {
                tape.drop(unit);
            }
            if (inner != null) {
                tape.drop(inner);
            }
        }
    }

    private Product product(Tape tape, Tensor x) {
        long inputs = lora.down().columns();
        Tensor unit = tape.allocate(inputs, inputs, lora.down().type());
        keepCast(tape, lora.down());
        Tensor operand = tape.operand(unit);
        Tensor inner = product(tape, operand, lora.down());
        keepCast(tape, lora.up());
        Tensor weight = product(tape, inner, lora.up());
        tape.drop(unit);
        weight = tape.rebind(weight, Casts.cast(tape, weight, x.type()));
        if (tape.isSaving()) {
            return new Product(weight, operand, inner);
        }
        tape.drop(operand);
        tape.drop(inner);
        return new Product(weight, null, null);
    }

    private static Tensor product(Tape tape, Tensor x, Tensor weight) {
        return tape.withoutGradients(() -> Products.linear(tape, x, weight, null, weight.rows()));
    }

    /** Autocast casts a part of the adapter once, for the products that gradients flow through as well. */
    private static void keepCast(Tape tape, Tensor part) {
        if (tape.autocastType() != null) {
            tape.drop(tape.operand(part));
        }
    }

    private Tensor norm(Tape tape, Tensor change) {
        return tape.withoutGradients(() -> {
            Tensor scaled = Arithmetic.scale(tape, change);
            Tensor sum = tape.rebind(scaled, tape.allocate(change.rows(), change.columns(), change.type()));
            return tape.rebind(sum, tape.allocate(1, lora.up().rows(), change.type()));
        });
    }
}
