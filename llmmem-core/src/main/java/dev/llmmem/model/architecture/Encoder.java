package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra.Cause;
import dev.llmmem.model.architecture.Shape.Defaults;

/**
 * An encoder in the making: every layer sees the whole text, before a token and after it.
 *
 * @param config its fields
 * @param shape its numbers
 * @param task which class is described
 * @param prefix what the names of the inner model begin with
 * @param tied whether the head that predicts tokens is the embedding
 */
record Encoder(Config config, Shape shape, Task task, String prefix, boolean tied) {

    static Encoder read(Config config, Task task, String module, Defaults defaults) {
        config.refuseUnlessOff("is_decoder", "an encoder that is made a decoder");
        config.refuseUnlessOff("add_cross_attention", "attention to an encoder");
        String positions = config.text("position_embedding_type").orElse("absolute");
        config.require(
                positions.equals("absolute"),
                "position_embedding_type",
                positions,
                "\"absolute\", the only one that transformers builds");
        boolean tied = task.isOneOf(Task.MASKED, Task.PRE_TRAINING) && config.flag(true, "tie_word_embeddings");
        return new Encoder(config, Shape.multiHead(config, defaults), task, task.inner(module), tied);
    }

    Encoder untied() {
        return new Encoder(config, shape, task, prefix, false);
    }

    Encoder positions(int number) {
        return new Encoder(config, shape.withPositions(number), task, prefix, tied);
    }

    /** The parameters of the inner model. */
    Tensors inner(String module) {
        return new Tensors(prefix + module);
    }

    /** The layer of BERT. */
    Tensors block() {
        Tensors attention = inner("encoder.layer.{i}.");
        for (String projection : new String[] {"query", "key", "value"}) {
            attention = attention.linear("attention.self." + projection, shape.hidden(), shape.hidden(), true);
        }
        return attention
                .linear("attention.output.dense", shape.hidden(), shape.hidden(), true)
                .layerNorm("attention.output.LayerNorm", shape.hidden())
                .linear("intermediate.dense", shape.hidden(), shape.inner(), true)
                .linear("output.dense", shape.inner(), shape.hidden(), true)
                .layerNorm("output.LayerNorm", shape.hidden());
    }

    /** What makes one vector of the first token. */
    Tensors pooler(String module) {
        return inner("").linear(module, shape.hidden(), shape.hidden(), true);
    }

    /** The head that predicts tokens: its bias first, then what is before it, then its matrix unless that is the embedding. */
    Tensors predictions(String module, String dense, String norm, int width) {
        Tensors head = new Tensors(module).add("bias", Kind.BIAS, (long) shape.vocabulary());
        return head.linear(dense, shape.hidden(), width, true)
                .layerNorm(norm, width)
                .when(!tied, own -> own.linear("decoder", width, shape.vocabulary(), true));
    }

    /** The head that gives each token labels. */
    Tensors labels() {
        String module = task == Task.SPANS ? "qa_outputs" : "classifier";
        return new Tensors("").linear(module, shape.hidden(), Task.labels(config, 2), true);
    }

    /** The head of two layers that gives the first token labels. */
    Tensors denseLabels() {
        return new Tensors("classifier.")
                .linear("dense", shape.hidden(), shape.hidden(), true)
                .linear("out_proj", shape.hidden(), Task.labels(config, 2), true);
    }

    Attention attention() {
        return new Attention.Bidirectional(shape.heads(), shape.headSize());
    }

    FeedForward network(Activation absent, String name) {
        return new FeedForward.Dense(shape.inner(), false, Activations.read(config, absent, name));
    }

    /** All of it but the layers, with the positions that files of old releases hold. */
    Decoder around(Tensors outer, long rows) {
        return Decoder.of(shape, outer).tied(tied).extra(prefix + "embeddings.position_ids", rows, Cause.BUFFER);
    }

    /** The same with the dropout of BERT. */
    Decoder around(Tensors outer, long rows, double dropout) {
        double hidden = config.probability(dropout, "hidden_dropout_prob");
        return around(outer, rows).dropout(hidden, config.probability(dropout, "attention_probs_dropout_prob"), hidden);
    }

    /** With the copies of a tied head that files hold. */
    Decoder copies(Decoder whole, String head, int width) {
        return tied
                ? whole.extra(head + ".weight", (long) width * shape.vocabulary(), Cause.TIED_HEAD)
                        .extra(head + ".bias", shape.vocabulary(), Cause.TIED_HEAD)
                : whole;
    }
}
