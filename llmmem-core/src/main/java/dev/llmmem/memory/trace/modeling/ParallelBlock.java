package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x + attention(norm(x)) + mlp(norm(x)) with one norm for both (transformers, PhiDecoderLayer, GPTJBlock).
 *
 * @param attention with the dropout on its result
 * @param mlp with the dropout on its result
 * @param outputs takes the attention weights where the block returns them, or null
 */
record ParallelBlock(
        Transform norm,
        Mixer attention,
        Transform mlp,
        @Nullable BlockOutputs outputs) implements Block {

    @Override
    public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
        tape.at("input norm");
        Tensor hidden = norm.apply(tape, input);
        tape.at("attention");
        ScoredAttention.Result mixed = attention.apply(tape, hidden, pass, context);
        tape.at("feed-forward");
        Tensor change = mlp.apply(tape, hidden);
        tape.at("residual");
        Tensor both = Arithmetic.add(tape, mixed.output(), change);
        hidden = tape.rebind(hidden, Arithmetic.add(tape, both.last(), input));
        tape.drop(change);
        mixed.returned(tape, outputs);
        return hidden;
    }
}
