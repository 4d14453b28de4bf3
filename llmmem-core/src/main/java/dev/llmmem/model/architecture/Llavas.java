package dev.llmmem.model.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** LLaVA (arXiv 2304.08485) and Mistral 3: one of several image towers, a projector, one of several text decoders. */
final class Llavas {

    private static final String TOWER = "model.vision_tower.";
    private static final Set<String> TEXTS = Set.of("llama", "ministral3", "mistral", "mixtral", "qwen2", "qwen3");

    /** CLIP's large tower, of a configuration without {@code vision_config}. */
    private static final Map<String, Object> CLIP_LARGE = Map.of(
            "hidden_size", 1024L,
            "intermediate_size", 4096L,
            "num_hidden_layers", 24L,
            "num_attention_heads", 16L,
            "image_size", 336L,
            "patch_size", 14L);

    /** Mistral Small 3.1, of a configuration without {@code text_config}. */
    private static final Map<String, Object> MISTRAL_SMALL = Map.of(
            "model_type", "ministral3",
            "vocab_size", 131_072L,
            "hidden_size", 5120L,
            "intermediate_size", 32_768L,
            "num_hidden_layers", 40L,
            "num_attention_heads", 32L,
            "num_key_value_heads", 8L,
            "head_dim", 128L,
            "max_position_embeddings", 131_072L);

    private Llavas() {}

    static Decoder llava(Config config) {
        Vision vision =
                vision(config.nested("vision_config").orElseGet(() -> config.other(CLIP_LARGE)), "clip_vision_model");
        Config text = Multimodals.text(config);
        Decoder decoder = decoder(text, "llama");
        boolean bias = config.flag(true, "multimodal_projector_bias");
        Tensors projector = projector(config, vision, decoder, bias, new Tensors("model.multi_modal_projector."));
        boolean outside = config.flag(false, Multimodals.TIED);
        return Multimodals.within(
                decoder.headTied(outside || decoder.tied()),
                vision.parts().with(projector).vision());
    }

    /** Four patches become one before they are projected. */
    static Decoder mistral3(Config config) {
        Vision vision = vision(
                config.nested("vision_config").orElseGet(() -> config.other(Map.of("patch_size", 14L))), "pixtral");
        Config text = config.states("text_config") || config.states("hidden_size")
                ? Multimodals.text(config)
                : config.other(MISTRAL_SMALL);
        Decoder decoder = decoder(text, "mistral");
        long hidden = vision.hidden();
        long side = config.count(Range.SIDE, 2, "spatial_merge_size");
        Tensors merger = new Tensors("model.multi_modal_projector.")
                .norm("norm", hidden)
                .linear("patch_merger.merging_layer", Math.multiplyExact(hidden, side * side), hidden, false);
        boolean bias = config.flag(false, "multimodal_projector_bias");
        Tensors projector = projector(config, vision, decoder, bias, merger);
        return Multimodals.within(
                decoder.headTied(Multimodals.tied(config, decoder)),
                vision.parts().with(projector).vision());
    }

    private static Vision vision(Config config, String absent) {
        String type = config.text("model_type").orElse(absent);
        return switch (type) {
            case "siglip_vision_model" -> ClipVision.siglip(config, TOWER);
            case "pixtral" -> PixtralVision.read(config, TOWER);
            default -> {
                if (!type.equals("clip_vision_model")) {
                    config.refuse("model_type", type, "one of clip_vision_model, pixtral, siglip_vision_model");
                }
                yield ClipVision.clip(config, TOWER);
            }
        };
    }

    private static Decoder decoder(Config text, String absent) {
        String type = text.text("model_type").orElse(absent);
        if (TEXTS.contains(type)) {
            return Architectures.read(type, text);
        }
        text.refuse("model_type", type, "one of " + String.join(", ", new TreeSet<>(TEXTS)));
        return Architectures.read(absent, text);
    }

    private static Tensors projector(Config config, Vision vision, Decoder decoder, boolean bias, Tensors before) {
        long hidden = decoder.shape().hidden();
        return before.linear("linear_1", Math.multiplyExact((long) vision.hidden(), seen(config)), hidden, bias)
                .linear("linear_2", hidden, hidden, bias);
    }

    /** Of how many of the tower's layers the output is taken. */
    private static int seen(Config config) {
        if (!config.isList("vision_feature_layer")) {
            return 1;
        }
        int layers = config.list("vision_feature_layer").map(List::size).orElse(1);
        config.require(layers >= 1, "vision_feature_layer", "[]", "a number, or a list of at least one");
        return Math.max(1, layers);
    }
}
