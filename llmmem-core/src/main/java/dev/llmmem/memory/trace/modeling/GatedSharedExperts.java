package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/**
 * A mixture of experts and a network that every token visits besides, weighed by a gate of its own (transformers,
 * Qwen2MoeSparseMoeBlock).
 */
record GatedSharedExperts(Router router, GroupedExperts experts, Transform shared, Projection sharedGate)
        implements Transform {

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor always = shared.apply(tape, x);
        Router.Routed routed = router.route(tape, x);
        Tensor visited = experts.apply(tape, x, routed.indices(), routed.weights());
        Tensor opened = Functions.sigmoid(tape, sharedGate.apply(tape, x).last());
        always = tape.rebind(always, Arithmetic.multiply(tape, opened.last(), always));
        visited = tape.rebind(visited, Arithmetic.add(tape, visited, always));
        tape.drop(always);
        routed.drop(tape);
        return visited;
    }
}
