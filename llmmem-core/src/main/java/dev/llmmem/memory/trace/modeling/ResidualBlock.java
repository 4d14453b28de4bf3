package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x + attention(norm(x)), then x + mlp(norm(x)), in variables of their own: what attention and network return lives to
 * the end of the block (transformers, GPT2Block, GPTBigCodeBlock, GPTNeoBlock).
 *
 * @param outputs takes the attention weights where the block returns them, or null
 */
record ResidualBlock(
        Transform inputNorm,
        Mixer attention,
        Transform innerNorm,
        Transform mlp,
        @Nullable BlockOutputs outputs) implements Block {

    @Override
    public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
        tape.at("input norm");
        Tensor hidden = inputNorm.apply(tape, input);
        tape.at("attention");
        ScoredAttention.Result mixed = attention.apply(tape, hidden, pass, context);
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, mixed.output(), input));
        Tensor residual = tape.alias(hidden);
        tape.at("inner norm");
        hidden = tape.rebind(hidden, innerNorm.apply(tape, hidden));
        tape.at("feed-forward");
        Tensor change = mlp.apply(tape, hidden);
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, residual, change));
        tape.drop(residual);
        tape.drop(change);
        mixed.returned(tape, outputs);
        return hidden;
    }
}
