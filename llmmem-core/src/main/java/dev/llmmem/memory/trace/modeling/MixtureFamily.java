package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;

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
        if (layer.find("self_attn.q_norm.weight").isEmpty()) {
            return separateHeads(layer);
        }
        return separateHeads(layer)
                .normalized(
                        wholeNorms ? SeparateHeads.Norms.WHOLE : SeparateHeads.Norms.EACH,
                        norm(layer, "self_attn.q_norm"),
                        norm(layer, "self_attn.k_norm"));
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
