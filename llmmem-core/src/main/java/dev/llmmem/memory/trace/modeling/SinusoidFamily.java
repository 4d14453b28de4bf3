package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.units.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GPT-J and CodeGen: attention and network side by side, positions turned by a table that every layer has (transformers,
 * gptj and codegen).
 */
final class SinusoidFamily extends GptFamily {

    private final Dropout dropout;
    private final boolean fused;

    SinusoidFamily(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout();
        this.fused = spec.modelType().equals("codegen");
    }

    @Override
    boolean alwaysEager() {
        return true;
    }

    /** Layers make their own. */
    @Override
    @Nullable
    Object rotaryKey(Attention attention) {
        return null;
    }

    @Override
    public List<Buffer> buffers() {
        int size = rotarySize(spec.layers().get(0).attention());
        return List.of(new Buffer(
                "rotary table",
                spec.maxPositions(),
                size,
                DType.FP32,
                spec.layers().size()));
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = locals.hold(tokens(tape, pass));
        return new Embedded(Functions.dropout(tape, tokens, dropout.embedding()), positions(tape, pass, locals));
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        Attention.Grouped attention = (Attention.Grouped) layer.attention();
        HeadProjections heads = fused
                ? new InterleavedHeads(modules.projection(layer, "attn.qkv_proj"))
                : new SeparateHeads(
                        modules.projection(layer, "attn.q_proj"),
                        modules.projection(layer, "attn.k_proj"),
                        modules.projection(layer, "attn.v_proj"));
        Mixer mixer = new SinusoidAttention(
                heads,
                Tape.parameter(spec.maxPositions(), attention.rotarySize(), DType.FP32, false),
                fused ? SinusoidAttention.Lookup.INDEXED : SinusoidAttention.Lookup.GATHERED,
                new WideAttending(
                        attention,
                        new Dropping(modules.projection(layer, "attn.out_proj"), dropout.residual()),
                        fused ? WideAttending.MASKED_FIRST : WideAttending.SCALED_FIRST,
                        dropout.attention()));
        return new ParallelBlock(
                modules.layerNorm(layer, "ln_1"),
                mixer,
                new PlainMlp(
                        modules.projection(layer, "mlp.fc_in"),
                        modules.projection(layer, "mlp.fc_out"),
                        dense.activation(),
                        dropout.residual()),
                outputs);
    }
}
