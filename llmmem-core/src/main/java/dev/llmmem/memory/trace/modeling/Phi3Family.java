package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.model.Layer;
import org.jspecify.annotations.Nullable;

/** LLaMA's block with fused projections, part of each head turned, and dropout on what is added (transformers: phi3). */
final class Phi3Family extends LlamaFamily {

    private final double dropout;

    Phi3Family(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout().residual();
    }

    @Override
    Block block(Layer layer) {
        return new SequentialBlock(
                norm(layer, "input_layernorm"),
                attention(layer).turnedBy(Rotation.LEADING),
                afterPart(),
                norm(layer, "post_attention_layernorm"),
                mlp(layer),
                afterPart());
    }

    private @Nullable Transform afterPart() {
        return dropout == 0 ? null : (tape, x) -> Functions.dropout(tape, x, dropout);
    }

    @Override
    HeadProjections heads(Layer layer) {
        return new FusedHeads(modules.projection(layer, "self_attn.qkv_proj"));
    }

    @Override
    Transform mlp(Layer layer) {
        return new FusedGatedMlp(
                modules.projection(layer, "mlp.gate_up_proj"),
                modules.projection(layer, "mlp.down_proj"),
                layer.feedForward().activation());
    }
}
