package dev.llmmem.model.architecture;

import dev.llmmem.model.Parameter.Kind;
import java.util.List;

/** Kimi K2.5's image tower before DeepSeek's decoder, and the layer that it shares with Muse Glimmer's. */
final class KimiVision {

    private static final String TOWER = "model.vision_tower.";

    private KimiVision() {}

    static Decoder whole(Config config) {
        Config text = Multimodals.text(config);
        String type = text.text("model_type").orElse("deepseek_v3");
        if (!type.equals("deepseek_v3") && !type.equals("kimi_k2")) {
            text.refuse("model_type", type, "deepseek_v3 or kimi_k2");
        }
        Decoder decoder = DeepSeeks.v3(text);
        Config images = fields(Multimodals.vision(config));
        long hidden = images.count(Range.WIDTH, 1152, "hidden_size");
        Tensors first = new Tensors(TOWER + "patch_embed.")
                .add(
                        "proj.weight",
                        Kind.OTHER,
                        hidden,
                        3L,
                        side(images, 14, "patch_size"),
                        side(images, 14, "patch_size"))
                .add("proj.bias", Kind.BIAS, hidden)
                .add(
                        "pos_emb.position_embeddings",
                        Kind.OTHER,
                        side(images, 64, "pos_emb_height"),
                        side(images, 64, "pos_emb_width"),
                        hidden);
        long merged = Math.multiplyExact(hidden, merged(images));
        Tensors projector = new Tensors("model.mm_projector.")
                .layerNorm("pre_norm", config.count(Range.WIDTH, 1152, "projection_hidden_size"))
                .linear("in_proj", merged, merged, true)
                .linear("out_proj", merged, decoder.shape().hidden(), true);
        Parts parts = new Parts()
                .with(first)
                .with(layer(images, hidden, 4304), images.count(Range.LAYERS, 27, "num_hidden_layers"))
                .with(new Tensors(TOWER).layerNorm("final_layernorm", hidden))
                .with(projector);
        return Multimodals.within(decoder.headTied(Multimodals.tied(config, decoder)), parts.vision());
    }

    /** The code that comes with the checkpoint has other names than transformers. */
    private static Config fields(Config config) {
        Config spelled = config;
        for (String name : List.of("hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers")) {
            spelled = spelled.spelling(name, name, "vt_" + name);
        }
        return spelled.spelling("pos_emb_height", "pos_emb_height", "init_pos_emb_height")
                .spelling("pos_emb_width", "pos_emb_width", "init_pos_emb_width");
    }

    /** How many patches become one. */
    private static long merged(Config config) {
        List<?> sides = config.list("merge_kernel_size").orElse(List.of(2L, 2L));
        boolean holds = sides.size() == 2
                && sides.stream().allMatch(side -> side instanceof Long number && Range.SIDE.holds(number));
        config.require(holds, "merge_kernel_size", sides, "two of " + Range.SIDE);
        return holds ? (Long) sides.get(0) * (Long) sides.get(1) : 1;
    }

    static long side(Config config, int absent, String name) {
        return config.count(Range.SIDE, absent, name);
    }

    /** A layer of either tower. */
    static Tensors layer(Config config, long hidden, int innerByDefault) {
        long inner = config.count(Range.WIDTH, innerByDefault, "intermediate_size");
        Vision.requireHeads(config, hidden, "num_attention_heads", 16);
        return new Tensors(TOWER + "layers.{i}.")
                .layerNorms(hidden, "norm1", "norm2")
                .linear("attn.proj", hidden, hidden, true)
                .linear("attn.q_proj", hidden, hidden, true)
                .linear("attn.k_proj", hidden, hidden, true)
                .linear("attn.v_proj", hidden, hidden, true)
                .linear("mlp.fc1", hidden, inner, true)
                .linear("mlp.fc2", inner, hidden, true);
    }
}
