package dev.llmmem.model;

import com.google.common.base.Splitter;
import java.util.Optional;
import java.util.Set;

/** What a parameter is for; {@link ParameterCounts} counts by these groups. */
public enum ParameterGroup {
    /** Tables of tokens and positions, and what changes the width beside them (OPT-350m, ELECTRA). */
    EMBEDDING,
    /** What mixes tokens: attention, or a recurrence. */
    MIXING,
    /** Networks that every token passes, shared experts included. */
    FEED_FORWARD,
    /** Networks of which a router picks some for each token. */
    ROUTED_EXPERTS,
    /** What scores the experts. */
    ROUTER,
    /** Scales and shifts of normalizations. */
    NORM,
    /** The output head, unless it is the embedding, and what is between it and the layers. */
    HEAD,
    /** Towers: what reads images, or the encoder of an encoder-decoder. */
    TOWER,
    /** Anything else. */
    OTHER;

    /** Parts of names, between dots, that lead into what mixes tokens, in the model types that can be read. */
    private static final Set<String> MIXERS = Set.of(
            "att_proj",
            "attn",
            "attn_out",
            "attention",
            "self_attn",
            "self_attention",
            "SelfAttention",
            "EncDecAttention",
            "multi_head_attention",
            "encoder_attn",
            "cross_attn",
            "linear_attn",
            "mixer",
            "mamba",
            "conv",
            "mlstm_layer");

    /** Parts that lead into the network of a layer. */
    private static final Set<String> NETWORKS = Set.of(
            "mlp",
            "ffn",
            "ffn_output",
            "feed_forward",
            "ff_out",
            "ff_proj",
            "fc1",
            "fc2",
            "intermediate",
            "output",
            "DenseReluDense",
            "shared_mlp",
            "block_sparse_moe",
            "experts");

    private static final Set<String> ROUTERS = Set.of("router", "gate");

    private static final Splitter PARTS = Splitter.on('.');

    /** The group of a parameter of a layer. */
    static ParameterGroup of(Parameter parameter, Layer layer) {
        if (parameter.kind() == Parameter.Kind.NORM) {
            return NORM;
        }
        boolean routed = layer.feedForward() instanceof FeedForward.Experts;
        boolean mixes = !(layer.attention() instanceof Attention.Absent);
        boolean inNetwork = !mixes;
        for (String part : PARTS.split(parameter.name())) {
            if (mixes && MIXERS.contains(part)) {
                return MIXING;
            }
            if (routed && ROUTERS.contains(part)) {
                return ROUTER;
            }
            if (routed && part.equals("experts")) {
                return ROUTED_EXPERTS;
            }
            inNetwork |= NETWORKS.contains(part);
        }
        if (inNetwork) {
            return parameter.kind() == Parameter.Kind.EXPERTS ? ROUTED_EXPERTS : FEED_FORWARD;
        }
        return OTHER;
    }

    /** The group of a parameter outside the layers and towers. */
    static ParameterGroup of(Parameter parameter, ModelSpec model) {
        return switch (parameter.kind()) {
            case NORM -> NORM;
            case EMBEDDING -> EMBEDDING;
            case LINEAR, CONV1D ->
                Heads.holds(parameter) || (!model.tiedHead() && parameter.outputs() == model.vocabularySize())
                        ? HEAD
                        : EMBEDDING;
            case BIAS -> Heads.holds(parameter) || parameter.elements() == model.vocabularySize() ? HEAD : EMBEDDING;
            default -> OTHER;
        };
    }

    /** The table of tokens: the first with a row for each, or more (mllama), since those of positions come after it. */
    static Optional<Parameter> tokenTable(ModelSpec model) {
        return model.outerParameters().stream()
                .filter(parameter -> parameter.kind() == Parameter.Kind.EMBEDDING
                        && parameter.shape().get(0) >= model.vocabularySize())
                .findFirst();
    }
}
