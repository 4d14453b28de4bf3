package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;

/** Models of state spaces alone (arXiv 2312.00752, 2405.21060): nothing is cached per token. */
final class StateSpaces {

    private StateSpaces() {}

    /** Mamba, and Falcon Mamba (arXiv 2410.05355), whose further norms have no parameters. */
    static Decoder mamba(Config config) {
        Shape shape = Shape.headless(config, 50_280, 768, 32);
        Mamba mixer = new Mamba(
                inner(config, shape),
                config.count(Range.WIDTH, 16, "state_size"),
                config.count(Range.WIDTH, 4, "conv_kernel"),
                Mamba.rank(config, shape.hidden(), "time_step_rank"),
                config.flag(true, "use_conv_bias"),
                config.flag(false, "use_bias"));
        return decoder(config, shape, mixer.attention(), mixer.add(block(shape), "mixer", shape.hidden()), true);
    }

    static Decoder mamba2(Config config) {
        Shape shape = Shape.headless(config, 32_768, 4096, 64);
        Mamba2 mixer = new Mamba2(
                        config.count(Range.HEADS, 128, "num_heads"),
                        config.count(Range.WIDTH, 64, "head_dim"),
                        config.count(Range.HEADS, 8, "n_groups"),
                        config.count(Range.WIDTH, 128, "state_size"),
                        config.count(Range.WIDTH, 4, "conv_kernel"),
                        config.flag(true, "use_conv_bias"),
                        config.flag(false, "use_bias"))
                .grouped(config, "n_groups")
                .filling(config, "num_heads", (long) shape.hidden() * config.count(Range.WIDTH, 2, "expand"));
        return decoder(config, shape, mixer.attention(), mixer.add(block(shape), "mixer", shape.hidden()), false);
    }

    /** The inner width, which a file may state itself. */
    private static long inner(Config config, Shape shape) {
        long derived = (long) shape.hidden() * config.count(Range.WIDTH, 2, "expand");
        return config.has("intermediate_size") ? config.count(Range.WIDTH, 1, "intermediate_size") : derived;
    }

    private static Tensors block(Shape shape) {
        return new Tensors("backbone.layers.{i}.").norm("norm", shape.hidden());
    }

    private static Decoder decoder(Config config, Shape shape, Attention attention, Tensors block, boolean tied) {
        Tensors around = new Tensors("backbone.")
                .embedding("embeddings", shape.vocabulary(), shape.hidden())
                .norm("norm_f", shape.hidden());
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, tied)
                .layers(attention, new FeedForward.Absent(), block);
    }
}
