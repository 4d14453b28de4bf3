package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Nemotron-H and Nemotron 3 (arXiv 2504.03624): each layer is either Mamba-2, attention, a network, or experts. */
final class NemotronHs {

    private static final String NETWORK = "mlp";
    private static final String EXPERTS = "moe";

    /** What the letters of a pattern mean. */
    private static final Map<Character, String> LETTERS =
            Map.of('M', LayerKinds.RECURRENT, '*', LayerKinds.FULL, '-', NETWORK, 'E', EXPERTS);

    private NemotronHs() {}

    static Decoder nemotronH(Config config) {
        List<String> kinds = kinds(
                config.spelling("layers_block_type", "layers_block_type", "layer_types"),
                "layers_block_type",
                "hybrid_override_pattern",
                List.of(LayerKinds.RECURRENT, EXPERTS, LayerKinds.FULL, NETWORK));
        Shape shape = Shape.grouped(config, new Defaults(131_072, 4096, 21_504, 1, 32, 8, 128, 4096))
                .withLayers(kinds.size());
        Map<String, Layer> layers = Map.of(
                LayerKinds.RECURRENT,
                recurrent(config, shape),
                LayerKinds.FULL,
                full(shape),
                NETWORK,
                network(config, shape),
                EXPERTS,
                experts(config, shape));
        Tensors around = new Tensors("model.")
                .embedding("embeddings", shape.vocabulary(), shape.hidden())
                .norm("norm_f", shape.hidden());
        Decoder decoder = Decoder.of(shape, around)
                .head(config.empty(), "lm_head", shape.hidden(), false, false) // never tied, whatever is written
                .dropout(0, config.probability(0, "attention_dropout"), 0)
                .layers(i -> of(layers, kinds.get(i)));
        return predicting(config, corrected(decoder), layers);
    }

    /** With what balances the experts of each layer. */
    private static Decoder corrected(Decoder decoder) {
        long corrections = 0;
        for (Layer layer : decoder.layers()) {
            corrections += layer.feedForward() instanceof FeedForward.Experts experts ? experts.experts() : 0;
        }
        String name = "model.layers.{i}.mixer.gate.e_score_correction_bias";
        return corrections == 0 ? decoder : decoder.extra(name, corrections, StoredExtra.Cause.ROUTER_CORRECTION);
    }

    /** With layers that predict further tokens: a pattern of layers, a projection of two vectors, and three norms. */
    private static Decoder predicting(Config config, Decoder decoder, Map<String, Layer> layers) {
        int predicted = config.count(Range.LAYERS_OR_NONE, 0, "num_nextn_predict_layers");
        List<String> kinds = kinds(
                config, "mtp_layers_block_type", "mtp_hybrid_override_pattern", List.of(LayerKinds.FULL, EXPERTS));
        if (predicted == 0) {
            return decoder;
        }
        long hidden = decoder.shape().hidden();
        long each = Math.multiplyExact(hidden, 2 * hidden + 3);
        for (String kind : kinds) {
            each = Math.addExact(each, new Tensors("", of(layers, kind).parameters()).elements());
        }
        return decoder.extra("mtp", Math.multiplyExact(predicted, each), StoredExtra.Cause.TOKEN_PREDICTION);
    }

    private static Layer of(Map<String, Layer> layers, String kind) {
        return Objects.requireNonNull(layers.get(kind), kind);
    }

    /** From a list, or from a pattern of letters. */
    private static List<String> kinds(Config config, String list, String pattern, List<String> absent) {
        Optional<List<String>> listed = LayerKinds.read(config, list, Set.copyOf(LETTERS.values()));
        Optional<String> letters = config.text(pattern);
        if (listed.isPresent() || letters.isEmpty()) {
            return listed.filter(kinds -> !kinds.isEmpty()).orElse(absent);
        }
        List<String> kinds = new ArrayList<>();
        for (char letter : letters.get().toCharArray()) {
            String kind = LETTERS.get(letter);
            if (kind != null) {
                kinds.add(kind);
            }
        }
        if (kinds.size() < letters.get().length() || !Range.LAYERS.holds(kinds.size())) {
            config.refuse(pattern, letters.get(), "1 to " + Range.LAYERS.most() + " letters M, *, - or E");
            return absent;
        }
        return kinds;
    }

