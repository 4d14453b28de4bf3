package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Layer;

/** Command R: attention and network side by side, rotation in fp32, logits scaled (transformers: cohere). */
final class CohereFamily extends LlamaFamily {

    CohereFamily(Setup setup) {
        super(setup);
    }

    @Override
    Transform finalNorm() {
        return new CohereNorm(modules.tensor(outer("norm.weight")));
    }

    @Override
    Transform norm(Layer layer, String name) {
        return new CohereNorm(modules.rmsNorm(layer, name).weight());
    }

    @Override
    Block block(Layer layer) {
        return new KeepingBlock(
                norm(layer, "input_layernorm"), attention(layer).turnedBy(Rotation.NEIGHBOURS_WIDE), null, mlp(layer));
    }

    @Override
    HeadProjections heads(Layer layer) {
        SeparateHeads heads = separateHeads(layer);
        return layer.find("self_attn.q_norm.weight").isEmpty()
                ? heads
                : heads.normalized(
                        SeparateHeads.Norms.EACH, norm(layer, "self_attn.q_norm"), norm(layer, "self_attn.k_norm"));
    }

    @Override
    Tensor finish(Tape tape, Tensor logits) {
        return tape.rebind(logits, Arithmetic.scale(tape, logits));
    }
}
