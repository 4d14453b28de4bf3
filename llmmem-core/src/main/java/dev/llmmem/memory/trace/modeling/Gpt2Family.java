package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.units.DType;
import java.util.List;

/**
 * GPT-2 and GPT-BigCode: learned positions, one projection for queries, keys and values, dropout everywhere
 * (transformers, gpt2 and gpt_bigcode).
 */
final class Gpt2Family extends GptFamily {

    private final Tensor positionTable;
    private final Dropout dropout;
    private final boolean bigCode;
    private final boolean projectionsAsCache;

    Gpt2Family(Setup setup) {
        super(setup);
        this.bigCode = spec.modelType().equals("gpt_bigcode");
        this.projectionsAsCache = bigCode && setup.projectionsAsCache();
        this.positionTable = modules.tensor(outer("wpe.weight"));
        this.dropout = setup.training().dropout();
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        Attention.Grouped attention = (Attention.Grouped) layer.attention();
        Attending attending = new Attending(
                attention,
                new Dropping(modules.projection(layer, "attn.c_proj"), dropout.residual()),
                bigCode,
                dropout.attention());
        Projection fused = modules.projection(layer, "attn.c_attn");
        if (projectionsAsCache && attention.keyValueHeads() > 1) {
            throw new IllegalArgumentException(
                    "runtime projectionsAsCache is true, but must be false for a gpt_bigcode with "
                            + attention.keyValueHeads()
                            + " key-value heads: it is modelled for multi-query attention alone");
        }
        return new ResidualBlock(
                modules.layerNorm(layer, "ln_1"),
                bigCode && attention.keyValueHeads() > 1
                        ? new HeadwiseAttention(fused, attending, false)
                        : new SplitAttention(fused, attending, projectionsAsCache ? outputs : null),
                modules.layerNorm(layer, "ln_2"),
                new PlainMlp(
                        modules.projection(layer, "mlp.c_fc"),
                        modules.projection(layer, "mlp.c_proj"),
                        dense.activation(),
                        dropout.residual()),
                null);
    }

    @Override
    boolean maskByPosition() {
        return !bigCode;
    }

    /** GPT-BigCode registers a causal mask that nothing reads. */
    @Override
    public List<Buffer> buffers() {
        int positions = spec.maxPositions();
        return bigCode ? List.of(new Buffer("causal mask", positions, positions, DType.BOOL, 1)) : List.of();
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = locals.hold(tokens(tape, pass));
        Tensor positions = positions(tape, pass, locals);
        Tensor places = locals.hold(Products.embedding(tape, positionTable, positions));
        Tensor hidden = Arithmetic.add(tape, tokens, places);
        return new Embedded(
                tape.rebind(hidden, Functions.dropout(tape, hidden, dropout.embedding())), bigCode ? null : positions);
    }
}
