package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Layer;

/** StableLM: shifted norms, part of each head turned, the network beside or after attention (transformers: stablelm). */
final class StableLmFamily extends LlamaFamily {

    private final double dropout;

    StableLmFamily(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout().residual();
    }

    @Override
    Transform finalNorm() {
        return modules.layerNorm(outer("norm.weight"), outer("norm.bias"));
    }

    @Override
    Transform norm(Layer layer, String name) {
        return modules.layerNorm(layer, name);
    }

    @Override
    Block block(Layer layer) {
        boolean parallel = layer.find("post_attention_layernorm.weight").isEmpty();
        return new KeepingBlock(
                norm(layer, "input_layernorm"),
                attention(layer).turnedBy(Rotation.LEADING_INLINE),
                parallel ? null : norm(layer, "post_attention_layernorm"),
                new Dropping(mlp(layer), dropout));
    }
}
