package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Routing;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/**
 * A softmax over all experts in fp32, of which the largest are chosen (transformers, MixtralTopKRouter,
 * Qwen3MoeTopKRouter).
 *
 * @param weight one row for each expert
 * @param perToken how many experts are chosen
 * @param normalized whether the chosen weights are made to sum to one
 * @param narrowed whether they are cast back to the format of the logits
 */
record SoftmaxRouter(Tensor weight, int perToken, boolean normalized, boolean narrowed) implements Router {

    @Override
    public Routed route(Tape tape, Tensor x) {
        Tensor logits = Products.linear(tape, x, weight, null, weight.rows());
        Tensor probabilities =
                Functions.softmax(tape, Casts.cast(tape, logits, DType.FP32).last());
        Routing.Choice choice = Routing.topK(tape, probabilities, perToken);
        Tensor weights = choice.values();
        if (normalized) {
            weights = Routing.divideInPlace(
                    tape, weights, Routing.sum(tape, weights).last());
        }
        if (narrowed) {
            weights = tape.rebind(weights, Casts.cast(tape, weights, logits.type()));
        }
        tape.drop(probabilities);
        return new Routed(logits, weights, choice.indices());
    }
}
