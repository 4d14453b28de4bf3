package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A decoder in the making: what is around its layers, its layers, and its head.
 *
 * @param shape its numbers
 * @param dropout of training
 * @param tied whether the head shares the embedding's matrix
 * @param parallel whether attention and network of a layer work side by side
 * @param around the parameters outside the layers, without the head
 * @param layers first to last
 * @param head the head's own parameters
 */
record Decoder(
        Shape shape,
        Dropout dropout,
        boolean tied,
        boolean parallel,
        List<Parameter> around,
        List<Layer> layers,
        List<Parameter> head) {

    static Decoder of(Shape shape, Tensors around) {
        return new Decoder(shape, Dropout.NONE, false, false, around.list(), List.of(), List.of());
    }

    /** With an embedding, a final norm without shift and a head, as LLaMA names them. */
    static Decoder usual(Config config, Shape shape, boolean tiedByDefault) {
        Tensors around = new Tensors("model.")
                .embedding("embed_tokens", shape.vocabulary(), shape.hidden())
                .norm("norm", shape.hidden());
        return of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, tiedByDefault)
                .dropout(0, config.probability(0, "attention_dropout"), 0);
    }

    Decoder dropout(double embedding, double attention, double residual) {
        return new Decoder(shape, new Dropout(embedding, attention, residual), tied, parallel, around, layers, head);
    }

    /** Attention and network of each layer work side by side, or one after the other. */
    Decoder parallel(boolean value) {
        return new Decoder(shape, dropout, tied, value, around, layers, head);
    }

    /** A tied head has no matrix of its own, but may have a bias. */
    Decoder head(Config config, String module, int width, boolean bias, boolean tiedByDefault) {
        boolean tie = config.flag(tiedByDefault, "tie_word_embeddings");
        List<Parameter> own = new Tensors("")
                .linear(module, width, shape.vocabulary(), bias).list().stream()
                        .filter(parameter -> !tie || !parameter.isLinear())
                        .toList();
        return new Decoder(shape, dropout, tie, parallel, around, layers, own);
    }

    Decoder layers(IntFunction<Layer> layer) {
        List<Layer> all = IntStream.range(0, shape.layers()).mapToObj(layer).toList();
        return new Decoder(shape, dropout, tied, parallel, around, all, head);
    }

    /** Layers that differ in nothing but attention. */
    Decoder layers(IntFunction<Attention> attention, FeedForward feedForward, Tensors block) {
        List<Parameter> parameters = block.list();
        return layers(i -> new Layer(attention.apply(i), feedForward, parameters));
    }

    /** Layers that are all the same. */
    Decoder layers(Attention attention, FeedForward feedForward, Tensors block) {
        Layer layer = new Layer(attention, feedForward, block.list());
        return layers(i -> layer);
    }

    /** The same, where all that is not the head lies elsewhere. */
    Decoder renamed(UnaryOperator<String> name) {
        List<Layer> renamed = layers.stream()
                .map(layer -> new Layer(layer.attention(), layer.feedForward(), renamed(layer.parameters(), name)))
                .toList();
        return new Decoder(shape, dropout, tied, parallel, renamed(around, name), renamed, head);
    }

    /** The model without its head, named as its checkpoints are: without the first part of each name. */
    Decoder headless() {
        Decoder inner = renamed(name -> name.substring(name.indexOf('.') + 1));
        return new Decoder(shape, dropout, false, parallel, inner.around, inner.layers, List.of());
    }

    ModelSpec.Builder describe(String modelType) {
        List<Parameter> outer = new ArrayList<>(around);
        outer.addAll(head);
        return ModelSpec.builder(modelType)
                .hiddenSize(shape.hidden())
                .vocabularySize(shape.vocabulary())
                .maxPositions(shape.positions())
                .tiedHead(tied)
                .parallelBlocks(parallel)
                .dropout(dropout)
                .layers(layers)
                .outerParameters(outer);
    }

    private static List<Parameter> renamed(List<Parameter> parameters, UnaryOperator<String> name) {
        return parameters.stream()
                .map(parameter -> new Parameter(name.apply(parameter.name()), parameter.shape(), parameter.kind()))
                .toList();
    }
}
