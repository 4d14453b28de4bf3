package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gemma: embeddings scaled by a buffer, norms by one plus a weight, in later generations on both sides of each part
 * (transformers: gemma, gemma2, gemma3).
 */
final class GemmaFamily extends LlamaFamily {

    private final Tensor embeddingScale;
    /** Gemma 2 bounds scores and logits by a tanh. */
    private final boolean capped;
    /** Gemma 3 turns layers with a window by other frequencies. */
    private final boolean twoTables;

    GemmaFamily(Setup setup) {
        super(setup);
        this.embeddingScale = Tape.parameter(1, 1, setup.training().weights(), false);
        this.capped = spec.modelType().equals("gemma2");
        this.twoTables = spec.modelType().startsWith("gemma3");
    }

    @Override
    public List<Buffer> buffers() {
        Attention.Grouped attention = (Attention.Grouped) spec.layers().get(0).attention();
        long tables = spec.layers().stream()
                .map(layer -> rotaryKey(layer.attention()))
                .distinct()
                .count();
        return List.of(
                new Buffer("embedding scale", 1, 1, embeddingScale.type(), 1),
                frequencies(attention.rotarySize(), (int) tables));
    }

    @Override
    Tensor lookUp(Tape tape, long tokens) {
        return Arithmetic.multiply(tape, super.lookUp(tape, tokens).last(), embeddingScale);
    }

    @Override
    @Nullable
    Object rotaryKey(Attention attention) {
        return twoTables ? attention.window().isPresent() : super.rotaryKey(attention);
    }

    @Override
    Transform finalNorm() {
        return new GemmaNorm(modules.tensor(outer("norm.weight")));
    }

    @Override
    Transform norm(Layer layer, String name) {
        return new GemmaNorm(modules.rmsNorm(layer, name).weight());
    }

    @Override
    Block block(Layer layer) {
        if (layer.find("pre_feedforward_layernorm.weight").isEmpty()) {
            return super.block(layer);
        }
        return new SequentialBlock(
                norm(layer, "input_layernorm"),
                attention(layer).cappedIf(capped),
                norm(layer, "post_attention_layernorm"),
                norm(layer, "pre_feedforward_layernorm"),
                mlp(layer),
                norm(layer, "post_feedforward_layernorm"));
    }

    @Override
    HeadProjections heads(Layer layer) {
        SeparateHeads heads = separateHeads(layer);
        return layer.find("self_attn.q_norm.weight").isEmpty()
                ? heads
                : heads.normalized(
                        SeparateHeads.Norms.LATE, norm(layer, "self_attn.q_norm"), norm(layer, "self_attn.k_norm"));
    }

    @Override
    Tensor finish(Tape tape, Tensor logits) {
        if (!capped) {
            return logits;
        }
        Tensor bounded = tape.rebind(logits, Arithmetic.scale(tape, logits));
        bounded = tape.rebind(bounded, Functions.tanh(tape, bounded));
        return tape.rebind(bounded, Arithmetic.scale(tape, bounded));
    }
}
