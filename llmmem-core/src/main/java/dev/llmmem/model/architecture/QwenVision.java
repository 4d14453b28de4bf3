package dev.llmmem.model.architecture;

import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.Tower;
import java.util.List;

/** The image towers of Qwen2-VL, 2.5-VL and 3-VL (arXiv 2409.12191, 2502.13923, 2511.21631): patches of two frames. */
final class QwenVision {

    private static final String PREFIX = "model.visual.";

    private final Config config;
    private final long hidden;
    private final int layers;

    private QwenVision(Config config, int hidden, int layers) {
        this.config = config;
        this.hidden = hidden;
        this.layers = layers;
        Vision.requireHeads(config, hidden, "num_heads", 16);
    }

    static Tower second(Config config) {
        int hidden = config.count(Range.WIDTH, 1280, "embed_dim");
        long inner = (long) hidden * config.count(Range.WIDTH, 4, "mlp_ratio");
        QwenVision vision = new QwenVision(config, hidden, config.count(Range.LAYERS, 32, "depth"));
        Tensors block = vision.attention(new Tensors(PREFIX + "blocks.{i}.").layerNorms(hidden, "norm1", "norm2"))
                .linear("mlp.fc1", hidden, inner, true)
                .linear("mlp.fc2", inner, hidden, true);
        Tensors merger = new Tensors(PREFIX).layerNorm("merger.ln_q", hidden);
        return new Parts()
                .with(vision.patches(14))
                .with(block, vision.layers)
                .with(vision.merger(merger, "merger.mlp.0", "merger.mlp.2", "hidden_size"))
                .vision();
    }

    static Tower secondAndHalf(Config config) {
        int hidden = config.count(Range.WIDTH, 3584, "hidden_size");
        long inner = config.count(Range.WIDTH, 3420, "intermediate_size");
        QwenVision vision = new QwenVision(config, hidden, config.count(Range.LAYERS, 32, "depth"));
        Tensors block = vision.attention(new Tensors(PREFIX + "blocks.{i}.").norms(hidden, "norm1", "norm2"))
                .gated("mlp", hidden, inner, true);
        Tensors merger = new Tensors(PREFIX).norm("merger.ln_q", hidden);
        return new Parts()
                .with(vision.patches(14))
                .with(block, vision.layers)
                .with(vision.merger(merger, "merger.mlp.0", "merger.mlp.2", "out_hidden_size"))
                .vision();
    }

    /** With a table of positions, and mergers for what some blocks see, three unless listed. */
    static Tower third(Config config) {
        return third(
                config, config.list("deepstack_visual_indexes").map(List::size).orElse(3));
    }

    static Tower third(Config config, int deep) {
        int hidden = config.count(Range.WIDTH, 1152, "hidden_size");
        long inner = config.count(Range.WIDTH, 4304, "intermediate_size");
        QwenVision vision = new QwenVision(config, hidden, config.count(Range.LAYERS, 27, "depth"));
        Tensors first = vision.patches(16)
                .add("patch_embed.proj.bias", Kind.BIAS, vision.hidden)
                .embedding("pos_embed", config.count(Range.ROWS, 2304, "num_position_embeddings"), hidden);
        Tensors block = vision.attention(new Tensors(PREFIX + "blocks.{i}.").layerNorms(hidden, "norm1", "norm2"))
                .linear("mlp.linear_fc1", hidden, inner, true)
                .linear("mlp.linear_fc2", inner, hidden, true);
        Tensors merger = new Tensors(PREFIX + "merger.").layerNorm("norm", hidden);
        Tensors deeper = new Tensors(PREFIX + "deepstack_merger_list.{i}.").layerNorm("norm", vision.merged());
        return new Parts()
                .with(first)
                .with(block, vision.layers)
                .with(vision.merger(merger, "linear_fc1", "linear_fc2", "out_hidden_size"))
                .with(vision.merger(deeper, "linear_fc1", "linear_fc2", "out_hidden_size"), deep)
                .vision();
    }

    private Tensors patches(int sideByDefault) {
        long side = config.count(Range.SIDE, sideByDefault, "patch_size");
        long frames = config.count(Range.SIDE, 2, "temporal_patch_size");
        long channels = config.count(Range.WIDTH, 3, "in_channels");
        return new Tensors(PREFIX).add("patch_embed.proj.weight", Kind.OTHER, hidden, channels, frames, side, side);
    }

    private Tensors attention(Tensors before) {
        return before.linear("attn.qkv", hidden, 3 * hidden, true).linear("attn.proj", hidden, hidden, true);
    }

    /** The width of patches that are made one. */
    private long merged() {
        long side = config.count(Range.SIDE, 2, "spatial_merge_size");
        return Math.multiplyExact(hidden, side * side);
    }

    private Tensors merger(Tensors before, String first, String second, String width) {
        long merged = merged();
        return before.linear(first, merged, merged, true)
                .linear(second, merged, config.count(Range.WIDTH, 3584, width), true);
    }
}
