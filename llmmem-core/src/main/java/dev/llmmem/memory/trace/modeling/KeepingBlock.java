package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x + attention(norm(x)) and a network beside or after it, where what each part made stays in a variable to the end
 * (transformers, StableLmDecoderLayer, CohereDecoderLayer).
 *
 * @param innerNorm the norm before a network that comes after attention, or null for one beside it
 */
record KeepingBlock(
        Transform inputNorm, Mixer attention, @Nullable Transform innerNorm, Transform mlp) implements Block {

    @Override
    public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
        tape.at("input norm");
        Tensor normed = inputNorm.apply(tape, input);
        tape.at("attention");
        ScoredAttention.Result mixed = attention.apply(tape, normed, pass, context);
        if (mixed.weights() != null) {
            tape.drop(mixed.weights());
        }
        Tensor residual = tape.alias(input);
        if (innerNorm != null) {
            tape.at("residual");
            residual = tape.rebind(residual, Arithmetic.add(tape, residual, mixed.output()));
        }
        Tensor seen = normed;
        if (innerNorm != null) {
            tape.at("inner norm");
            seen = innerNorm.apply(tape, residual);
        }
        tape.at("feed-forward");
        Tensor inner = mlp.apply(tape, seen);
        if (innerNorm != null) {
            tape.drop(seen);
        }
        tape.at("residual");
        Tensor sum = innerNorm != null ? residual : Arithmetic.add(tape, residual.last(), mixed.output());
        Tensor hidden = Arithmetic.add(tape, sum.last(), inner);
        tape.drop(normed);
        tape.drop(mixed.output());
        tape.drop(inner);
        return hidden;
    }
}
