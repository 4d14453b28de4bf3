package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Falcon in its styles: rotated or with distances in the mask, side by side or in sequence (transformers, falcon). */
final class FalconFamily extends CausalModel {

    private final Dropout dropout;
    private final Attention.Grouped attention;
    private final boolean distances;

    FalconFamily(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout();
        this.attention = (Attention.Grouped) spec.layers().get(0).attention();
        this.distances = attention.rotarySize() == 0;
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

    /** PEFT makes a prefix of other heads than the cache has. */
    @Override
    boolean takesPrefix() {
        return false;
    }

    /** Tables are made even where nothing is rotated. */
    @Override
    @Nullable
    Object rotaryKey(Attention of) {
        return "all";
    }

    @Override
    Rotary rotary(Tape tape, Pass pass, Attention of) {
        return Rotary.table(tape, pass.length(), attention.headSize(), pass.stream());
    }

    @Override
    public List<Buffer> buffers() {
        return List.of(frequencies(attention.headSize(), 1));
    }

    @Override
    @Nullable
    Tensor bias(Tape tape, Pass pass, Locals locals) {
        return distances ? locals.hold(Alibi.table(tape, pass, attention.heads(), DType.BF16, pass.stream())) : null;
    }

    /** A mask is always made; distances go into it, so that every head has its own. */
    @Override
    Tensor mask(Tape tape, Pass pass, Attention of) {
        long rows = pass.length();
        long seen = pass.seen();
        Tensor mask = tape.allocate(rows, seen, DType.BOOL);
        if (distances || pass.attention() == AttentionKernel.EAGER) {
            mask = tape.rebind(mask, tape.allocate(pass.tokens(), seen, pass.stream()));
        }
        if (distances) {
            Tensor scaled = tape.allocate(pass.batch() * attention.heads(), seen, pass.stream());
            Tensor hidden = tape.allocate(pass.tokens(), seen, DType.BOOL);
            mask = tape.rebind(mask, tape.allocate(pass.tokens() * attention.heads(), seen, pass.stream()));
            tape.drop(hidden);
            tape.drop(scaled);
        }
        return mask;
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        FalconAttention mixer = new FalconAttention(
                modules.stepwise(layer, "self_attention.query_key_value"),
                modules.stepwise(layer, "self_attention.dense"),
                (Attention.Grouped) layer.attention(),
                distances,
                dropout.attention());
        boolean two = layer.find("ln_mlp.weight").isPresent();
        boolean sequence = layer.find("post_attention_layernorm.weight").isPresent();
        return new FalconBlock(
                modules.layerNorm(layer, two ? "ln_attn" : "input_layernorm"),
                mixer,
                two ? modules.layerNorm(layer, "ln_mlp") : null,
                sequence ? modules.layerNorm(layer, "post_attention_layernorm") : null,
                new PlainMlp(
                        modules.stepwise(layer, "mlp.dense_h_to_4h"),
                        modules.stepwise(layer, "mlp.dense_4h_to_h"),
                        dense.activation(),
                        0),
                dropout,
                outputs);
    }

    /** Side by side with one norm or two, or in sequence (transformers, FalconDecoderLayer). */
    private record FalconBlock(
            Transform attentionNorm,
            Mixer attention,
            @Nullable Transform mlpNorm,
            @Nullable Transform innerNorm,
            Transform mlp,
            Dropout dropout,
            BlockOutputs outputs)
            implements Block {

        @Override
        public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
            tape.at("input norm");
            Tensor normed = attentionNorm.apply(tape, input);
            Tensor inner = mlpNorm == null ? tape.alias(normed) : mlpNorm.apply(tape, input);
            tape.at("attention");
            ScoredAttention.Result mixed = attention.apply(tape, normed, pass, context);
            Tensor residual = tape.alias(input);
            if (innerNorm != null) {
                tape.at("inner norm");
                residual =
                        tape.rebind(residual, BloomFamily.added(tape, mixed.output(), residual, dropout.attention()));
                inner = tape.rebind(inner, innerNorm.apply(tape, residual));
            }
            tape.at("feed-forward");
            Tensor change = mlp.apply(tape, inner);
            tape.at("residual");
            if (innerNorm == null) {
                change = Arithmetic.addInPlace(tape, change, mixed.output());
            }
            Tensor result = BloomFamily.added(tape, change, residual, dropout.residual());
            for (Tensor local : new Tensor[] {normed, inner, residual, change, mixed.output()}) {
                tape.drop(local);
            }
            outputs.put(tape, mixed.weights());
            return result;
        }
    }

    @Override
    public List<Attention> cachedAttentions() {
        return Collections.nCopies(spec.layers().size(), FalconAttention.cached(attention));
    }

    @Override
    boolean seesDocuments() {
        return false;
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor embedded = locals.hold(tokens(tape, pass));
        if (distances) { // a mask of ones
            locals.hold(tape.allocate(pass.batch(), pass.seen(), DType.INT64));
        }
        return new Embedded(tape.alias(embedded), positions(tape, pass, locals));
    }
}
