package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Gemma 4's text decoder: wider heads in the layers that see everything, experts beside the network, a table for every
 * layer, and last layers that take keys and values from earlier ones.
 */
final class Gemma4s {

    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private final Config config;
    private final Shape shape;
    private final boolean valuesAreKeys;
    private final boolean bias;
    private final int firstShared;
    private final long perLayer;
    private final Optional<Experts> experts;

    private Gemma4s(Config config, Shape shape) {
        this.config = config;
        this.shape = shape;
        valuesAreKeys = config.flag(false, "attention_k_eq_v");
        bias = config.flag(false, "attention_bias");
        int shared = config.count(Range.LAYERS_OR_NONE, 0, "num_kv_shared_layers");
        config.require(shared < shape.layers(), "num_kv_shared_layers", shared, "less than " + shape.layers());
        firstShared = shape.layers() - shared;
        perLayer = config.count(Range.WIDTH_OR_NONE, 256, "hidden_size_per_layer_input");
        experts = config.flag(false, "enable_moe_block") ? Optional.of(experts(config, shape)) : Optional.empty();
    }

    static Decoder text(Config config) {
        Shape shape = Shape.grouped(config, new Defaults(262_144, 2304, 9216, 30, 8, 4, 256, 131_072));
        Gemma4s gemma = new Gemma4s(config, shape);
        Windows windows = windows(config, shape);
        int last = shape.layers() - 1;
        Decoder usual = Decoder.usual(config, shape, true);
        return usual.beside(gemma.tables())
                .layers(i -> gemma.layer(i, i < last ? windows.at(i) : OptionalInt.empty()))
                .extra("model.layers.{i}.layer_scalar", shape.layers(), Cause.BUFFER);
    }

    private static Experts experts(Config config, Shape shape) {
        int count = config.required(Range.EXPERTS, "num_experts");
        int visited = config.required(Range.EXPERTS, "top_k_experts");
        int width = config.required(Range.WIDTH, "moe_intermediate_size");
        config.require(visited <= count, "top_k_experts", visited, "at most the " + count + " experts");
        return new Experts(count, Math.min(visited, count), width, shape.inner(), FeedForward.Routing.ungrouped(true));
    }

    private static Windows windows(Config config, Shape shape) {
        int width = config.count(Range.TOKENS, 512, "sliding_window");
        Optional<String> both = config.text("use_bidirectional_attention");
        both.ifPresent(text -> {
            if (!text.equals("all") && !text.equals("vision")) {
                config.refuse("use_bidirectional_attention", text, "\"all\" or \"vision\"");
            }
        });
        int seen = both.equals(Optional.of("all")) ? width / 2 + 1 : width;
        return Windows.read(config, shape, OptionalInt.of(seen), i -> (i + 1) % 6 != 0);
    }

    /** What is looked up for each layer. */
    private Tensors tables() {
        Tensors none = new Tensors("model.");
        if (perLayer == 0) {
            return none;
        }
        long all = perLayer * shape.layers();
        return none.embedding(
                        "embed_tokens_per_layer", config.count(Range.ROWS, 262_144, "vocab_size_per_layer_input"), all)
                .linear("per_layer_model_projection", shape.hidden(), all, false)
                .norm("per_layer_projection_norm", perLayer);
    }

