package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Routing;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.units.DType;

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
 * @param experts how many there are
 * @param perToken how many of them a token visits
 * @param activation the function of the gate
 */
record GroupedExperts(Tensor gateUp, Tensor down, int experts, int perToken, Activation activation) {

    static GroupedExperts of(Modules modules, Layer layer, FeedForward.Experts experts) {
        return new GroupedExperts(
                modules.tensor(layer, "mlp.experts.gate_up_proj"),
                modules.tensor(layer, "mlp.experts.down_proj"),
                experts.experts(),
                experts.perToken(),
                experts.activation());
    }

    /** Reads its arguments, which the caller goes on holding. */
    Tensor apply(Tape tape, Tensor x, Tensor indices, Tensor weights) {
        long pairs = indices.rows() * indices.columns();
        Tensor pairWeights = Shapes.view(tape, weights, pairs, 1);
        Tensor sorted = tape.allocate(1, pairs, DType.INT64);
        Tensor order = tape.allocate(1, pairs, DType.INT64);
        Tensor tokens = tape.allocate(1, pairs, DType.INT64);
        Tensor selected = Routing.take(tape, x, tokens.last(), pairs);
        Tensor selectedWeights = Routing.take(tape, pairWeights, order, pairs);
        Tensor narrow = tape.allocate(1, pairs, DType.INT32);
        Tensor counts = tape.allocate(1, experts, DType.INT32);
        Tensor ends = tape.allocate(1, experts, DType.INT32);
        long inner = gateUp.rows() / experts;
        Tensor hidden = Routing.groupedProduct(tape, selected, gateUp, ends, inner);
        hidden = tape.rebind(hidden, gated(tape, hidden));
        hidden = tape.rebind(hidden, Routing.groupedProduct(tape, hidden, down, ends, x.columns()));
        Tensor weighted = Arithmetic.multiply(tape, hidden, selectedWeights);
        Tensor inverse = tape.allocate(1, pairs, DType.INT64);
        tape.drop(tape.allocate(1, pairs, DType.INT64)); // the range that is written into it
        weighted = tape.rebind(weighted, Routing.take(tape, weighted, inverse, pairs));
        Tensor sums = Routing.sumOfGroups(tape, weighted, perToken);
        Tensor result = Casts.cast(tape, sums, x.type());
        for (Tensor local : new Tensor[] {
            pairWeights, sorted, order, selected, selectedWeights, narrow, counts, ends, hidden, inverse, weighted, sums
        }) {
            tape.drop(local);
        }
        return result;
    }

    private Tensor gated(Tape tape, Tensor both) {
        long inner = both.columns() / 2;
        Tensor[] parts = Shapes.split(tape, both, inner, inner);
        Tensor gate = Functions.activate(tape, activation, parts[0]);
        Tensor result = Arithmetic.multiply(tape, gate.last(), parts[1]);
        tape.drop(parts[0]);
        tape.drop(parts[1]);
        return result;
    }
}
