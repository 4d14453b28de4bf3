package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.BloomGelu;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;

/** BLOOM: distances added to the scores, embeddings normed, attention always step by step (transformers, bloom). */
final class BloomFamily extends CausalModel {

    private final Dropout dropout;
    private final Transform embeddingNorm;

    BloomFamily(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout();
        this.embeddingNorm =
                modules.layerNorm(outer("word_embeddings_layernorm.weight"), outer("word_embeddings_layernorm.bias"));
    }

    @Override
    boolean takesFlashAttention() {
        return false;
    }

    @Override
    Parameter embeddingTable() {
        return outer("word_embeddings.weight");
    }

    @Override
    Transform finalNorm() {
        return modules.layerNorm(outer("ln_f.weight"), outer("ln_f.bias"));
    }

    @Override
    boolean alwaysEager() {
        return true;
    }

    @Override
    boolean seesDocuments() {
        return false;
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = locals.hold(tokens(tape, pass));
        Tensor hidden = embeddingNorm.apply(tape, tokens);
        locals.hold(tape.allocate(pass.batch(), pass.seen(), DType.FP32)); // a mask of ones
        return new Embedded(hidden, null);
    }

    @Override
    Tensor bias(Tape tape, Pass pass, Locals locals) {
        int heads = spec.layers().get(0).attention().heads();
        DType type = tape.autocastType() == null ? pass.stream() : DType.FP32; // of the normed embeddings
        return locals.hold(Alibi.table(tape, pass, heads, DType.FP32, type));
    }

    @Override
    Block block(Layer layer) {
        BloomAttention attention = new BloomAttention(
                modules.projection(layer, "self_attention.query_key_value"),
                modules.projection(layer, "self_attention.dense"),
                (Attention.Grouped) layer.attention(),
                dropout);
        return new BloomBlock(
                modules.layerNorm(layer, "input_layernorm"),
                attention,
                modules.layerNorm(layer, "post_attention_layernorm"),
                modules.projection(layer, "mlp.dense_h_to_4h"),
                modules.projection(layer, "mlp.dense_4h_to_h"),
                dropout.residual(),
                outputs);
    }

    /** Attention and network that add to the stream themselves (transformers, BloomBlock). */
    private record BloomBlock(
            Transform inputNorm,
            BloomAttention attention,
            Transform innerNorm,
            Projection up,
            Projection down,
            double dropout,
            BlockOutputs outputs)
            implements Block {

        @Override
        public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
            tape.at("input norm");
            Tensor normed = inputNorm.apply(tape, input);
            tape.at("attention");
            ScoredAttention.Result mixed = attention.apply(tape, normed, input, pass, context);
            tape.at("inner norm");
            normed = tape.rebind(normed, innerNorm.apply(tape, mixed.output()));
            tape.at("feed-forward");
            Tensor hidden = BloomGelu.apply(tape, up.apply(tape, normed).last());
            Tensor change = down.apply(tape, hidden);
            Tensor result = added(tape, change, mixed.output(), dropout);
            tape.drop(change);
            tape.drop(hidden);
            tape.drop(normed);
            tape.drop(mixed.output());
            outputs.put(tape, mixed.weights());
            return result;
        }
    }

    /** Dropout, then the residual sum (transformers, dropout_add). */
    static Tensor added(Tape tape, Tensor x, Tensor residual, double probability) {
        Tensor dropped = Functions.dropout(tape, x, probability);
        return tape.rebind(dropped, Arithmetic.add(tape, residual, dropped));
    }
}
