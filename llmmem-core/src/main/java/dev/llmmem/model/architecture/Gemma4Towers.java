package dev.llmmem.model.architecture;

import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.Tower;
import java.util.List;
import java.util.Optional;

/** Gemma 4 with what reads images and sound; each is there only if it has an object of its own. */
final class Gemma4Towers {

    private static final String VISION = "model.vision_tower.";
    private static final String AUDIO = "model.audio_tower.";

    private Gemma4Towers() {}

    static Decoder whole(Config config) {
        Decoder text = Gemma4s.text(Multimodals.text(config));
        Decoder decoder = Multimodals.within(text.headTied(Multimodals.tied(config, text)));
        int width = decoder.shape().hidden();
        Optional<Config> images = config.nested("vision_config");
        if (images.isPresent()) {
            decoder = decoder.tower(vision(images.get(), width));
            if (images.get().flag(false, "standardize")) {
                long hidden = images.get().count(Range.WIDTH, 768, "hidden_size");
                decoder = decoder.extra(VISION + "std_bias and std_scale", 2 * hidden, Cause.BUFFER);
            }
        }
        Optional<Config> sound = config.nested("audio_config");
        return sound.isPresent() ? decoder.tower(audio(sound.get(), width)) : decoder;
    }

    private static Tower vision(Config config, int width) {
        long hidden = config.count(Range.WIDTH, 768, "hidden_size");
        long inner = config.count(Range.WIDTH, 3072, "intermediate_size");
        int heads = config.count(Range.HEADS, 12, "num_attention_heads");
        int keyValueHeads = config.count(Range.HEADS, 12, "num_key_value_heads");
        config.require(
                heads % keyValueHeads == 0,
                "num_key_value_heads",
                keyValueHeads,
                "a divisor of the " + heads + " heads");
        long headSize = config.count(Range.WIDTH, 64, "head_dim");
        long side = config.count(Range.SIDE, 16, "patch_size");
        long positions = config.count(Range.ROWS, 10_240, "position_embedding_size");
        Tensors first = new Tensors(VISION + "patch_embedder.")
                .add("position_embedding_table", Kind.OTHER, 2L, positions, hidden)
                .linear("input_proj", 3 * side * side, hidden, false);
        Tensors layer = new Tensors(VISION + "encoder.layers.{i}.")
                .linear("self_attn.q_proj.linear", hidden, heads * headSize, false)
                .linear("self_attn.k_proj.linear", hidden, keyValueHeads * headSize, false)
                .linear("self_attn.v_proj.linear", hidden, keyValueHeads * headSize, false)
                .linear("self_attn.o_proj.linear", heads * headSize, hidden, false)
                .norms(headSize, "self_attn.q_norm", "self_attn.k_norm")
                .linear("mlp.gate_proj.linear", hidden, inner, false)
                .linear("mlp.up_proj.linear", hidden, inner, false)
                .linear("mlp.down_proj.linear", inner, hidden, false)
                .norms(
                        hidden,
                        "input_layernorm",
                        "post_attention_layernorm",
                        "pre_feedforward_layernorm",
                        "post_feedforward_layernorm");
        return new Parts()
                .with(first)
                .with(layer, config.count(Range.LAYERS, 16, "num_hidden_layers"))
                .with(new Tensors("model.embed_vision.").linear("embedding_projection", hidden, width, false))
                .vision();
    }

    private static Tower audio(Config config, int width) {
        long hidden = config.count(Range.WIDTH, 1024, "hidden_size");
        int heads = config.count(Range.HEADS, 8, "num_attention_heads");
        Vision.requireHeads(config, hidden, "num_attention_heads", 8);
        long first = channels(config, 0, 128);
        long second = channels(config, 1, 32);
        long output = config.count(Range.WIDTH, 1536, "output_proj_dims");
        Tensors before = new Tensors(AUDIO + "subsample_conv_projection.")
                .add("layer0.conv.weight", Kind.OTHER, first, 1L, 3L, 3L)
                .norm("layer0.norm", first)
                .add("layer1.conv.weight", Kind.OTHER, second, first, 3L, 3L)
                .norm("layer1.norm", second)
                .linear("input_proj_linear", first / 4 * second, hidden, false);
        Tensors attention = network(
                        "feed_forward2", network("feed_forward1", new Tensors(AUDIO + "layers.{i}."), hidden), hidden)
                .add("self_attn.per_dim_scale", Kind.OTHER, Math.max(1, hidden / heads))
                .linear("self_attn.q_proj.linear", hidden, hidden, false)
                .linear("self_attn.k_proj.linear", hidden, hidden, false)
                .linear("self_attn.v_proj.linear", hidden, hidden, false)
                .linear("self_attn.post.linear", hidden, hidden, false)
                .linear("self_attn.relative_k_proj", hidden, hidden, false);
        Tensors layer = attention
                .linear("lconv1d.linear_start.linear", hidden, 2 * hidden, false)
                .linear("lconv1d.linear_end.linear", hidden, hidden, false)
                .add("lconv1d.depthwise_conv1d.weight", Kind.OTHER, hidden, 1L, (long)
                        config.count(Range.SIDE, 5, "conv_kernel_size"))
                .norms(hidden, "lconv1d.pre_layer_norm", "lconv1d.conv_norm")
                .norms(hidden, "norm_pre_attn", "norm_post_attn", "norm_out");
        return new Tower(
                "audio",
                new Parts()
                        .with(before)
                        .with(layer, config.count(Range.LAYERS, 12, "num_hidden_layers"))
                        .with(new Tensors(AUDIO).linear("output_proj", hidden, output, true))
                        .with(new Tensors("model.embed_audio.").linear("embedding_projection", output, width, false))
                        .list());
    }

    private static Tensors network(String module, Tensors before, long hidden) {
        return before.linear(module + ".ffw_layer_1.linear", hidden, 4 * hidden, false)
                .linear(module + ".ffw_layer_2.linear", 4 * hidden, hidden, false)
                .norms(hidden, module + ".pre_layer_norm", module + ".post_layer_norm");
    }

    /** The channels of one of two convolutions; the first must be at least 4, since a quarter of them goes on. */
    private static long channels(Config config, int index, long absent) {
        List<?> stated = config.list("subsampling_conv_channels").orElse(List.of(128L, 32L));
        boolean holds = stated.size() == 2
                && stated.get(index) instanceof Long number
                && Range.WIDTH.holds(number)
                && (index > 0 || number >= 4);
        config.require(holds, "subsampling_conv_channels", stated, "two of " + Range.WIDTH + ", the first at least 4");
        return holds ? (Long) stated.get(index) : absent;
    }
}