    private Layer layer(int i, OptionalInt window) {
        boolean full = window.isEmpty();
        boolean borrows = i >= firstShared;
        Attention.Grouped attention = attention(i, full, window);
        int inner = config.flag(false, "use_double_wide_mlp") && borrows
                ? Math.multiplyExact(2, shape.inner())
                : shape.inner();
        long hidden = shape.hidden();
        Tensors block = projections(attention, full && valuesAreKeys, borrows)
                .gated("mlp", hidden, inner, false)
                .norms(
                        hidden,
                        "input_layernorm",
                        "post_attention_layernorm",
                        "pre_feedforward_layernorm",
                        "post_feedforward_layernorm")
                .when(
                        perLayer > 0,
                        before -> before.linear("per_layer_input_gate", hidden, perLayer, false)
                                .linear("per_layer_projection", perLayer, hidden, false)
                                .norm("post_per_layer_input_norm", hidden));
        Activation activation = Activations.read(config, Activation.GELU_TANH, "hidden_activation");
        FeedForward network = experts.<FeedForward>map(e -> new FeedForward.Experts(
                        e.count(), e.perToken(), e.width(), inner, true, activation, e.routing()))
                .orElse(new FeedForward.Dense(inner, true, activation));
        return new Layer(
                borrows ? new Attention.Borrowed(attention) : attention,
                network,
                experts.map(e -> mixture(block, e)).orElse(block).list());
    }

    private Tensors mixture(Tensors before, Experts e) {
        long hidden = shape.hidden();
        return before.add("router.scale", Kind.OTHER, hidden)
                .add("router.per_expert_scale", Kind.OTHER, (long) e.count())
                .linear("router.proj", hidden, e.count(), false)
                .experts("experts", e.count(), hidden, e.width())
                .norms(
                        hidden,
                        "post_feedforward_layernorm_1",
                        "post_feedforward_layernorm_2",
                        "pre_feedforward_layernorm_2");
    }

    private Tensors projections(Attention.Grouped attention, boolean withoutValues, boolean borrows) {
        long hidden = shape.hidden();
        long queries = (long) attention.heads() * attention.headSize();
        long keys = (long) attention.keyValueHeads() * attention.headSize();
        return Tensors.layer()
                .linear("self_attn.q_proj", hidden, queries, bias)
                .norm("self_attn.q_norm", attention.headSize())
                .when(
                        !borrows,
                        before -> before.norm("self_attn.k_norm", attention.headSize())
                                .linear("self_attn.k_proj", hidden, keys, bias)
                                .when(!withoutValues, more -> more.linear("self_attn.v_proj", hidden, keys, bias)))
                .linear("self_attn.o_proj", queries, hidden, bias);
    }

    /** The heads of a layer: what {@code per_layer_config} says of it, or else what the kind of layer has. */
    private Attention.Grouped attention(int i, boolean full, OptionalInt window) {
        int headSize = shape.headSize();
        int keyValueHeads = shape.keyValueHeads();
        Optional<Config> layers = config.nested("per_layer_config");
        if (layers.isPresent()) {
            Config own = layers.get().nested(String.valueOf(i)).orElseGet(config::empty);
            headSize = own.count(Range.WIDTH, headSize, "head_dim");
            keyValueHeads = own.count(Range.HEADS, keyValueHeads, "num_key_value_heads");
        } else if (full) {
            headSize = config.count(Range.WIDTH, 512, "global_head_dim");
            OptionalInt stated = config.optional(Range.HEADS, "num_global_key_value_heads");
            keyValueHeads = valuesAreKeys ? stated.orElse(keyValueHeads) : keyValueHeads;
        }
        boolean divides = shape.heads() % keyValueHeads == 0;
        config.require(
                divides, "num_global_key_value_heads", keyValueHeads, "a divisor of the " + shape.heads() + " heads");
        return new Attention.Grouped(
                shape.heads(), divides ? keyValueHeads : 1, headSize, rotarySize(headSize, full), window);
    }

    /** Where nothing else is said, layers that see everything rotate a quarter. */
    private int rotarySize(int headSize, boolean full) {
        Optional<Config> rope = config.nested("rope_parameters");
        if (rope.isEmpty()) {
            return full ? headSize / 4 / 2 * 2 : headSize;
        }
        Config own = rope.get().nested(full ? FULL : SLIDING).orElseGet(config::empty);
        boolean proportional = own.text("rope_type").equals(Optional.of("proportional"));
        return proportional ? 2 * (int) (own.share(1, "partial_rotary_factor") * headSize / 2) : headSize;
    }
}
