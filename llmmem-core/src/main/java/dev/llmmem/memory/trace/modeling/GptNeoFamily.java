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
import java.util.OptionalInt;

/** GPT-Neo: learned positions, and windows in a buffer that scores are held against (transformers, gpt_neo). */
final class GptNeoFamily extends GptFamily {

    private final Tensor positionTable;
    private final Dropout dropout;

    GptNeoFamily(Setup setup) {
        super(setup);
        this.positionTable = modules.tensor(outer("wpe.weight"));
        this.dropout = setup.training().dropout();
    }

    @Override
    boolean alwaysEager() {
        return true;
    }

    /** Masks and the cache know of no windows. */
    @Override
    Attention.Grouped seen(Attention attention) {
        Attention.Grouped grouped = (Attention.Grouped) attention;
        return new Attention.Grouped(
                grouped.heads(),
                grouped.keyValueHeads(),
                grouped.headSize(),
                grouped.rotarySize(),
                OptionalInt.empty());
    }

    /** What each layer lets its tokens see, for all positions. */
    @Override
    public List<Buffer> buffers() {
        int positions = spec.maxPositions();
        return List.of(new Buffer(
                "causal mask", positions, positions, DType.BOOL, spec.layers().size()));
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = locals.hold(tokens(tape, pass));
        Tensor positions = positions(tape, pass, locals);
        Tensor places = locals.hold(Products.embedding(tape, positionTable, positions));
        Tensor hidden = Arithmetic.add(tape, tokens, places);
        return new Embedded(tape.rebind(hidden, Functions.dropout(tape, hidden, dropout.embedding())), null);
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        int positions = spec.maxPositions();
        WideAttending attending = new WideAttending(
                seen(layer.attention()),
                new Dropping(modules.projection(layer, "attn.attention.out_proj"), dropout.residual()),
                WideAttending.replacedBy(Tape.parameter(positions, positions, DType.BOOL, false)),
                dropout.attention());
        HeadProjections inputs = new SeparateHeads(
                modules.projection(layer, "attn.attention.q_proj"),
                modules.projection(layer, "attn.attention.k_proj"),
                modules.projection(layer, "attn.attention.v_proj"),
                null,
                null,
                SeparateHeads.Norms.WHOLE);
        Mixer mixer = (tape, x, pass, context) -> {
            boolean several = attending.attention().heads() > 1;
            HeadProjections.Copies copies = new HeadProjections.Copies(several, several && pass.batch() > 1, several);
            HeadProjections.Heads heads = inputs.apply(tape, x, attending.attention(), copies);
            return attending.apply(tape, heads.queries(), heads.keys(), heads.values(), pass, context);
        };
        return new ResidualBlock(
                modules.layerNorm(layer, "ln_1"),
                mixer,
                modules.layerNorm(layer, "ln_2"),
                new PlainMlp(
                        modules.projection(layer, "mlp.c_fc"),
                        modules.projection(layer, "mlp.c_proj"),
                        dense.activation(),
                        dropout.residual()),
                outputs);
    }
}
