package dev.llmmem.model.architecture;

import com.google.common.collect.ImmutableList;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.Tower;
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
 * @param towers what reads images or other input first
 * @param extras what checkpoints may hold besides
 */
record Decoder(
        Shape shape,
        Dropout dropout,
        boolean tied,
        boolean parallel,
        List<Parameter> around,
        List<Layer> layers,
        List<Parameter> head,
        List<Tower> towers,
        List<StoredExtra> extras) {

    static Decoder of(Shape shape, Tensors around) {
        return new Decoder(
                shape, Dropout.NONE, false, false, around.list(), List.of(), List.of(), List.of(), List.of());
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
        return new Decoder(
                shape,
                new Dropout(embedding, attention, residual),
                tied,
                parallel,
                around,
                layers,
                head,
                towers,
                extras);
    }

    /** Attention and network of each layer work side by side, or one after the other. */
    Decoder parallel(boolean value) {
        return new Decoder(shape, dropout, tied, value, around, layers, head, towers, extras);
    }

    /** What is around the layers holds the head too, or the head is the embedding. */
    Decoder tied(boolean value) {
        return new Decoder(shape, dropout, value, parallel, around, layers, head, towers, extras);
    }

    /** A tied head has no matrix of its own, but may have a bias. */
    Decoder head(Config config, String module, int width, boolean bias, boolean tiedByDefault) {
        return head(module, width, bias, config.flag(tiedByDefault, "tie_word_embeddings"));
    }

    /** With LLaMA's head, tied or not. */
    Decoder headTied(boolean tie) {
        return headTied("lm_head", tie);
    }

    Decoder headTied(String module, boolean tie) {
        return head(module, shape.hidden(), false, tie);
    }

    private Decoder head(String module, int width, boolean bias, boolean tie) {
        List<Parameter> own = new Tensors("")
                .linear(module, width, shape.vocabulary(), bias).list().stream()
                        .filter(parameter -> !tie || !parameter.isLinear())
                        .toList();
        Decoder headed = new Decoder(shape, dropout, tie, parallel, around, layers, own, towers, withoutTiedHead());
        long elements = (long) width * shape.vocabulary();
        return tie ? headed.extra(module + ".weight", elements, StoredExtra.Cause.TIED_HEAD) : headed;
    }

    private List<StoredExtra> withoutTiedHead() {
        return extras.stream()
                .filter(extra -> extra.cause() != StoredExtra.Cause.TIED_HEAD)
                .toList();
    }

    Decoder layers(IntFunction<Layer> layer) {
        List<Layer> all = IntStream.range(0, shape.layers()).mapToObj(layer).toList();
        return new Decoder(shape, dropout, tied, parallel, around, all, head, towers, extras);
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

    /** With more outside the layers, after the final norm. */
    Decoder beside(Tensors more) {
        List<Parameter> longer = ImmutableList.<Parameter>builder()
                .addAll(around)
                .addAll(more.list())
                .build();
        return new Decoder(shape, dropout, tied, parallel, longer, layers, head, towers, extras);
    }

    /** With a part that reads something first. */
    Decoder tower(Tower tower) {
        List<Tower> more =
                ImmutableList.<Tower>builder().addAll(towers).add(tower).build();
        return new Decoder(shape, dropout, tied, parallel, around, layers, head, more, extras);
    }

    /** With something that checkpoints may hold besides the parameters. */
    Decoder extra(String name, long elements, StoredExtra.Cause cause) {
        List<StoredExtra> more = ImmutableList.<StoredExtra>builder()
                .addAll(extras)
                .add(new StoredExtra(name, elements, cause))
                .build();
        return new Decoder(shape, dropout, tied, parallel, around, layers, head, towers, more);
    }

    /** With the causal masks that files of old releases hold, one for each of some layers. */
    Decoder masks(String name, int number) {
        long each = (long) shape.positions() * shape.positions();
        // A file cannot hold more, so a number of positions that is for show adds none.
        return number > 0 && each <= Long.MAX_VALUE / number
                ? extra(name, each * number, StoredExtra.Cause.BUFFER)
                : this;
    }

    /** With the frequencies of rotary positions that files of old releases hold, in each of some layers. */
    Decoder frequencies(String name, int number, int rotarySize) {
        return rotarySize < 2 ? this : extra(name, (long) number * (rotarySize / 2), StoredExtra.Cause.BUFFER);
    }

    /** The same for every layer, where LLaMA has its layers and all of each head is rotated. */
    Decoder rotaryBuffers() {
        return frequencies("model.layers.{i}.self_attn.rotary_emb.inv_freq", shape.layers(), shape.headSize());
    }

    /** The same, where all that is not the head lies elsewhere. */
    Decoder renamed(UnaryOperator<String> name) {
        List<Layer> renamed = layers.stream()
                .map(layer -> new Layer(layer.attention(), layer.feedForward(), renamed(layer.parameters(), name)))
                .toList();
        return new Decoder(shape, dropout, tied, parallel, renamed(around, name), renamed, head, towers, extras);
    }

    /** The model without its head, named as its checkpoints are: without the first part of each name. */
    Decoder headless() {
        Decoder inner = renamed(Decoder::withoutFirst);
        List<Tower> shorter = towers.stream()
                .map(tower -> Parts.renamed(tower, Decoder::withoutFirst))
                .toList();
        return new Decoder(
                shape, dropout, false, parallel, inner.around, inner.layers, List.of(), shorter, withoutTiedHead());
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
                .outerParameters(outer)
                .towers(towers)
                .storedExtras(extras);
    }

    private static String withoutFirst(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    private static List<Parameter> renamed(List<Parameter> parameters, UnaryOperator<String> name) {
        return parameters.stream()
                .map(parameter -> new Parameter(name.apply(parameter.name()), parameter.shape(), parameter.kind()))
                .toList();
    }
}
