package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.LayerRun;
import java.util.ArrayList;
import java.util.List;

/** Latent attention, and mixtures of experts after a few dense layers (transformers: deepseek_v2, deepseek_v3). */
final class DeepSeekFamily extends LlamaFamily {

    /** Whether this is the third version: it rotates as most models do, and scores experts by a sigmoid. */
    private final boolean third;

    private DeepSeekFamily(Setup setup, boolean third) {
        super(setup);
        this.third = third;
    }

    static DeepSeekFamily second(Setup setup) {
        return new DeepSeekFamily(setup, false);
    }

    static DeepSeekFamily third(Setup setup) {
        return new DeepSeekFamily(setup, true);
    }

    @Override
    boolean takesFlashAttention() {
        return false;
    }

    @Override
    Rotary rotary(Tape tape, Pass pass, Attention attention) {
        return third ? super.rotary(tape, pass, attention) : Rotary.complex(tape, pass.length(), rotarySize(attention));
    }

    /** A router of the third version has a correction for each expert, in the format of the weights. */
    @Override
    public List<Buffer> buffers() {
        List<Buffer> all = new ArrayList<>(super.buffers());
        if (third) {
            for (LayerRun run : spec.layerRuns()) {
                for (Layer layer : run.layers()) {
                    if (layer.feedForward() instanceof FeedForward.Experts shape) {
                        all.add(new Buffer("feed-forward", 1, shape.experts(), modules.weightType(), run.repeats()));
                    }
                }
            }
        }
        return all;
    }

    @Override
    Block block(Layer layer) {
        return SequentialBlock.preNorm(
                modules.rmsNorm(layer, "input_layernorm"),
                new LatentAttention(
                        queries(layer),
                        modules.projection(layer, "self_attn.kv_a_proj_with_mqa"),
                        modules.rmsNorm(layer, "self_attn.kv_a_layernorm"),
                        modules.projection(layer, "self_attn.kv_b_proj"),
                        modules.projection(layer, "self_attn.o_proj"),
                        third ? Rotation.INTERLEAVED : Rotary::rotateComplex,
                        (Attention.Latent) layer.attention()),
                modules.rmsNorm(layer, "post_attention_layernorm"),
                mlp(layer));
    }

    /** One projection, or two with a norm between. */
    private Transform queries(Layer layer) {
        if (((Attention.Latent) layer.attention()).queryRank().isEmpty()) {
            return modules.projection(layer, "self_attn.q_proj");
        }
        Projection first = modules.projection(layer, "self_attn.q_a_proj");
        RmsNorm norm = modules.rmsNorm(layer, "self_attn.q_a_layernorm");
        Projection second = modules.projection(layer, "self_attn.q_b_proj");
        return (tape, x) -> {
            Tensor latent = first.apply(tape, x);
            return second.apply(
                    tape, tape.rebind(latent, norm.apply(tape, latent)).last());
        };
    }

    @Override
    Transform mlp(Layer layer) {
        if (!(layer.feedForward() instanceof FeedForward.Experts shape)) {
            return gated(layer, "mlp");
        }
        Tensor weight = modules.tensor(layer, "mlp.gate.weight");
        return new SharedExperts(
                third ? new SigmoidRouter(weight, shape) : new WideRouter(weight, shape),
                GroupedExperts.of(modules, layer, shape),
                gated(layer, "mlp.shared_experts"));
    }
}
