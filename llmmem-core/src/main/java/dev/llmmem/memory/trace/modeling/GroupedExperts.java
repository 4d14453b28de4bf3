package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Routing;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gated experts, all in two tensors (transformers, integrations/moe.py, grouped_mm_experts_forward, which is what runs
 * unless another implementation is asked for).
 *
 * <p>Each token is copied once for each expert that it visits, copies are sorted by expert, and one product of groups
 * serves all experts. So nothing depends on how tokens are spread: every routing takes the same memory, and no token is
 * dropped.
 *
 * @param gateUp the first matrices of all experts, gate and up in one
 * @param down the second ones
 * @param shape how many experts there are, how many a token visits, and how wide they are
 * @param gate what stands between the two
 */
record GroupedExperts(Weights gateUp, Weights down, FeedForward.Experts shape, ExpertGate gate) {

    /** The matrices of all experts, and what is added to their products, one row for each expert, or null. */
    record Weights(Tensor matrices, @Nullable Tensor biases) {}

    /** Experts without biases. */
    static GroupedExperts of(Modules modules, Layer layer, FeedForward.Experts shape) {
        return new GroupedExperts(
                new Weights(modules.tensor(layer, "mlp.experts.gate_up_proj"), null),
                new Weights(modules.tensor(layer, "mlp.experts.down_proj"), null),
                shape,
                ExpertGate.halves(shape.activation()));
    }

    /** Reads its arguments, which the caller goes on holding. */
    Tensor apply(Tape tape, Tensor x, Tensor indices, Tensor weights) {
        List<Tensor> locals = new ArrayList<>(10);
        long pairs = x.rows() * shape.perToken();
        Tensor pairWeights = hold(locals, Shapes.view(tape, weights, pairs, 1));
        Tensor sorted = hold(locals, tape.allocate(1, pairs, DType.INT64));
        Tensor order = hold(locals, tape.allocate(1, pairs, DType.INT64));
        Tensor tokens = tape.allocate(1, pairs, DType.INT64);
        Tensor selected = hold(locals, Routing.take(tape, x, tokens.last(), pairs));
        Tensor selectedWeights = hold(locals, Routing.take(tape, pairWeights, order, pairs));
        hold(locals, tape.allocate(1, pairs, DType.INT32)); // the sorted experts once more, to be counted
        hold(locals, tape.allocate(1, shape.experts(), DType.INT32)); // the counts
        Tensor ends = hold(locals, tape.allocate(1, shape.experts(), DType.INT32));
        Tensor biases = biases(tape, gateUp, sorted, pairs);
        Tensor hidden = product(tape, selected, gateUp, ends, 2L * shape.width(), biases);
        hidden = tape.rebind(hidden, gate.apply(tape, hidden));
        Tensor biasesBefore = biases;
        biases = biases(tape, down, sorted, pairs);
        if (biasesBefore != null) {
            tape.drop(biasesBefore);
        }
        hidden = tape.rebind(hidden, product(tape, hidden, down, ends, x.columns(), biases));
        Tensor weighted = Arithmetic.multiply(tape, hidden, selectedWeights);
        Tensor inverse = hold(locals, tape.allocate(1, pairs, DType.INT64));
        tape.drop(tape.allocate(1, pairs, DType.INT64)); // the range that is written into it
        weighted = tape.rebind(weighted, Routing.take(tape, weighted, inverse, pairs));
        Tensor sums = hold(locals, Routing.sumOfGroups(tape, weighted, shape.perToken()));
        Tensor result = Casts.cast(tape, sums, x.type());
        if (biases != null) {
            tape.drop(biases);
        }
        tape.drop(hidden);
        tape.drop(weighted);
        locals.forEach(tape::drop);
        return result;
    }

    private static Tensor hold(List<Tensor> locals, Tensor local) {
        locals.add(local);
        return local;
    }

    private static @Nullable Tensor biases(Tape tape, Weights weights, Tensor sorted, long pairs) {
        return weights.biases() == null ? null : Routing.take(tape, weights.biases(), sorted, pairs);
    }

    private static Tensor product(
            Tape tape, Tensor x, Weights weights, Tensor ends, long outputs, @Nullable Tensor biases) {
        Tensor product = Routing.groupedProduct(tape, x, weights.matrices(), ends, outputs);
        return biases == null ? product : Arithmetic.addInPlace(tape, product, biases);
    }
}
