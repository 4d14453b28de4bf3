package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** OPT: learned positions counted from a mask, and embeddings that may be narrower than the stream (transformers, opt). */
final class OptFamily extends CausalModel {

    private final Tensor positionTable;
    private final @Nullable Projection widen;
    private final Dropout dropout;

    OptFamily(Setup setup) {
        super(setup);
        this.positionTable = modules.tensor(outer("embed_positions.weight"));
        this.widen = projection("project_in.weight");
        this.dropout = setup.training().dropout();
    }

    private @Nullable Projection projection(String name) {
        return spec.findOuter(name)
                .map(weight -> modules.projection(weight, null))
                .orElse(null);
    }

    /** The norm and the way back to the width of the embeddings, where there are any. */
    @Override
    @Nullable
    Transform finalNorm() {
        Transform norm = spec.findOuter("final_layer_norm.weight")
                .map(weight -> (Transform) modules.layerNorm(weight, outer("final_layer_norm.bias")))
                .orElse(null);
        Projection narrow = projection("project_out.weight");
        if (norm == null || narrow == null) {
            return norm == null ? narrow : norm;
        }
        return (tape, x) -> narrow.apply(tape, norm.apply(tape, x).last());
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        Attention.Grouped attention = (Attention.Grouped) layer.attention();
        return new OptBlock(
                spec.findOuter("final_layer_norm.weight").isPresent(),
                modules.layerNorm(layer, "self_attn_layer_norm"),
                new PlainSelfAttention(
                        modules.projection(layer, "self_attn.q_proj"),
                        modules.projection(layer, "self_attn.k_proj"),
                        modules.projection(layer, "self_attn.v_proj"),
                        true,
                        new Attending(
                                attention, modules.projection(layer, "self_attn.out_proj"), true, dropout.attention())),
                modules.layerNorm(layer, "final_layer_norm"),
                new PlainMlp(
                        modules.projection(layer, "fc1"),
                        modules.projection(layer, "fc2"),
                        dense.activation(),
                        dropout.residual()),
                dropout.residual());
    }

    @Override
    boolean seesDocuments() {
        return false;
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = tokens(tape, pass);
        Tensor positions = countedPositions(tape, pass, locals);
        Tensor shifted = tape.allocate(pass.batch(), pass.length(), DType.INT64);
        Tensor places = locals.hold(Products.embedding(tape, positionTable, shifted.last()));
        if (widen != null) {
            tokens = tape.rebind(tokens, widen.apply(tape, tokens));
        }
        locals.hold(tokens);
        return new Embedded(Arithmetic.add(tape, tokens, places), positions);
    }

    /** Position ids as the running sum of a mask of ones. */
    private static Tensor countedPositions(Tape tape, Pass pass, Locals locals) {
        long seen = pass.seen();
        Tensor mask = locals.hold(tape.allocate(pass.batch(), seen, DType.FP32));
        Tensor count = tape.allocate(mask.rows(), seen, DType.FP32);
        Tensor masked = Arithmetic.multiply(tape, count, mask);
        Tensor fromZero = Arithmetic.shift(tape, masked.last());
        Tensor whole = tape.allocate(mask.rows(), seen, DType.INT64);
        tape.drop(fromZero);
        tape.drop(count);
        return locals.hold(whole);
    }
}
