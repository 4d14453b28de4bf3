package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.workload.AttentionKernel;

/** Mixtures of experts with biases, and attention with sinks, always step by step (transformers: gpt_oss). */
final class GptOssFamily extends LlamaFamily {

    GptOssFamily(Setup setup) {
        super(setup);
    }

    @Override
    boolean takesFlashAttention() {
        return false;
    }

    /** No other implementation knows sinks; position ids do not reach the mask, so that it never tells documents apart. */
    @Override
    Pass called(Pass pass) {
        return new Pass(
                pass.batch(),
                pass.length(),
                pass.past(),
                pass.cache(),
                AttentionKernel.EAGER,
                false,
                pass.stream(),
                pass.weights(),
                pass.training());
    }

    @Override
    Transform finalNorm() {
        return new RmsNorm(modules.tensor(outer("norm.weight")), true);
    }

    @Override
    Transform norm(Layer layer, String name) {
        return new RmsNorm(modules.tensor(layer, name + ".weight"), true);
    }

    @Override
    SelfAttention attention(Layer layer) {
        return super.attention(layer).turnedBy(Rotation.PAIRS).sinking(modules.tensor(layer, "self_attn.sinks"));
    }

    @Override
    Rotary rotary(Tape tape, Pass pass, Attention attention) {
        int size = ((Attention.Grouped) attention).rotarySize();
        return Rotary.ofPairs(tape, pass.length(), size, pass.stream());
    }

    @Override
    Block block(Layer layer) {
        FeedForward.Experts shape = (FeedForward.Experts) layer.feedForward();
        return new GptOssBlock(
                norm(layer, "input_layernorm"),
                attention(layer),
                norm(layer, "post_attention_layernorm"),
                new TopScoreRouter(
                        modules.tensor(layer, "mlp.router.weight"),
                        modules.tensor(layer, "mlp.router.bias"),
                        shape.perToken()),
                new GroupedExperts(
                        new GroupedExperts.Weights(
                                modules.tensor(layer, "mlp.experts.gate_up_proj"),
                                modules.tensor(layer, "mlp.experts.gate_up_proj_bias")),
                        new GroupedExperts.Weights(
                                modules.tensor(layer, "mlp.experts.down_proj"),
                                modules.tensor(layer, "mlp.experts.down_proj_bias")),
                        shape,
                        ExpertGate.INTERLEAVED));
    }

    /**
     * The attention weights live in the same variable as the routing weights after them (GptOssDecoderLayer, GptOssMLP).
     */
    private record GptOssBlock(
            Transform inputNorm, Mixer attention, Transform innerNorm, Router router, GroupedExperts experts)
            implements Block {

        @Override
        public Tensor apply(Tape tape, Tensor input, Pass pass, Context context) {
            tape.at("input norm");
            Tensor hidden = inputNorm.apply(tape, input);
            tape.at("attention");
            ScoredAttention.Result mixed = attention.apply(tape, hidden, pass, context);
            hidden = tape.rebind(hidden, mixed.output());
            tape.at("residual");
            hidden = tape.rebind(hidden, Arithmetic.add(tape, input, hidden));
            Tensor residual = tape.alias(hidden);
            tape.at("inner norm");
            hidden = tape.rebind(hidden, innerNorm.apply(tape, hidden));
            tape.at("feed-forward");
            Router.Routed routed = router.route(tape, hidden);
            Tensor visited = experts.apply(tape, hidden, routed.indices(), routed.weights());
            tape.drop(routed.logits());
            tape.drop(routed.indices());
            hidden = tape.rebind(hidden, visited);
            if (mixed.weights() != null) {
                tape.drop(mixed.weights());
            }
            tape.at("residual");
            hidden = tape.rebind(hidden, Arithmetic.add(tape, residual, hidden));
            tape.drop(residual);
            tape.drop(routed.weights());
            return hidden;
        }
    }
}
