package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** A router and its experts (transformers, MixtralSparseMoeBlock, Qwen3MoeSparseMoeBlock). */
record MixtureOfExperts(Router router, GroupedExperts experts) implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Router.Routed routed = router.route(tape, x);
        Tensor result = experts.apply(tape, x, routed.indices(), routed.weights());
        routed.drop(tape);
        return result;
    }
}
