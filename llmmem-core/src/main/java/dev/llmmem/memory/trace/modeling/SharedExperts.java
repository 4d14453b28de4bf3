package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** A mixture of experts and a network that every token visits besides (transformers, DeepseekV2Moe, DeepseekV3MoE). */
record SharedExperts(Router router, GroupedExperts experts, Transform shared) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Router.Routed routed = router.route(tape, x);
        Tensor visited = experts.apply(tape, x, routed.indices(), routed.weights());
        Tensor always = shared.apply(tape, x);
        Tensor result = tape.rebind(visited, Arithmetic.add(tape, visited, always.last()));
        routed.drop(tape);
        return result;
    }
}
