package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.Optional;

/**
 * T5 (arXiv 1910.10683), mT5 (arXiv 2010.11934), umT5 (arXiv 2304.09151) and LongT5 (arXiv 2112.07916).
 *
 * <p>The head is the embedding, whatever {@code tie_word_embeddings} says: so the classes of transformers 5.18 are
 * built. Files of T5 v1.1, FLAN-T5 and mT5 state false and hold a head of its own, which loading such a file keeps.
 */
final class T5s {

    private static final Defaults T5 = new Defaults(32_128, 512, 2048, 6, 8, DERIVED, 64, 2048);
    private static final Defaults MULTILINGUAL = new Defaults(250_112, 512, 1024, 8, 6, DERIVED, 64, 2048);
    private static final Range BUCKETS = new Range(1, 1 << 20, "buckets");
    private static final String BIAS = "relative_attention_bias";

    private final Config config;
    private final Task task;
    private final Shape shape;
    private final int encoderLayers;
    private final long buckets;
    private final boolean biasInEach;
    private final boolean gated;
    private final FeedForward network;

    private T5s(Config config, String name, Defaults defaults, String proj, boolean biasInEach, Task... tasks) {
        this.config = config.spelling("d_model", "hidden_size", "d_model")
                .spelling("num_heads", "num_attention_heads", "num_heads")
                .spelling("num_layers", "num_hidden_layers", "num_layers")
                .spelling("d_kv", "head_dim", "d_kv");
        this.task = Task.read(config, name, Task.GENERATION, tasks);
        this.biasInEach = biasInEach;
        config.refuseUnlessOff("is_decoder", "a decoder alone");
        encoderLayers = this.config.count(Range.LAYERS, defaults.layers(), "num_layers");
        int heads = this.config.count(Range.HEADS, defaults.heads(), "num_heads");
        shape = new Shape(
                this.config.count(Range.WIDTH, defaults.hidden(), "d_model"),
                config.count(Range.WIDTH, defaults.inner(), "d_ff"),
                task == Task.ENCODER
                        ? encoderLayers
                        : config.optional(Range.LAYERS, "num_decoder_layers").orElse(encoderLayers),
                heads,
                heads,
                this.config.count(Range.WIDTH, defaults.headSize(), "d_kv"),
                config.count(Range.ROWS, defaults.vocabulary(), "vocab_size"),
                config.count(Range.TOKENS, defaults.positions(), "n_positions"));
        buckets = config.count(BUCKETS, 32, "relative_attention_num_buckets");
        String written = config.text("feed_forward_proj").orElse(proj);
        gated = written.startsWith("gated-");
        network = new FeedForward.Dense(shape.inner(), gated, activation(written));
    }

    static Decoder t5(Config config) {
        return new T5s(config, "T5", T5, "relu", false, Task.BODY, Task.ENCODER).whole("SelfAttention");
    }

    static Decoder mt5(Config config) {
        return new T5s(config, "MT5", MULTILINGUAL, "gated-gelu", false, Task.BODY, Task.ENCODER)
                .whole("SelfAttention");
    }

    /** Every layer has positions of its own. */
    static Decoder umt5(Config config) {
        return new T5s(config, "UMT5", MULTILINGUAL, "gated-gelu", true, Task.BODY, Task.ENCODER)
                .whole("SelfAttention");
    }

    /** The encoder sees what is near, and perhaps a summary of each block. */
    static Decoder longT5(Config config) {
        String kind = config.text("encoder_attention_type").orElse("local");
        boolean global = kind.equals("transient-global");
        config.require(
                global || kind.equals("local"), "encoder_attention_type", kind, "\"local\" or \"transient-global\"");
        return new T5s(config, "LongT5", T5, "relu", false, Task.BODY)
                .whole(global ? "TransientGlobalSelfAttention" : "LocalSelfAttention");
    }

