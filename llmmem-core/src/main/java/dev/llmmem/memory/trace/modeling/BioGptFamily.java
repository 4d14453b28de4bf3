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

/** BioGPT: OPT's layers, embeddings scaled by a number, learned positions (transformers, biogpt). */
final class BioGptFamily extends CausalModel {

    private final Tensor positionTable;
    private final Dropout dropout;

    BioGptFamily(Setup setup) {
        super(setup);
        this.positionTable = modules.tensor(outer("embed_positions.weight"));
        this.dropout = setup.training().dropout();
    }

    @Override
    Transform finalNorm() {
        return modules.layerNorm(outer("layer_norm.weight"), outer("layer_norm.bias"));
    }

    @Override
    String headName() {
        return "output_projection";
    }

    @Override
    Tensor lookUp(Tape tape, long tokens) {
        return Arithmetic.scale(tape, super.lookUp(tape, tokens).last());
    }

    @Override
    boolean seesDocuments() {
        return false;
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor tokens = locals.hold(tokens(tape, pass));
        locals.hold(tape.allocate(pass.batch(), pass.seen(), DType.FP32)); // a mask of ones
        Tensor positions = positions(tape, pass, locals);
        Tensor shifted = tape.allocate(1, pass.length(), DType.INT64);
        Tensor places = locals.hold(Products.embedding(tape, positionTable, shifted.last()));
        Tensor hidden = Arithmetic.add(tape, tokens, places);
        return new Embedded(tape.rebind(hidden, Functions.dropout(tape, hidden, dropout.embedding())), positions);
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Dense dense = (FeedForward.Dense) layer.feedForward();
        Attention.Grouped attention = (Attention.Grouped) layer.attention();
        return new OptBlock(
                true,
                modules.layerNorm(layer, "self_attn_layer_norm"),
                new PlainSelfAttention(
                        modules.projection(layer, "self_attn.q_proj"),
                        modules.projection(layer, "self_attn.k_proj"),
                        modules.projection(layer, "self_attn.v_proj"),
                        false,
                        new Attending(
                                attention,
                                modules.projection(layer, "self_attn.out_proj"),
                                false,
                                dropout.attention())),
                modules.layerNorm(layer, "final_layer_norm"),
                new PlainMlp(
                        modules.projection(layer, "fc1"),
                        modules.projection(layer, "fc2"),
                        dense.activation(),
                        dropout.residual()),
                dropout.residual());
    }
}
