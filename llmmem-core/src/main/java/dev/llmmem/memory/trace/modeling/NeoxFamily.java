package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;

/** GPT-NeoX and Pythia: one projection cut head by head, two norms of one stream (transformers, gpt_neox). */
final class NeoxFamily extends CausalModel {

    private final Dropout dropout;

    NeoxFamily(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout();
    }

    @Override
    Parameter embeddingTable() {
        return outer("embed_in.weight");
    }

    @Override
    Transform finalNorm() {
        return modules.layerNorm(outer("final_layer_norm.weight"), outer("final_layer_norm.bias"));
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        Mixer attention = new HeadwiseAttention(
                modules.projection(layer, "attention.query_key_value"),
                new Attending(
                        (Attention.Grouped) layer.attention(),
                        modules.projection(layer, "attention.dense"),
                        true,
                        dropout.attention()),
                true);
        return new NeoxBlock(
                spec.parallelBlocks(),
                modules.layerNorm(layer, "input_layernorm"),
                attention.dropping(dropout.residual()),
                modules.layerNorm(layer, "post_attention_layernorm"),
                new PlainMlp(
                        modules.projection(layer, "mlp.dense_h_to_4h"),
                        modules.projection(layer, "mlp.dense_4h_to_h"),
                        dense.activation(),
                        dropout.residual()));
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = locals.hold(tokens(tape, pass));
        return new Embedded(Functions.dropout(tape, tokens, dropout.residual()), positions(tape, pass, locals));
    }

    /** x + mlp(norm(x)) + attention(norm(x)), or one after the other (transformers, GPTNeoXLayer). */
    private record NeoxBlock(boolean parallel, Transform inputNorm, Mixer attention, Transform innerNorm, Transform mlp)
            implements Block {

        @Override
        public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
            tape.at("input norm");
            Tensor normed = inputNorm.apply(tape, input);
            tape.at("attention");
            ScoredAttention.Result mixed = attention.apply(tape, normed, pass, context);
            tape.drop(normed);
            Tensor attended = tape.alias(mixed.output());
            tape.drop(mixed.output());
            if (!parallel) {
                tape.at("residual");
                attended = tape.rebind(attended, Arithmetic.add(tape, attended, input));
            }
            tape.at("inner norm");
            Tensor inner = innerNorm.apply(tape, parallel ? input : attended);
            tape.at("feed-forward");
            Tensor change = mlp.apply(tape, inner);
            tape.drop(inner);
            tape.at("residual");
            Tensor hidden = Arithmetic.add(tape, change, attended);
            if (parallel) {
                hidden = Arithmetic.add(tape, hidden.last(), input);
            }
            tape.drop(change);
            tape.drop(attended);
            mixed.dropWeights(tape);
            return hidden;
        }
    }
}
