package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;

/** Whisper (arXiv 2212.04356): an encoder of sound and a decoder of text. */
final class Whispers {

    private static final long WINDOW = 3;

    private Whispers() {}

    static Decoder whisper(Config config) {
        Task task = Task.read(config, "Whisper", Task.GENERATION, Task.BODY);
        config.refuseUnlessOff("is_decoder", "a decoder alone");
        String inner = task.inner("model");
        Config spelled = config.spelling("hidden_size", "hidden_size", "d_model");
        Shape encoder = Shape.multiHead(
                spelled.spelling("intermediate_size", "encoder_ffn_dim")
                        .spelling("num_hidden_layers", "num_hidden_layers", "encoder_layers")
                        .spelling("num_attention_heads", "num_attention_heads", "encoder_attention_heads")
                        .spelling("max_position_embeddings", "max_source_positions"),
                new Defaults(51_865, 384, 1536, 4, 6, DERIVED, DERIVED, 1500));
        Shape shape = Shape.multiHead(
                spelled.spelling("intermediate_size", "decoder_ffn_dim")
                        .spelling("num_hidden_layers", "decoder_layers")
                        .spelling("num_attention_heads", "decoder_attention_heads")
                        .spelling("max_position_embeddings", "max_target_positions"),
                new Defaults(51_865, 384, 1536, 4, 6, DERIVED, DERIVED, 448));
        long hidden = shape.hidden();
        long bins = config.count(Range.WIDTH, 80, "num_mel_bins");
        Tensors sound = new Tensors(inner + "encoder.")
                .add("conv1.weight", Kind.OTHER, hidden, bins, WINDOW)
                .add("conv1.bias", Kind.BIAS, hidden)
                .add("conv2.weight", Kind.OTHER, hidden, hidden, WINDOW)
                .add("conv2.bias", Kind.BIAS, hidden)
                .embedding("embed_positions", encoder.positions(), hidden);
        Tensors outer = new Tensors(inner + "decoder.")
                .embedding("embed_tokens", shape.vocabulary(), hidden)
                .embedding("embed_positions", shape.positions(), hidden)
                .layerNorm("layer_norm", hidden);
        double dropout = config.probability(0, "dropout");
        FeedForward network = new FeedForward.Dense(
                shape.inner(), false, Activations.read(config, Activation.GELU, "activation_function"));
        Decoder whole = Decoder.of(shape, outer)
                .dropout(dropout, config.probability(0, "attention_dropout"), dropout)
                .layers(EncoderDecoder.cross(shape), network, Barts.block(inner + "decoder.", shape, true, false))
                .tower(EncoderDecoder.encoder(
                        sound,
                        Barts.block(inner + "encoder.", encoder, false, false),
                        encoder.layers(),
                        parameter -> false,
                        new Tensors(inner + "encoder.").layerNorm("layer_norm", hidden)));
        return task == Task.GENERATION ? whole.head(config, "proj_out", shape.hidden(), false, true) : whole;
    }
}
