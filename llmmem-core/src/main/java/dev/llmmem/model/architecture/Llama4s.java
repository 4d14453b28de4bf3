package dev.llmmem.model.architecture;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** Llama 4: attention within chunks of the text, experts in every layer or every other one, an image tower. */
final class Llama4s {

    private static final String TOWER = "vision_model.";

    private Llama4s() {}

    static Decoder text(Config config) {
        int headSize = config.has("head_dim") ? Shape.DERIVED : 128;
        Shape shape = Shape.grouped(config, new Defaults(202_048, 5120, 8192, 48, 40, 8, headSize, 131_072));
        boolean[] rotated = Llamas.rotatedLayers(
                config, shape, config.list("no_rope_layers").filter(list -> !list.isEmpty()));
        OptionalInt chunk = config.nullable(Range.TOKENS, 8192, "attention_chunk_size");
        Windows windows = Windows.read(config, shape, chunk, "chunked_attention", i -> rotated[i]);
        Experts experts = Experts.read(
                        Experts.counted(config, "num_local_experts"), 16, 1, shape.inner(), shape.inner())
                .routed(FeedForward.Routing.ungrouped(false));
        boolean bias = config.flag(false, "attention_bias");
        Shape wide = shape.withInner(config.count(Range.WIDTH, 16_384, "intermediate_size_mlp"));
        Tensors attention = Tensors.layer().attention(shape, bias, bias);
        List<Parameter> dense = norms(attention.gated("feed_forward", shape.hidden(), wide.inner(), false), shape);
        List<Parameter> sparse = norms(mixture(attention, shape, experts), shape);
        IntPredicate isSparse = sparseLayers(config);
        return Decoder.usual(config, shape, false)
                .layers(i -> new Layer(
                        shape.attention(rotated[i] ? shape.headSize() : 0, windows.at(i)),
                        isSparse.test(i) ? experts.feedForward(config) : Llamas.gated(config, wide),
                        isSparse.test(i) ? sparse : dense));
    }

    static Decoder whole(Config config) {
        Config images = Multimodals.vision(config);
        Decoder decoder = text(Multimodals.text(config));
        Tensors projector = new Tensors("multi_modal_projector.")
                .linear(
                        "linear_1",
                        images.count(Range.WIDTH, 7680, "vision_output_dim"),
                        decoder.shape().hidden(),
                        false);
        return decoder.headTied("language_model.lm_head", decoder.tied())
                .renamed(name -> "language_model." + name)
                .tower(tower(images).with(projector).vision());
    }

    private static Tensors mixture(Tensors before, Shape shape, Experts experts) {
        long count = experts.count();
        long hidden = shape.hidden();
        long inner = experts.width();
        return before.add("feed_forward.experts.gate_up_proj", Kind.EXPERTS, count, hidden, 2 * inner)
                .add("feed_forward.experts.down_proj", Kind.EXPERTS, count, inner, hidden)
                .linear("feed_forward.router", hidden, count, false)
                .gated("feed_forward.shared_expert", hidden, inner, false);
    }

    private static List<Parameter> norms(Tensors block, Shape shape) {
        return block.norms(shape.hidden(), "input_layernorm", "post_attention_layernorm")
                .list();
    }

    /** The layers that {@code moe_layers} lists, or else every {@code interleave_moe_layer_step}-th. */
    private static IntPredicate sparseLayers(Config config) {
        int step = config.count(Range.LAYERS, 1, "interleave_moe_layer_step");
        Optional<List<?>> stated = config.list("moe_layers");
        return i -> stated.isPresent() ? stated.get().contains((long) i) : (i + 1) % step == 0;
    }

    private static Parts tower(Config config) {
        int hidden = config.count(Range.WIDTH, 768, "hidden_size");
        long inner = config.count(Range.WIDTH, 5632, "intermediate_size");
        Vision.requireHeads(config, hidden, "num_attention_heads", 16);
        Vision.Patches patches = Vision.Patches.read(config, 448, 14);
        Tensors first = new Tensors(TOWER)
                .add("class_embedding", Kind.OTHER, (long) hidden)
                .add("positional_embedding_vlm", Kind.OTHER, patches.count() + 1, (long) hidden)
                .linear("patch_embedding.linear", patches.elements(), hidden, false)
                .layerNorms(hidden, "layernorm_pre", "layernorm_post");
        Tensors layer = new Tensors(TOWER + "model.layers.{i}.")
                .linear("self_attn.q_proj", hidden, hidden, true)
                .linear("self_attn.k_proj", hidden, hidden, true)
                .linear("self_attn.v_proj", hidden, hidden, true)
                .linear("self_attn.o_proj", hidden, hidden, true)
                .linear("mlp.fc1", hidden, inner, true)
                .linear("mlp.fc2", inner, hidden, true)
                .layerNorms(hidden, "input_layernorm", "post_attention_layernorm");
        long output = config.count(Range.WIDTH, 4096, "projector_output_dim");
        Tensors adapter = new Tensors(TOWER + "vision_adapter.mlp.")
                .linear("fc1", inner, config.count(Range.WIDTH, 4096, "projector_input_dim"), false)
                .linear("fc2", output, output, false);
        return new Parts()
                .with(first)
                .with(layer, config.count(Range.LAYERS, 34, "num_hidden_layers"))
                .with(adapter);
    }
}
