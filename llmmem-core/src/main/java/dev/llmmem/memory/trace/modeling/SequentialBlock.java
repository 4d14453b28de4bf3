package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x + attention(…x…), then x + mlp(…x…), each with a norm before, after, on both sides or on neither (transformers,
 * LlamaDecoderLayer, Olmo2DecoderLayer, Gemma2DecoderLayer).
 */
final class SequentialBlock implements Block {

    private final @Nullable Transform inputNorm;
    private final Mixer attention;
    private final @Nullable Transform afterAttention;
    private final @Nullable Transform innerNorm;
    private final Transform mlp;
    private final @Nullable Transform afterMlp;

    SequentialBlock(
            @Nullable Transform inputNorm,
            Mixer attention,
            @Nullable Transform afterAttention,
            @Nullable Transform innerNorm,
            Transform mlp,
            @Nullable Transform afterMlp) {
        this.inputNorm = inputNorm;
        this.attention = attention;
        this.afterAttention = afterAttention;
        this.innerNorm = innerNorm;
        this.mlp = mlp;
        this.afterMlp = afterMlp;
    }

    /** Norms before attention and network, none after. */
    static SequentialBlock preNorm(Transform inputNorm, Mixer attention, Transform innerNorm, Transform mlp) {
        return new SequentialBlock(inputNorm, attention, null, innerNorm, mlp, null);
    }

    @Override
    public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
        Tensor hidden = through(tape, "input norm", inputNorm, tape.alias(input));
        tape.at("attention");
        ScoredAttention.Result mixed = attention.apply(tape, hidden, pass, context);
        hidden = tape.rebind(hidden, mixed.output());
        hidden = through(tape, "after attention", afterAttention, hidden);
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, input, hidden));
        Tensor residual = tape.alias(hidden);
        hidden = through(tape, "inner norm", innerNorm, hidden);
        tape.at("feed-forward");
        hidden = tape.rebind(hidden, mlp.apply(tape, hidden));
        hidden = through(tape, "after feed-forward", afterMlp, hidden);
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, residual, hidden));
        tape.drop(residual);
        if (mixed.weights() != null) {
            tape.drop(mixed.weights());
        }
        return hidden;
    }

    private static Tensor through(Tape tape, String site, @Nullable Transform transform, Tensor hidden) {
        if (transform == null) {
            return hidden;
        }
        tape.at(site);
        return tape.rebind(hidden, transform.apply(tape, hidden));
    }
}
