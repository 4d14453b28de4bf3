package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import org.jspecify.annotations.Nullable;

/**
 * LLaMA's block with a mixture of experts in every layer or in some, and with norms on queries and keys where there are
 * such (transformers: mixtral, qwen3_moe, olmoe).
 */
final class MixtureFamily extends LlamaFamily {

    /** Whether the weights of the chosen experts are cast back to the format of the router's logits. */
    private final boolean narrowed;
    /** Whether a norm of queries or keys spans all heads. */
    private final boolean wholeNorms;

    private MixtureFamily(Setup setup, boolean narrowed, boolean wholeNorms) {
        super(setup);
        this.narrowed = narrowed;
        this.wholeNorms = wholeNorms;
    }

    static MixtureFamily mixtral(Setup setup) {
        return new MixtureFamily(setup, false, false);
    }

    static MixtureFamily qwen(Setup setup) {
        return new MixtureFamily(setup, true, false);
    }

    static MixtureFamily olmoe(Setup setup) {
        return new MixtureFamily(setup, true, true);
    }

    @Override
    HeadProjections heads(Layer layer) {
        return new SeparateHeads(
                modules.projection(layer, "self_attn.q_proj"),
                modules.projection(layer, "self_attn.k_proj"),
                modules.projection(layer, "self_attn.v_proj"),
                headNorm(layer, "self_attn.q_norm"),
                headNorm(layer, "self_attn.k_norm"),
                wholeNorms);
    }

    private @Nullable Transform headNorm(Layer layer, String name) {
        return layer.find(name + ".weight").isPresent() ? norm(layer, name) : null;
    }

    @Override
    Transform mlp(Layer layer) {
        if (!(layer.feedForward() instanceof FeedForward.Experts experts)) {
            return super.mlp(layer);
        }
        return new MixtureOfExperts(
                new SoftmaxRouter(
                        modules.tensor(layer, "mlp.gate.weight"),
                        experts.perToken(),
                        experts.routing().normalized(),
                        narrowed),
                GroupedExperts.of(modules, layer, experts));
    }
}
