package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Routing;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** The experts with the highest scores, weighed by a softmax over those alone (transformers, GptOssTopKRouter). */
record TopScoreRouter(Tensor weight, Tensor bias, int perToken) implements Router {

    @Override
    public Routed route(Tape tape, Tensor x) {
        Tensor logits = Products.linear(tape, x, weight, bias, weight.rows());
        Routing.Choice choice = Routing.topK(tape, logits, perToken);
        Tensor weights = Functions.softmax(tape, choice.values().last());
        return new Routed(logits, weights, choice.indices());
    }
}
