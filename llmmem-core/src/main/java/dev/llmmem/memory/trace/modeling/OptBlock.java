package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/**
 * Attention, then a network whose steps share one variable, each with dropout before the residual sum and a norm before
 * it or after (transformers, OPTDecoderLayer).
 */
record OptBlock(
        boolean normFirst,
        Transform attentionNorm,
        Mixer attention,
        Transform networkNorm,
        PlainMlp mlp,
        double dropout)
        implements Block {

    @Override
    public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
        Tensor hidden = tape.alias(input);
        if (normFirst) {
            tape.at("input norm");
            hidden = tape.rebind(hidden, attentionNorm.apply(tape, hidden));
        }
        tape.at("attention");
        ScoredAttention.Result mixed = attention.apply(tape, hidden, pass, context);
        hidden = tape.rebind(hidden, mixed.output());
        hidden = tape.rebind(hidden, Functions.dropout(tape, hidden, dropout));
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, input, hidden));
        if (!normFirst) {
            tape.at("input norm");
            hidden = tape.rebind(hidden, attentionNorm.apply(tape, hidden));
        }
        Tensor residual = tape.alias(hidden);
        if (normFirst) {
            tape.at("inner norm");
            hidden = tape.rebind(hidden, networkNorm.apply(tape, hidden));
        }
        tape.at("feed-forward");
        hidden = mlp.apply(tape, hidden.last());
        tape.at("residual");
        hidden = tape.rebind(hidden, Arithmetic.add(tape, residual, hidden));
        if (!normFirst) {
            tape.at("inner norm");
            hidden = tape.rebind(hidden, networkNorm.apply(tape, hidden));
        }
        tape.drop(residual);
        if (mixed.weights() != null) {
            tape.drop(mixed.weights());
        }
        return hidden;
    }
}
