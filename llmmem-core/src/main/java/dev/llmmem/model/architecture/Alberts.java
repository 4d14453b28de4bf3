package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;
import java.util.List;

/** ALBERT (arXiv 1909.11942) and DistilBERT (arXiv 1910.01108): BERT with fewer parameters, or fewer layers. */
final class Alberts {

    private Alberts() {}

    /** All layers of a group share the parameters of its first one. */
    static Decoder albert(Config config) {
        Task task = Task.read(
                config, "Albert", Task.MASKED, Task.PRE_TRAINING, Task.BODY, Task.SEQUENCES, Task.TOKENS, Task.SPANS);
        Encoder encoder =
                Encoder.read(config, task, "albert", new Defaults(30_000, 4096, 16_384, 12, 64, DERIVED, DERIVED, 512));
        Shape shape = encoder.shape();
        int width = config.count(Range.WIDTH, 128, "embedding_size");
        int groups = config.count(Range.LAYERS, 1, "num_hidden_groups");
        config.require(
                groups <= shape.layers(), "num_hidden_groups", groups, "at most the " + shape.layers() + " layers");
        int inside = config.count(Range.LAYERS, 1, "inner_group_num");
        config.require(inside == 1, "inner_group_num", inside, "1: several layers in turn are not described");
        Tensors pooler = encoder.pooler("pooler");
        Tensors order = new Tensors("sop_classifier.").linear("classifier", shape.hidden(), 2, true);
        Tensors head = switch (task) {
            case MASKED -> predictions(encoder, width);
            case PRE_TRAINING -> predictions(encoder, width).and(order);
            case BODY -> new Tensors("");
            default -> encoder.labels();
        };
        Tensors outer = Berts.words(encoder, width, true)
                .layerNorm("LayerNorm", width)
                .and(encoder.inner("encoder.").linear("embedding_hidden_mapping_in", width, shape.hidden(), true))
                .when(task.isOneOf(Task.BODY, Task.PRE_TRAINING, Task.SEQUENCES), all -> all.and(pooler))
                .and(head);
        FeedForward network = encoder.network(Activation.GELU_NEW, "hidden_act");
        Decoder whole = encoder.around(outer, shape.positions(), 0).layers(i -> layer(encoder, network, i, groups));
        whole = encoder.copies(whole, "predictions.decoder", width);
        return task == Task.MASKED
                ? whole.extra("albert.pooler", pooler.elements(), Cause.OTHER_MODULE)
                        .extra("sop_classifier.classifier", order.elements(), Cause.OTHER_MODULE)
                : whole;
    }

    /** The head's norm stands before what it comes after. */
    private static Tensors predictions(Encoder encoder, int width) {
        int rows = encoder.shape().vocabulary();
        return new Tensors("predictions.")
                .add("bias", Kind.BIAS, (long) rows)
                .layerNorm("LayerNorm", width)
                .linear("dense", encoder.shape().hidden(), width, true)
                .when(!encoder.tied(), own -> own.linear("decoder", width, rows, true));
    }

    private static Layer layer(Encoder encoder, FeedForward network, int index, int groups) {
        int layers = encoder.shape().layers();
        int group = group(index, layers, groups);
        boolean first = index == 0 || group(index - 1, layers, groups) < group;
        return new Layer(
                encoder.attention(), network, first ? block(encoder, group).list() : List.of());
    }

    /** In the framework's own arithmetic. */
    private static int group(int index, int layers, int groups) {
        return (int) (index / ((double) layers / groups));
    }

    private static Tensors block(Encoder encoder, int group) {
        Shape shape = encoder.shape();
        Tensors block = encoder.inner("encoder.albert_layer_groups." + group + ".albert_layers.0.")
                .layerNorm("full_layer_layer_norm", shape.hidden());
        for (String projection : new String[] {"query", "key", "value", "dense"}) {
            block = block.linear("attention." + projection, shape.hidden(), shape.hidden(), true);
        }
        return block.layerNorm("attention.LayerNorm", shape.hidden())
                .linear("ffn", shape.hidden(), shape.inner(), true)
                .linear("ffn_output", shape.inner(), shape.hidden(), true);
    }

    static Decoder distilBert(Config config) {
        Task task = Task.read(config, "DistilBert", Task.MASKED, Task.BODY, Task.SEQUENCES, Task.TOKENS, Task.SPANS);
        Config spelled = config.spelling("hidden_size", "hidden_size", "dim")
                .spelling("num_hidden_layers", "num_hidden_layers", "n_layers")
                .spelling("num_attention_heads", "num_attention_heads", "n_heads")
                .spelling("intermediate_size", "hidden_dim");
        Encoder encoder = Encoder.read(
                spelled, task, "distilbert", new Defaults(30_522, 768, 3072, 6, 12, DERIVED, DERIVED, 512));
        Shape shape = encoder.shape();
        int hidden = shape.hidden();
        Tensors head = switch (task) {
            case MASKED ->
                new Tensors("").linear("vocab_transform", hidden, hidden, true).layerNorm("vocab_layer_norm", hidden);
            case SEQUENCES ->
                new Tensors("").linear("pre_classifier", hidden, hidden, true).and(encoder.labels());
            case BODY -> new Tensors("");
            default -> encoder.labels();
        };
        Tensors block = encoder.inner("transformer.layer.{i}.");
        for (String projection : new String[] {"q_lin", "k_lin", "v_lin", "out_lin"}) {
            block = block.linear("attention." + projection, hidden, hidden, true);
        }
        block = block.layerNorm("sa_layer_norm", hidden)
                .linear("ffn.lin1", hidden, shape.inner(), true)
                .linear("ffn.lin2", shape.inner(), hidden, true)
                .layerNorm("output_layer_norm", hidden);
        Tensors outer = Berts.words(encoder, hidden, false)
                .layerNorm("LayerNorm", hidden)
                .and(head);
        double dropout = config.probability(0.1, "dropout");
        Decoder whole = encoder.around(outer, shape.positions())
                .dropout(dropout, config.probability(0.1, "attention_dropout"), dropout)
                .layers(encoder.attention(), encoder.network(Activation.GELU, "activation"), block);
        return task == Task.MASKED ? whole.head(spelled, "vocab_projector", hidden, true, true) : whole;
    }
}
