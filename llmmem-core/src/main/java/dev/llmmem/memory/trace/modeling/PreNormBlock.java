package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** x + attention(norm(x)), then x + mlp(norm(x)) (transformers, LlamaDecoderLayer). */
final class PreNormBlock implements Block {

    private final Transform inputNorm;
    private final Mixer attention;
    private final Transform innerNorm;
    private final Transform mlp;

    PreNormBlock(Transform inputNorm, Mixer attention, Transform innerNorm, Transform mlp) {
        this.inputNorm = inputNorm;
        this.attention = attention;
        this.innerNorm = innerNorm;
        this.mlp = mlp;
    }

    @Override
    public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
        tape.at("input norm");
        Tensor hidden = inputNorm.apply(tape, input);
        tape.at("attention");
        ScoredAttention.Result mixed = attention.apply(tape, hidden, pass, context);
        hidden = tape.rebind(hidden, mixed.output());
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, input, hidden));
        Tensor residual = tape.alias(hidden);
        tape.at("inner norm");
        hidden = tape.rebind(hidden, innerNorm.apply(tape, hidden));
        tape.at("feed-forward");
        hidden = tape.rebind(hidden, mlp.apply(tape, hidden));
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, residual, hidden));
        tape.drop(residual);
        if (mixed.weights() != null) {
            tape.drop(mixed.weights());
        }
        return hidden;
    }
}
