package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Nemotron's models that an architecture search cut down (arXiv 2411.19146): each block of LLaMA's has attention of a
 * width of its own, a linear map in its place, or none, and a network of a width of its own, or none. The code comes with the
 * checkpoints, so what decides the shape must be stated.
 */
final class Decis {

    private static final int MULTIPLE = 256;

    private Decis() {}

    static Decoder nemotronNas(Config config) {
        config.refuseUnlessOff("attention_bias", "a bias of attention");
        config.refuseUnlessOff("mlp_bias", "a bias of the network");
        Config whole = config.states("intermediate_size") ? config : config.withDefault("intermediate_size", MULTIPLE);
        Shape shape = Shape.stated(whole, false);
        List<?> blocks = config.list("block_configs").orElse(List.of());
        config.require(
                blocks.size() == shape.layers(),
                "block_configs",
                blocks,
                "a list of " + shape.layers() + ", one a layer");
        return Decoder.usual(config, shape, false)
                .layers(i -> layer(config, shape, i < blocks.size() ? blocks.get(i) : Map.of()));
    }

    private static Layer layer(Config config, Shape shape, Object block) {
        Config read = config.element("block_configs", block);
        Config attention = part(read, "attention");
        Config network = part(read, "ffn");
        Shape own = attention.requiredFlag("no_op") || attention.requiredFlag("replace_with_linear")
                ? shape
                : shape.withKeyValueHeads(keyValueHeads(attention, shape));
        attention.refuseUnlessOff("sparsify", "a sparse block");
        attention.refuseUnlessOff("num_sink_tokens", "a window with sinks");
        network.refuseUnlessOff("sparsify", "a sparse block");
        network.refuseUnlessOff("replace_with_linear", "a linear map in the place of a network");
        Tensors tensors = Tensors.layer();
        Attention mixing = new Attention.Absent();
        if (attention.flag(false, "replace_with_linear") && !attention.flag(false, "no_op")) {
            tensors = tensors.linear("self_attn.linear_attn", shape.hidden(), shape.hidden(), false);
        } else if (!attention.flag(false, "no_op")) {
            OptionalInt window = attention.optional(Range.TOKENS, "window_length");
            mixing = own.attention(own.headSize(), window);
            tensors = tensors.attention(own, false, false);
        }
        boolean mixes = !attention.flag(false, "no_op");
        FeedForward gated = new FeedForward.Absent();
        boolean transforms = !network.requiredFlag("no_op");
        if (transforms) {
            Shape wide = shape.withInner(width(network, shape));
            gated = Llamas.gated(config, wide);
            tensors = tensors.gated("mlp", wide.hidden(), wide.inner(), false);
        }
        return new Layer(
                mixing,
                gated,
                tensors.when(mixes, named -> named.norm("input_layernorm", shape.hidden()))
                        .when(transforms, named -> named.norm("post_attention_layernorm", shape.hidden()))
                        .list());
    }

    private static Config part(Config block, String name) {
        return block.nested(name).orElseGet(() -> {
            block.refuse(name, null, "an object");
            return block.empty();
        });
    }

    private static int keyValueHeads(Config attention, Shape shape) {
        int group = attention.required(Range.HEADS, "n_heads_in_group");
        attention.require(
                shape.heads() % group == 0, "n_heads_in_group", group, "a divisor of the " + shape.heads() + " heads");
        return Math.max(1, shape.heads() / group);
    }

    /** Two thirds of a multiple of the hidden width, rounded up to a multiple of 256. */
    private static int width(Config network, Shape shape) {
        double multiplier = network.positive(1024, "ffn_mult");
        long cut = (long) (2 * multiplier * shape.hidden() / 3);
        long rounded = (cut + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
        network.require(Range.WIDTH.holds(rounded), "ffn_mult", multiplier, "a width of " + Range.WIDTH);
        return Math.toIntExact(Math.max(1, Math.min(rounded, Range.WIDTH.most())));
    }
}
