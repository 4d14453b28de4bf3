package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;

/** BERT (arXiv 1810.04805), RoBERTa (arXiv 1907.11692) and ELECTRA (arXiv 2003.10555). */
final class Berts {

    private static final Defaults BASE = new Defaults(30_522, 768, 3072, 12, 12, DERIVED, DERIVED, 512);

    private Berts() {}

    static Decoder bert(Config config) {
        Task task = Task.read(
                config, "Bert", Task.MASKED, Task.PRE_TRAINING, Task.BODY, Task.SEQUENCES, Task.TOKENS, Task.SPANS);
        Encoder encoder = Encoder.read(config, task, "bert", BASE);
        Shape shape = encoder.shape();
        boolean pooled = task.isOneOf(Task.BODY, Task.PRE_TRAINING, Task.SEQUENCES);
        Tensors pooler = encoder.pooler("pooler.dense");
        Tensors order = new Tensors("cls.").linear("seq_relationship", shape.hidden(), 2, true);
        Tensors head = switch (task) {
            case MASKED, PRE_TRAINING -> predictions(encoder).when(task == Task.PRE_TRAINING, all -> all.and(order));
            case BODY -> new Tensors("");
            default -> encoder.labels();
        };
        Tensors outer = words(encoder, shape.hidden(), true)
                .layerNorm("LayerNorm", shape.hidden())
                .when(pooled, all -> all.and(pooler))
                .and(head);
        Decoder whole = encoder.around(outer, shape.positions(), 0.1)
                .layers(encoder.attention(), encoder.network(Activation.GELU, "hidden_act"), encoder.block());
        whole = encoder.copies(whole, "cls.predictions.decoder", shape.hidden());
        return task == Task.MASKED
                ? whole.extra("bert.pooler.dense", pooler.elements(), Cause.OTHER_MODULE)
                        .extra("cls.seq_relationship", order.elements(), Cause.OTHER_MODULE)
                : whole;
    }

    private static Tensors predictions(Encoder encoder) {
        return encoder.predictions(
                "cls.predictions.",
                "transform.dense",
                "transform.LayerNorm",
                encoder.shape().hidden());
    }

    static Decoder roberta(Config config) {
        return roberta(config, "Roberta", 50_265, false);
    }

    /** Written anew for more languages: the module of the head comes first. */
    static Decoder xlmRoberta(Config config) {
        return roberta(config, "XLMRoberta", 30_522, true);
    }

    /** Positions count from the one after that of padding, so the table has rows that no token reaches. */
    private static Decoder roberta(Config config, String name, int vocabulary, boolean headFirst) {
        Task task = Task.read(config, name, Task.MASKED, Task.BODY, Task.SEQUENCES, Task.TOKENS, Task.SPANS);
        Encoder read = Encoder.read(
                config, task, "roberta", new Defaults(vocabulary, 768, 3072, 12, 12, DERIVED, DERIVED, 512));
        int rows = read.shape().positions();
        int padding = config.count(new Range(0, (1 << 28) - 1, "as the row of a token"), 1, "pad_token_id");
        config.require(
                rows > padding + 1,
                "max_position_embeddings",
                rows,
                "more than the " + (padding + 1) + " rows up to that of padding");
        Encoder encoder = read.positions(Math.max(1, rows - padding - 1));
        Shape shape = encoder.shape();
        Tensors pooler = encoder.pooler("pooler.dense");
        Tensors head = switch (task) {
            case MASKED -> encoder.predictions("lm_head.", "dense", "layer_norm", shape.hidden());
            case BODY -> pooler;
            case SEQUENCES -> encoder.denseLabels();
            default -> encoder.labels();
        };
        Tensors body = encoder.inner("embeddings.")
                .embedding("word_embeddings", shape.vocabulary(), shape.hidden())
                .embedding("token_type_embeddings", config.count(Range.ROWS, 2, "type_vocab_size"), shape.hidden())
                .layerNorm("LayerNorm", shape.hidden())
                .embedding("position_embeddings", rows, shape.hidden());
        Tensors outer = headFirst && task != Task.BODY ? head.and(body) : body.and(head);
        Decoder whole = encoder.around(outer, rows, 0.1)
                .layers(encoder.attention(), encoder.network(Activation.GELU, "hidden_act"), encoder.block());
        whole = encoder.copies(whole, "lm_head.decoder", shape.hidden());
        return task == Task.MASKED ? whole.extra("roberta.pooler.dense", pooler.elements(), Cause.OTHER_MODULE) : whole;
    }

    /** A generator that fills gaps, or a discriminator that finds replaced tokens; the embedding may be narrow. */
    static Decoder electra(Config config) {
        Task task = Task.read(
                config, "Electra", Task.MASKED, Task.PRE_TRAINING, Task.BODY, Task.SEQUENCES, Task.TOKENS, Task.SPANS);
        Encoder read =
                Encoder.read(config, task, "electra", new Defaults(30_522, 256, 1024, 12, 4, DERIVED, DERIVED, 512));
        Encoder encoder = task == Task.MASKED ? read : read.untied();
        Shape shape = encoder.shape();
        int width = config.count(Range.WIDTH, 128, "embedding_size");
        Tensors head = switch (task) {
            case MASKED ->
                new Tensors("generator_predictions.")
                        .layerNorm("LayerNorm", width)
                        .linear("dense", shape.hidden(), width, true);
            case PRE_TRAINING ->
                new Tensors("discriminator_predictions.")
                        .linear("dense", shape.hidden(), shape.hidden(), true)
                        .linear("dense_prediction", shape.hidden(), 1, true);
            case BODY -> new Tensors("");
            case SEQUENCES -> encoder.denseLabels();
            default -> encoder.labels();
        };
        Tensors outer = words(encoder, width, true)
                .layerNorm("LayerNorm", width)
                .when(
                        width != shape.hidden(),
                        all -> all.and(encoder.inner("").linear("embeddings_project", width, shape.hidden(), true)))
                .and(head);
        Decoder whole = encoder.around(outer, shape.positions(), 0.1)
                .layers(encoder.attention(), encoder.network(Activation.GELU, "hidden_act"), encoder.block());
        return task == Task.MASKED ? whole.head(config, "generator_lm_head", width, true, true) : whole;
    }

    /** Tables of tokens, positions and kinds of text. */
    static Tensors words(Encoder encoder, int width, boolean kinds) {
        Shape shape = encoder.shape();
        Tensors tables = encoder.inner("embeddings.")
                .embedding("word_embeddings", shape.vocabulary(), width)
                .embedding("position_embeddings", shape.positions(), width);
        return kinds
                ? tables.embedding(
                        "token_type_embeddings", encoder.config().count(Range.ROWS, 2, "type_vocab_size"), width)
                : tables;
    }
}
