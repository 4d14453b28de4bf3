package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Routing;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention with sinks, step by step: each head has a score of its own that takes part in the softmax and in nothing
 * else (transformers, gpt_oss, eager_attention_forward).
 */
final class SinkAttention {

    private SinkAttention() {}

    static ScoredAttention.Result eager(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            Tensor sinks,
            AttentionShape shape,
            boolean keysInOrder) {
        Tensor allKeys = ScoredAttention.expanded(tape, keys, shape);
        Tensor allValues = ScoredAttention.expanded(tape, values, shape);
        boolean inOrder = keysInOrder || shape.heads() != shape.keyValueHeads();
        Tensor scores = ScoredAttention.product(
                tape, queries, false, allKeys, inOrder, shape, shape.queryRows(), shape.keyLength());
        Tensor weights = Arithmetic.scale(tape, scores.last());
        if (mask != null) {
            weights = tape.rebind(weights, Arithmetic.add(tape, weights, mask));
        }
        Tensor spread = Shapes.view(tape, sinks, shape.queryRows(), 1);
        Tensor combined = Shapes.concatenate(tape, weights, spread);
        Routing.Choice highest = Routing.topK(tape, combined, 1);
        tape.drop(highest.indices());
        combined = tape.rebind(
                combined, Arithmetic.subtract(tape, combined, highest.values().last()));
        Tensor probabilities = Functions.softmax(tape, combined);
        Tensor kept = Shapes.slice(tape, probabilities, shape.keyLength());
        weights = tape.rebind(weights, Casts.cast(tape, kept, values.type()));
        Tensor mixed = ScoredAttention.product(
                tape, weights, true, allValues, inOrder, shape, shape.queryRows(), values.columns());
        Tensor output = tape.rebind(mixed, ScoredAttention.merged(tape, mixed, shape));
        for (Tensor local : new Tensor[] {allKeys, allValues, spread, combined, probabilities, kept}) {
            tape.drop(local);
        }
        return new ScoredAttention.Result(output, weights);
    }
}
