package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;

/**
 * LLaMA's block with a mixture of experts in every layer or in some, and with norms on queries and keys where there are
 * such (transformers: mixtral, qwen2_moe, qwen3_moe, olmoe).
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

    /** Qwen2MoeModel makes the masks of both kinds of layers, whether there are such or not. */
    @Override
    boolean alwaysMasksWindow() {
        return spec.modelType().equals("qwen2_moe");
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
        Router router = new SoftmaxRouter(
                modules.tensor(layer, "mlp.gate.weight"),
                experts.perToken(),
                experts.routing().normalized(),
                narrowed);
        GroupedExperts routed = GroupedExperts.of(modules, layer, experts);
        if (experts.sharedWidth() == 0) {
            return new MixtureOfExperts(router, routed);
        }
        return new GatedSharedExperts(
                router, routed, gated(layer, "mlp.shared_expert"), modules.projection(layer, "mlp.shared_expert_gate"));
    }
}
