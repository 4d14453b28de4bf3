package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import java.util.OptionalInt;

/**
 * The numbers that every decoder has.
 *
 * @param hidden the width of the residual stream
 * @param inner the inner width of the feed-forward network
 * @param layers the number of layers
 * @param heads the number of query heads
 * @param keyValueHeads the number of key and value heads
 * @param headSize the width of one head
 * @param vocabulary the rows of the embedding
 * @param positions the longest sequence
 */
record Shape(
        int hidden, int inner, int layers, int heads, int keyValueHeads, int headSize, int vocabulary, int positions) {

    /** What {@link dev.llmmem.model.ModelSpec} has where none is stated. */
    private static final int UNSTATED_POSITIONS = 2048;

    /** Stands in {@link Defaults} for a number that follows from others. */
    static final int DERIVED = 0;

    /**
     * What transformers 5.18 takes for an absent field.
     *
     * @param vocabulary the rows of the embedding
     * @param hidden the width of the residual stream
     * @param inner the inner width; derived is four times the hidden one
     * @param layers the number of layers
     * @param heads the number of query heads
     * @param keyValueHeads the number of key and value heads; derived is as many as query heads
     * @param headSize the width of one head; derived is the hidden width by the number of heads
     * @param positions the longest sequence
     */
    record Defaults(
            int vocabulary,
            int hidden,
            int inner,
            int layers,
            int heads,
            int keyValueHeads,
            int headSize,
            int positions) {}

    /** Reads a shape whose heads may be grouped and of any width. */
    static Shape grouped(Config config, Defaults defaults) {
        Shape shape = common(config, defaults);
        int keyValueHeads = config.optional(Range.HEADS, "num_key_value_heads")
                .orElse(
                        config.has("num_key_value_heads") || defaults.keyValueHeads == DERIVED
                                ? shape.heads
                                : defaults.keyValueHeads);
        return shape.split(config, keyValueHeads, defaults.headSize);
    }

    /** Reads the shape of a type without attention. */
    static Shape headless(Config config, int vocabulary, int hidden, int layers) {
        return new Shape(
                config.count(Range.WIDTH, hidden, "hidden_size"),
                1,
                config.count(Range.LAYERS, layers, "num_hidden_layers"),
                1,
                1,
                1,
                config.count(Range.ROWS, vocabulary, "vocab_size"),
                config.count(Range.TOKENS, UNSTATED_POSITIONS, "max_position_embeddings"));
    }

    /** Reads the shape of a type that has no defaults; heads may be grouped only if {@code grouped}. */
    static Shape stated(Config config, boolean grouped) {
        Shape shape = new Shape(
                config.required(Range.WIDTH, "hidden_size"),
                config.required(Range.WIDTH, "intermediate_size"),
                config.required(Range.LAYERS, "num_hidden_layers"),
                config.required(Range.HEADS, "num_attention_heads"),
                1,
                1,
                config.required(Range.ROWS, "vocab_size"),
                config.count(Range.TOKENS, UNSTATED_POSITIONS, "max_position_embeddings"));
        int keyValueHeads = grouped ? config.required(Range.HEADS, "num_key_value_heads") : shape.heads;
        return shape.split(config, keyValueHeads, DERIVED);
    }

    /** With so many heads of keys and values, as wide as is written, or else as wide as {@code absent}. */
    private Shape split(Config config, int keyValueHeads, int absent) {
        config.require(
                heads % keyValueHeads == 0,
                "num_key_value_heads",
                keyValueHeads,
                "a divisor of the " + heads + " heads");
        OptionalInt stated = config.optional(Range.WIDTH, "head_dim");
        if (stated.isPresent() || absent != DERIVED) {
            return with(keyValueHeads, stated.orElse(absent));
        }
        return dividing(config).with(keyValueHeads, Math.max(1, hidden / heads));
    }

    /** Reads a shape whose heads share the hidden width. */
    static Shape multiHead(Config config, Defaults defaults) {
        return common(config, defaults).dividing(config);
    }

    /** Reads a shape whose heads need not share the hidden width: those of latent attention have widths of their own. */
    static Shape latent(Config config, Defaults defaults) {
        return common(config, defaults);
    }

    private static Shape common(Config config, Defaults defaults) {
        int hidden = config.count(Range.WIDTH, defaults.hidden, "hidden_size");
        int heads = config.count(Range.HEADS, defaults.heads, "num_attention_heads");
        int inner = defaults.inner == DERIVED
                ? config.optional(Range.WIDTH, "intermediate_size").orElse(4 * hidden)
                : config.count(Range.WIDTH, defaults.inner, "intermediate_size");
        return new Shape(
                hidden,
                inner,
                config.count(Range.LAYERS, defaults.layers, "num_hidden_layers"),
                heads,
                heads,
                Math.max(1, hidden / heads),
                config.count(Range.ROWS, defaults.vocabulary, "vocab_size"),
                config.count(Range.TOKENS, defaults.positions, "max_position_embeddings"));
    }

    private Shape dividing(Config config) {
        config.require(hidden % heads == 0, "num_attention_heads", heads, "a divisor of the hidden width " + hidden);
        return this;
    }

    /** Refuses heads that are not the hidden width by their number, for a type that knows no others. */
    void requireNarrow(Config config) {
        config.require(queries() == hidden, "head_dim", headSize, "the hidden width by the heads");
    }

    private Shape with(int newKeyValueHeads, int newHeadSize) {
        return new Shape(hidden, inner, layers, heads, newKeyValueHeads, newHeadSize, vocabulary, positions);
    }

    Shape withKeyValueHeads(int number) {
        return with(number, headSize);
    }

    Shape withPositions(int number) {
        return new Shape(hidden, inner, layers, heads, keyValueHeads, headSize, vocabulary, number);
    }

    Shape withLayers(int number) {
        return new Shape(hidden, inner, number, heads, keyValueHeads, headSize, vocabulary, positions);
    }

    Shape withHeadSize(int size) {
        return with(keyValueHeads, size);
    }

    Shape withInner(int width) {
        return new Shape(hidden, width, layers, heads, keyValueHeads, headSize, vocabulary, positions);
    }

    /** The width of all queries of a token. */
    long queries() {
        return (long) heads * headSize;
    }

    /** The width of all keys of a token, or of all values. */
    long keys() {
        return (long) keyValueHeads * headSize;
    }

    /** Attention over every earlier token. */
    Attention attention(int rotarySize) {
        return attention(rotarySize, OptionalInt.empty());
    }

    Attention attention(int rotarySize, OptionalInt window) {
        return new Attention.Grouped(heads, keyValueHeads, headSize, rotarySize, window);
    }
}