    private Decoder whole(String encoderAttention) {
        Tensors shared = new Tensors("").embedding("shared", shape.vocabulary(), shape.hidden());
        if (task == Task.ENCODER) {
            Attention attention = new Attention.Bidirectional(shape.heads(), shape.headSize());
            Tensors after = new Tensors("encoder.").norm("final_layer_norm", shape.hidden());
            return dropout(Decoder.of(shape, shared.and(after)))
                    .layers(i -> new Layer(
                            attention,
                            network,
                            encoderBlock(encoderAttention, i == 0).list()));
        }
        Tensors after = new Tensors("decoder.").norm("final_layer_norm", shape.hidden());
        Attention attention = EncoderDecoder.cross(shape);
        Decoder whole = dropout(Decoder.of(shape, shared.and(after)))
                .tied(task == Task.GENERATION)
                .layers(i -> new Layer(attention, network, decoderBlock(i == 0).list()))
                .tower(EncoderDecoder.encoder(
                        new Tensors(""),
                        encoderBlock(encoderAttention, true),
                        encoderLayers,
                        parameter -> !biasInEach && parameter.name().contains("relative_attention_bias"),
                        new Tensors("encoder.").norm("final_layer_norm", shape.hidden())));
        return extras(whole);
    }

    private Decoder dropout(Decoder whole) {
        double dropout = config.probability(0.1, "dropout_rate");
        return whole.dropout(dropout, dropout, dropout);
    }

    /** A head of its own, and the positions of cross attention that the first release had. */
    private Decoder extras(Decoder whole) {
        boolean own = !config.flag(true, "tie_word_embeddings");
        Decoder more = whole.extra(
                "decoder.block.0.layer.1.EncDecAttention." + BIAS + ".weight",
                buckets * shape.heads(),
                Cause.OTHER_MODULE);
        return task == Task.GENERATION
                ? more.extra(
                        "lm_head.weight",
                        (long) shape.vocabulary() * shape.hidden(),
                        own ? Cause.OTHER_MODULE : Cause.TIED_HEAD)
                : more;
    }

    private Tensors encoderBlock(String attention, boolean first) {
        return network(attention("encoder.block.{i}.layer.0.", attention, first), "encoder.block.{i}.layer.1.");
    }

    private Tensors decoderBlock(boolean first) {
        return network(
                attention("decoder.block.{i}.layer.0.", "SelfAttention", first)
                        .and(attention("decoder.block.{i}.layer.1.", "EncDecAttention", false)),
                "decoder.block.{i}.layer.2.");
    }

    private Tensors attention(String prefix, String name, boolean first) {
        Tensors attention = new Tensors(prefix);
        for (String projection : new String[] {"q", "k", "v"}) {
            attention = attention.linear(name + "." + projection, shape.hidden(), shape.queries(), false);
        }
        boolean positions = first || (biasInEach && !name.startsWith("EncDec"));
        boolean global = name.startsWith("Transient");
        return attention
                .linear(name + ".o", shape.queries(), shape.hidden(), false)
                .when(positions, all -> all.embedding(name + "." + BIAS, buckets, shape.heads()))
                .when(
                        global,
                        all -> all.when(
                                        positions,
                                        some -> some.embedding(name + ".global_" + BIAS, buckets, shape.heads()))
                                .norm(name + ".global_input_layer_norm", shape.hidden()))
                .norm("layer_norm", shape.hidden());
    }

    private Tensors network(Tensors before, String prefix) {
        Tensors network = new Tensors(prefix);
        network = gated
                ? network.linear("DenseReluDense.wi_0", shape.hidden(), shape.inner(), false)
                        .linear("DenseReluDense.wi_1", shape.hidden(), shape.inner(), false)
                : network.linear("DenseReluDense.wi", shape.hidden(), shape.inner(), false);
        return before.and(network.linear("DenseReluDense.wo", shape.inner(), shape.hidden(), false)
                .norm("layer_norm", shape.hidden()));
    }

    /** A function, or one after a gate; "gated-gelu" has always meant the approximation. */
    private Activation activation(String written) {
        String name = written.equals("gated-gelu") ? "gelu_new" : gated ? written.substring(6) : written;
        Optional<Activation> activation = Activations.find(name);
        if (activation.isEmpty()) {
            config.refuse(
                    "feed_forward_proj",
                    written,
                    "one of " + Activations.names() + ", with \"gated-\" before it for a gate");
        }
        return activation.orElse(Activation.RELU);
    }
}
