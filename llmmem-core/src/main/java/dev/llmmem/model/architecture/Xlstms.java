package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;

/** xLSTM (arXiv 2405.04517, 2503.13427): a matrix of memory for each head, and a gated network. */
final class Xlstms {

    private final int hidden;
    private final int heads;
    private final long keys;
    private final long values;
    private final int inner;
    private final boolean bias;

    private Xlstms(Config config, int hidden) {
        this.hidden = hidden;
        this.heads = config.count(Range.HEADS, 8, "num_heads");
        this.keys = width(config, "qk_dim_factor", 0.5);
        this.values = width(config, "v_dim_factor", 1);
        this.inner = inner(config);
        this.bias = config.flag(false, "use_bias");
        config.text("weight_mode")
                .filter(mode -> !mode.equals("single"))
                .ifPresent(
                        mode -> config.refuse("weight_mode", mode, "\"single\", since transformers builds no other"));
    }

    static Decoder xlstm(Config config) {
        Shape shape = Shape.headless(
                config.spelling("num_hidden_layers", "num_blocks", "num_hidden_layers"), 50_304, 4096, 32);
        int hidden = shape.hidden();
        config.optional(Range.WIDTH, "embedding_dim")
                .ifPresent(width -> config.require(
                        width == hidden, "embedding_dim", width, "the hidden width " + hidden + ", or absent"));
        Tensors around = new Tensors("backbone.")
                .embedding("embeddings", shape.vocabulary(), hidden)
                .norm("out_norm", hidden);
        Xlstms block = new Xlstms(config, hidden);
        return Decoder.of(shape, around)
                .head(config.empty(), "lm_head", hidden, false, false) // never tied, whatever is written
                .layers(block.attention(), new FeedForward.Dense(block.inner, true, Activation.SILU), block.tensors());
    }

    /** Keeps for each head a matrix of keys by values, a vector of keys, and a number. */
    private Attention attention() {
        long memory = Math.multiplyExact(keys, values / heads + 1);
        return new Attention.Recurrent(Attention.Recurrent.Rule.MLSTM, heads, Math.addExact(memory, heads));
    }

    private Tensors tensors() {
        Tensors block = norm(new Tensors("backbone.blocks.{i}."), "norm_mlstm", hidden);
        block = norm(gates(block), "mlstm_layer.multihead_norm", values)
                .linear("mlstm_layer.out_proj", values, hidden, bias);
        block = norm(block, "norm_ffn", hidden);
        return block.linear("ffn.proj_up_gate", hidden, inner, bias)
                .linear("ffn.proj_up", hidden, inner, bias)
                .linear("ffn.proj_down", inner, hidden, bias);
    }

    private Tensors gates(Tensors block) {
        return block.linear("mlstm_layer.q", hidden, keys, bias)
                .linear("mlstm_layer.k", hidden, keys, bias)
                .linear("mlstm_layer.v", hidden, values, bias)
                .linear("mlstm_layer.ogate_preact", hidden, values, bias)
                .linear("mlstm_layer.igate_preact", hidden, heads, true)
                .linear("mlstm_layer.fgate_preact", hidden, heads, true);
    }

    private Tensors norm(Tensors block, String module, long width) {
        return bias ? block.layerNorm(module, width) : block.norm(module, width);
    }

    /** A factor of the hidden width, which the heads share. */
    private long width(Config config, String name, double absent) {
        double factor = config.factor(absent, name);
        long width = (long) (hidden * factor);
        config.require(
                width >= heads && width % heads == 0,
                name,
                factor,
                "a factor of the hidden width " + hidden + " that gives a multiple of the " + heads + " heads");
        return Math.max(1, width);
    }

    private int inner(Config config) {
        int multiple = config.count(Range.WIDTH, 64, "ffn_round_up_to_multiple_of");
        double width = hidden * config.factor(2.667, "ffn_proj_factor");
        long multiples = (long) ((width + multiple - 1) / multiple);
        long rounded = multiples * multiple;
        config.require(Range.WIDTH.holds(rounded), "ffn_proj_factor", rounded, Range.WIDTH + " of width");
        return (int) Math.max(1, Math.min(rounded, Range.WIDTH.most()));
    }
}
