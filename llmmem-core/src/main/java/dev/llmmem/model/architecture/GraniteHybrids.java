package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** Mamba-2 with attention in some layers: IBM's Granite 4 and Bamba. */
final class GraniteHybrids {

    private static final Set<String> KINDS = Set.of(LayerKinds.RECURRENT, LayerKinds.FULL);

    private GraniteHybrids() {}

    /** Granite 4: a network for all tokens, and a mixture of experts beside it where there are experts. */
    static Decoder granite(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(32_000, 4096, 11_008, 32, 32, DERIVED, DERIVED, 2048));
        Config listed = config.spelling("layer_types", "layer_types", "layers_block_type");
        List<String> kinds = LayerKinds.read(listed, "layer_types", shape.layers(), KINDS, i -> LayerKinds.RECURRENT);
        int shared = config.count(Range.WIDTH, 1024, "shared_intermediate_size");
        Config counted = Experts.counted(config, "num_local_experts");
        Tensors block = Tensors.layer().norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
        FeedForward network = new FeedForward.Dense(shared, true, Activations.silu(config));
        if (config.count(new Range(0, Range.EXPERTS.most(), "experts"), 8, "num_local_experts") > 0) {
            Experts experts = Experts.read(counted, 8, 2, shape.inner(), shared);
            network = experts.feedForward(config);
            block = block.router("block_sparse_moe.router", experts.count(), shape.hidden())
                    .experts("block_sparse_moe.experts", experts.count(), shape.hidden(), experts.width());
        }
        block = block.linear("shared_mlp.input_linear", shape.hidden(), 2L * shared, false)
                .linear("shared_mlp.output_linear", shared, shape.hidden(), false);
        boolean rotates = config.text("position_embedding_type").equals(Optional.of("rope"));
        Attention attention = shape.attention(rotates ? shape.headSize() : 0);
        return decoder(
                Decoder.usual(config, shape, false),
                config,
                i -> kinds.get(i).equals(LayerKinds.FULL),
                attention,
                network,
                block);
    }

    /** Bamba: half of each head is rotated. */
    static Decoder bamba(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(128_000, 4096, 14_336, 32, 32, 8, DERIVED, 262_144));
        Set<Object> attending = new HashSet<>(config.list("attn_layer_indices").orElse(List.of()));
        Tensors block = Jambas.gated(Tensors.layer(), shape, config.flag(false, "mlp_bias"))
                .norms(shape.hidden(), "input_layernorm", "pre_ff_layernorm");
        return decoder(
                Jambas.decoder(config, shape, "final_layernorm"),
                config,
                i -> attending.contains((long) i),
                shape.attention(Rotary.partial(config, shape, 0.5)),
                Llamas.gated(config, shape),
                block);
    }

    private static Decoder decoder(
            Decoder decoder,
            Config config,
            IntPredicate attends,
            Attention attention,
            FeedForward network,
            Tensors block) {
        Shape shape = decoder.shape();
        Mamba2 mixer = mixer(config, shape);
        boolean bias = config.flag(false, "attention_bias");
        Layer full =
                new Layer(attention, network, block.attention(shape, bias, bias).list());
        Layer recurrent = new Layer(
                mixer.attention(),
                network,
                mixer.add(block, "mamba", shape.hidden()).list());
        return decoder.layers(i -> attends.test(i) ? full : recurrent);
    }

    private static Mamba2 mixer(Config config, Shape shape) {
        long inner = (long) shape.hidden() * config.count(Range.WIDTH, 2, "mamba_expand");
        int heads = config.count(Range.HEADS, 128, "mamba_n_heads");
        return new Mamba2(
                        heads,
                        headSize(config, inner / heads),
                        config.count(Range.HEADS, 1, "mamba_n_groups"),
                        config.count(Range.WIDTH, 256, "mamba_d_state"),
                        config.count(Range.WIDTH, 4, "mamba_d_conv"),
                        config.flag(true, "mamba_conv_bias"),
                        config.flag(false, "mamba_proj_bias"))
                .grouped(config, "mamba_n_groups")
                .filling(config, "mamba_n_heads", inner);
    }

    private static int headSize(Config config, long derived) {
        String name = "mamba_d_head";
        if (config.has(name) && !(config.isText(name) && config.text(name).equals(Optional.of("auto")))) {
            return config.count(Range.WIDTH, 1, name);
        }
        config.require(Range.WIDTH.holds(derived), name, derived, Range.WIDTH.toString());
        return (int) Math.max(1, Math.min(derived, Range.WIDTH.most()));
    }
}
