package dev.llmmem.workload;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Small models, made by hand. */
public final class TestModels {

    private TestModels() {}

    /** Two layers like those of Llama: grouped attention, gated feed-forward, no biases, a head of its own. */
    public static ModelSpec llama() {
        return llama(2);
    }

    /** That many layers like those of Llama. */
    public static ModelSpec llama(int layers) {
        return ModelSpec.builder("llama")
                .name("tiny")
                .hiddenSize(64)
                .vocabularySize(256)
                .maxPositions(4096)
                .storedType(DType.BF16)
                .layers(Collections.nCopies(layers, llamaLayer(OptionalInt.empty())))
                .outerParameters(List.of(
                        parameter("model.embed_tokens.weight", Kind.EMBEDDING, 256, 64),
                        parameter("model.norm.weight", Kind.NORM, 64),
                        parameter("lm_head.weight", Kind.LINEAR, 256, 64)))
                .build();
    }

    /** The same with one matrix for embedding and head. */
    public static ModelSpec llamaTied() {
        return llama().toBuilder()
                .tiedHead(true)
                .outerParameters(llama().outerParameters().subList(0, 2))
                .build();
    }

    /** Layers that alternate between a sliding window and none. */
    public static ModelSpec alternating(int layers) {
        List<Layer> alternating = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            alternating.add(llamaLayer(i % 2 == 0 ? OptionalInt.of(512) : OptionalInt.empty()));
        }
        return llama().toBuilder().layers(alternating).build();
    }

    /** A layer like Llama's. */
    public static Layer llamaLayer(OptionalInt window) {
        return new Layer(
                new Attention.Grouped(4, 2, 16, 16, window),
                new FeedForward.Dense(96, true, Activation.SILU),
                List.of(
                        parameter("model.layers.{i}.self_attn.q_proj.weight", Kind.LINEAR, 64, 64),
                        parameter("model.layers.{i}.self_attn.k_proj.weight", Kind.LINEAR, 32, 64),
                        parameter("model.layers.{i}.self_attn.v_proj.weight", Kind.LINEAR, 32, 64),
                        parameter("model.layers.{i}.self_attn.o_proj.weight", Kind.LINEAR, 64, 64),
                        parameter("model.layers.{i}.mlp.gate_proj.weight", Kind.LINEAR, 96, 64),
                        parameter("model.layers.{i}.mlp.up_proj.weight", Kind.LINEAR, 96, 64),
                        parameter("model.layers.{i}.mlp.down_proj.weight", Kind.LINEAR, 64, 96),
                        parameter("model.layers.{i}.input_layernorm.weight", Kind.NORM, 64),
                        parameter("model.layers.{i}.post_attention_layernorm.weight", Kind.NORM, 64)));
    }

    /** Three layers like those of GPT-2: transposed linears with biases, learned positions, dropout, a tied head. */
    public static ModelSpec gpt2() {
        List<Parameter> parameters = new ArrayList<>();
        for (String norm : List.of("ln_1", "ln_2")) {
            parameters.add(parameter("transformer.h.{i}." + norm + ".weight", Kind.NORM, 48));
            parameters.add(parameter("transformer.h.{i}." + norm + ".bias", Kind.BIAS, 48));
        }
        linear(parameters, "attn.c_attn", 48, 144);
        linear(parameters, "attn.c_proj", 48, 48);
        linear(parameters, "mlp.c_fc", 48, 192);
        linear(parameters, "mlp.c_proj", 192, 48);
        return ModelSpec.builder("gpt2")
                .hiddenSize(48)
                .vocabularySize(128)
                .maxPositions(1024)
                .tiedHead(true)
                .dropout(new Dropout(0.1, 0.1, 0.1))
                .layers(Collections.nCopies(
                        3,
                        new Layer(
                                new Attention.Grouped(3, 3, 16, 0, OptionalInt.empty()),
                                new FeedForward.Dense(192, false, Activation.GELU_NEW),
                                parameters)))
                .outerParameters(List.of(
                        parameter("transformer.wte.weight", Kind.EMBEDDING, 128, 48),
                        parameter("transformer.wpe.weight", Kind.EMBEDDING, 1024, 48),
                        parameter("transformer.ln_f.weight", Kind.NORM, 48),
                        parameter("transformer.ln_f.bias", Kind.BIAS, 48)))
                .build();
    }

    /** One dense layer and two of experts, with latent attention, as DeepSeek has them. */
    public static ModelSpec deepseek() {
        Attention latent = new Attention.Latent(4, OptionalInt.of(24), 32, 16, 8, 16);
        Layer dense = new Layer(
                latent,
                new FeedForward.Dense(96, true, Activation.SILU),
                List.of(
                        parameter("model.layers.{i}.self_attn.q_a_proj.weight", Kind.LINEAR, 24, 64),
                        parameter("model.layers.{i}.mlp.down_proj.weight", Kind.LINEAR, 64, 96)));
        Layer experts = new Layer(
                latent,
                new FeedForward.Experts(8, 2, 32, 32, true, Activation.SILU, new FeedForward.Routing(true, 4, 2)),
                List.of(
                        parameter("model.layers.{i}.self_attn.q_a_proj.weight", Kind.LINEAR, 24, 64),
                        parameter("model.layers.{i}.mlp.experts.gate_up_proj", Kind.EXPERTS, 8, 64, 64),
                        parameter("model.layers.{i}.mlp.gate.weight", Kind.OTHER, 8, 64)));
        return ModelSpec.builder("deepseek_v3")
                .name("deep \u6df1 \ud83d\ude80 \"quoted\"")
                .hiddenSize(64)
                .vocabularySize(256)
                .maxPositions(4096)
                .layers(List.of(dense, experts, experts))
                .outerParameters(List.of(
                        parameter("model.embed_tokens.weight", Kind.EMBEDDING, 256, 64),
                        parameter("lm_head.weight", Kind.LINEAR, 256, 64)))
                .build();
    }

    /** A parameter. */
    public static Parameter parameter(String name, Kind kind, long... shape) {
        List<Long> dimensions = new ArrayList<>();
        for (long dimension : shape) {
            dimensions.add(dimension);
        }
        return new Parameter(name, dimensions, kind);
    }

    private static void linear(List<Parameter> parameters, String name, long inputs, long outputs) {
        parameters.add(parameter("transformer.h.{i}." + name + ".weight", Kind.CONV1D, inputs, outputs));
        parameters.add(parameter("transformer.h.{i}." + name + ".bias", Kind.BIAS, outputs));
    }
}
