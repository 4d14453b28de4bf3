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
    private final boolean scaled;

    SequentialBlock(
            @Nullable Transform inputNorm,
            Mixer attention,
            @Nullable Transform afterAttention,
            @Nullable Transform innerNorm,
            Transform mlp,
            @Nullable Transform afterMlp) {
        this(inputNorm, attention, afterAttention, innerNorm, mlp, afterMlp, false);
    }

    private SequentialBlock(
            @Nullable Transform inputNorm,
            Mixer attention,
            @Nullable Transform afterAttention,
            @Nullable Transform innerNorm,
            Transform mlp,
            @Nullable Transform afterMlp,
            boolean scaled) {
        this.inputNorm = inputNorm;
        this.attention = attention;
        this.afterAttention = afterAttention;
        this.innerNorm = innerNorm;
        this.mlp = mlp;
        this.afterMlp = afterMlp;
        this.scaled = scaled;
    }

    /** Norms before attention and network, none after. */
    static SequentialBlock preNorm(Transform inputNorm, Mixer attention, Transform innerNorm, Transform mlp) {
        return new SequentialBlock(inputNorm, attention, null, innerNorm, mlp, null);
    }

    /** The same, where what is added to the stream is scaled first (GraniteDecoderLayer). */
    SequentialBlock scaled() {
        return new SequentialBlock(inputNorm, attention, afterAttention, innerNorm, mlp, afterMlp, true);
    }

    private Tensor sum(Tape tape, Tensor residual, Tensor hidden) {
        tape.at("residual");
        Tensor added = scaled ? Arithmetic.scale(tape, hidden) : tape.alias(hidden);
        return tape.rebind(hidden, Arithmetic.add(tape, residual, added.last()));
    }

    @Override
    public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
        Tensor hidden = through(tape, "input norm", inputNorm, tape.alias(input));
        tape.at("attention");
        ScoredAttention.Result mixed = attention.apply(tape, hidden, pass, context);
        hidden = tape.rebind(hidden, mixed.output());
        hidden = through(tape, "after attention", afterAttention, hidden);
        hidden = sum(tape, input, hidden);
        Tensor residual = tape.alias(hidden);
        hidden = through(tape, "inner norm", innerNorm, hidden);
        tape.at("feed-forward");
        hidden = tape.rebind(hidden, mlp.apply(tape, hidden));
        hidden = through(tape, "after feed-forward", afterMlp, hidden);
        hidden = sum(tape, residual, hidden);
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