    private static Layer recurrent(Config config, Shape shape) {
        Mamba2 mixer = new Mamba2(
                        config.count(Range.HEADS, 128, "mamba_num_heads"),
                        config.count(Range.WIDTH, 64, "mamba_head_dim"),
                        config.spelling("n_groups", "mamba_n_groups", "n_groups")
                                .count(Range.HEADS, 8, "n_groups"),
                        config.count(Range.WIDTH, 128, "ssm_state_size"),
                        config.spelling("conv_kernel", "mamba_d_conv", "conv_kernel")
                                .count(Range.WIDTH, 4, "conv_kernel"),
                        config.spelling("use_conv_bias", "mamba_conv_bias", "use_conv_bias")
                                .flag(true, "use_conv_bias"),
                        config.flag(false, "use_bias"))
                .grouped(config, "n_groups");
        Tensors block = mixer.add(block(shape), "mixer", shape.hidden());
        return new Layer(mixer.attention(), new FeedForward.Absent(), block.list());
    }

    /** Attention without positions. */
    private static Layer full(Shape shape) {
        Tensors block = block(shape)
                .linear("mixer.q_proj", shape.hidden(), shape.queries(), false)
                .linear("mixer.k_proj", shape.hidden(), shape.keys(), false)
                .linear("mixer.v_proj", shape.hidden(), shape.keys(), false)
                .linear("mixer.o_proj", shape.queries(), shape.hidden(), false);
        return new Layer(shape.attention(0), new FeedForward.Absent(), block.list());
    }

    private static Layer network(Config config, Shape shape) {
        return new Layer(
                new Attention.Absent(),
                new FeedForward.Dense(shape.inner(), false, activation(config)),
                plain(block(shape), "mixer", shape.hidden(), shape.inner(), config.flag(false, "mlp_bias"))
                        .list());
    }

    /** Experts that may read and write a narrower vector, and one for all tokens that does not. */
    private static Layer experts(Config config, Shape shape) {
        int width = config.count(Range.WIDTH, 7688, "moe_intermediate_size");
        int shared = config.count(Range.WIDTH, 7688, "moe_shared_expert_intermediate_size");
        boolean bias = config.flag(false, "mlp_bias");
        OptionalInt latent = config.optional(Range.WIDTH, "moe_latent_size");
        long read = latent.orElse(shape.hidden());
        Experts experts = Experts.read(
                        Experts.counted(config, "num_local_experts", "n_routed_experts"), 8, 2, width, shared)
                .routed(DeepSeeks.routing(config, true, config.flag(true, "norm_topk_prob"), 1, 1));
        long count = experts.count();
        Tensors block = plain(
                        block(shape)
                                .add("mixer.experts.up_proj", Kind.EXPERTS, count, (long) width, read)
                                .add("mixer.experts.down_proj", Kind.EXPERTS, count, read, (long) width)
                                .router("mixer.gate", count, shape.hidden()),
                        "mixer.shared_experts",
                        shape.hidden(),
                        shared,
                        bias)
                .when(
                        latent.isPresent(),
                        layer -> layer.linear("mixer.fc1_latent_proj", shape.hidden(), read, bias)
                                .linear("mixer.fc2_latent_proj", read, shape.hidden(), bias));
        FeedForward network = new FeedForward.Experts(
                experts.count(), experts.perToken(), width, shared, false, activation(config), experts.routing());
        return new Layer(new Attention.Absent(), network, block.list());
    }

    private static Activation activation(Config config) {
        return Activations.read(config, Activation.RELU_SQUARED, "mlp_hidden_act");
    }

    private static Tensors block(Shape shape) {
        return Tensors.layer().norm("norm", shape.hidden());
    }

    private static Tensors plain(Tensors block, String module, long hidden, long inner, boolean bias) {
        return block.linear(module + ".up_proj", hidden, inner, bias)
                .linear(module + ".down_proj", inner, hidden, bias);
    }
}
