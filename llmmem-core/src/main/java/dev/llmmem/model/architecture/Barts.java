package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;

/**
 * BART (arXiv 1910.13461), mBART (arXiv 2001.08210), PEGASUS (arXiv 1912.08777), Blenderbot (arXiv 2004.13637) and M2M-100
 * (arXiv 2010.11125).
 */
final class Barts {

    private static final Defaults LARGE = new Defaults(50_265, 1024, 4096, 12, 16, DERIVED, DERIVED, 1024);

    /**
     * How one of them differs.
     *
     * @param name what the names of its classes begin with
     * @param defaults for absent fields, of the decoder
     * @param encoderLayers the same of the encoder
     * @param positions whether its positions are a table among the parameters
     * @param spareRows of that table
     * @param embeddingNorm whether a norm follows the embedding
     * @param finalNorm whether a norm follows the layers
     * @param logitsBias whether a buffer is added to what the head gives
     * @param dropout of attention
     * @param activation for an absent field
     */
    private record Kind(
            String name,
            Defaults defaults,
            int encoderLayers,
            boolean positions,
            int spareRows,
            boolean embeddingNorm,
            boolean finalNorm,
            boolean logitsBias,
            double dropout,
            Activation activation) {}

    private Barts() {}

    static Decoder bart(Config config) {
        config.refuseUnlessOff("add_final_layer_norm", "a norm after the layers");
        Kind kind = new Kind("Bart", LARGE, 12, true, 2, true, false, true, 0, Activation.GELU);
        return read(config, kind, Task.BODY, Task.SEQUENCES);
    }

    static Decoder mbart(Config config) {
        Kind kind = new Kind("MBart", LARGE, 12, true, 2, true, true, true, 0, Activation.GELU);
        return read(config, kind, Task.BODY, Task.SEQUENCES);
    }

    static Decoder pegasus(Config config) {
        return read(config, new Kind("Pegasus", LARGE, 12, true, 0, false, true, true, 0, Activation.GELU), Task.BODY);
    }

    static Decoder blenderbot(Config config) {
        Defaults defaults = new Defaults(8008, 2560, 10_240, 24, 32, DERIVED, DERIVED, 128);
        return read(
                config, new Kind("Blenderbot", defaults, 2, true, 0, false, true, true, 0, Activation.GELU), Task.BODY);
    }

    static Decoder m2m100(Config config) {
        Defaults defaults = new Defaults(128_112, 1024, 4096, 12, 16, DERIVED, DERIVED, 1024);
        return read(
                config,
                new Kind("M2M100", defaults, 12, false, 0, false, true, false, 0.1, Activation.RELU),
                Task.BODY);
    }

    private static Decoder read(Config config, Kind kind, Task... tasks) {
        Task task = Task.read(config, kind.name, Task.GENERATION, tasks);
        config.refuseUnlessOff("is_decoder", "a decoder alone");
        String inner = task.inner("model");
        Shape encoder = side(config, kind, "encoder", kind.encoderLayers);
        Shape shape = side(config, kind, "decoder", kind.defaults.layers());
        boolean shared = config.flag(true, "tie_word_embeddings");
        int labels = task == Task.SEQUENCES ? Task.labels(config, kind.name.equals("Bart") ? 3 : 2) : 1;
        Tensors outer = new Tensors(inner)
                .embedding("shared", shape.vocabulary(), shape.hidden())
                .and(before(inner + "decoder.", shape, kind, shared))
                .and(after(inner + "decoder.", shape, kind))
                .when(
                        task == Task.SEQUENCES,
                        all -> all.and(new Tensors("classification_head.")
                                .linear("dense", shape.hidden(), shape.hidden(), true)
                                .linear("out_proj", shape.hidden(), labels, true)));
        double dropout = config.probability(0.1, "dropout");
        FeedForward network = new FeedForward.Dense(
                shape.inner(), false, Activations.read(config, kind.activation, "activation_function"));
        Decoder whole = Decoder.of(shape, outer)
                .dropout(dropout, config.probability(kind.dropout, "attention_dropout"), dropout)
                .layers(EncoderDecoder.cross(shape), network, block(inner + "decoder.", shape, true, true))
                .tower(EncoderDecoder.encoder(
                        before(inner + "encoder.", encoder, kind, shared),
                        block(inner + "encoder.", encoder, false, true),
                        encoder.layers(),
                        parameter -> false,
                        after(inner + "encoder.", encoder, kind)));
        if (task != Task.GENERATION) {
            return whole;
        }
        Decoder headed = whole.head(config, "lm_head", shape.hidden(), false, true);
        return kind.logitsBias ? headed.extra("final_logits_bias", shape.vocabulary(), Cause.BUFFER) : headed;
    }

    /** The numbers of one side. */
    private static Shape side(Config config, Kind kind, String side, int layers) {
        Config spelled = config.spelling("hidden_size", "hidden_size", "d_model")
                .spelling("intermediate_size", side + "_ffn_dim");
        Config named = side.equals("encoder")
                ? spelled.spelling("num_hidden_layers", "num_hidden_layers", "encoder_layers")
                        .spelling("num_attention_heads", "num_attention_heads", "encoder_attention_heads")
                : spelled.spelling("num_hidden_layers", "decoder_layers")
                        .spelling("num_attention_heads", "decoder_attention_heads");
        Defaults d = kind.defaults;
        return Shape.multiHead(
                named,
                new Defaults(
                        d.vocabulary(), d.hidden(), d.inner(), layers, d.heads(), DERIVED, DERIVED, d.positions()));
    }

    private static Tensors before(String prefix, Shape shape, Kind kind, boolean shared) {
        return new Tensors(prefix)
                .when(!shared, all -> all.embedding("embed_tokens", shape.vocabulary(), shape.hidden()))
                .when(
                        kind.positions,
                        all -> all.embedding(
                                "embed_positions", (long) shape.positions() + kind.spareRows, shape.hidden()));
    }

    private static Tensors after(String prefix, Shape shape, Kind kind) {
        return new Tensors(prefix)
                .when(kind.embeddingNorm, all -> all.layerNorm("layernorm_embedding", shape.hidden()))
                .when(kind.finalNorm, all -> all.layerNorm("layer_norm", shape.hidden()));
    }

    /** A layer of either side; that of the decoder attends to the encoder too. */
    static Tensors block(String prefix, Shape shape, boolean crossing, boolean keyBias) {
        Tensors block = attention(new Tensors(prefix + "layers.{i}."), "self_attn", shape, keyBias);
        return block.when(crossing, all -> attention(all, "encoder_attn", shape, keyBias))
                .linear("fc1", shape.hidden(), shape.inner(), true)
                .linear("fc2", shape.inner(), shape.hidden(), true)
                .layerNorm("final_layer_norm", shape.hidden());
    }

    private static Tensors attention(Tensors block, String module, Shape shape, boolean keyBias) {
        int hidden = shape.hidden();
        return block.linear(module + ".k_proj", hidden, hidden, keyBias)
                .linear(module + ".v_proj", hidden, hidden, true)
                .linear(module + ".q_proj", hidden, hidden, true)
                .linear(module + ".out_proj", hidden, hidden, true)
                .layerNorm(module + "_layer_norm", hidden);
    }
}
