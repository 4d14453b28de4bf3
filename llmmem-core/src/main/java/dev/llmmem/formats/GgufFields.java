package dev.llmmem.formats;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Gathers the fields that the configuration of a model would have, from its keys and tensors. */
final class GgufFields {

    private static final String QUERY = "attn_q.weight";
    private static final String KEY = "attn_k.weight";
    private static final String FUSED = "attn_qkv.weight";

    private final GgufContents contents;
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final long hidden;
    private final long heads;

    /** Begins with what every model has. */
    GgufFields(GgufContents contents) {
        this.contents = contents;
        StoredTensor embedding = contents.outside().get("token_embd.weight");
        if (embedding == null) {
            throw contents.malformed("tensor \"token_embd.weight\" is missing, permitted a matrix of tokens");
        }
        hidden = contents.dimension(embedding, 1, 2);
        heads = contents.required("attention.head_count");
        if (contents.required("embedding_length") != hidden) {
            throw contents.malformed(contents.architecture() + ".embedding_length = "
                    + contents.required("embedding_length") + ", permitted " + hidden
                    + ", the width of token_embd.weight");
        }
        if (contents.whole("nextn_predict_layers").orElse(0) != 0) {
            throw contents.malformed(
                    contents.architecture()
                            + ".nextn_predict_layers is not 0, permitted 0: layers that predict further tokens are not described");
        }
        set("hidden_size", hidden);
        set("vocab_size", contents.dimension(embedding, 0, 2));
        set("num_hidden_layers", contents.required("block_count"));
        set("num_attention_heads", heads);
        contents.whole("context_length").ifPresent(length -> set("max_position_embeddings", length));
        set("tie_word_embeddings", !contents.outside().containsKey("output.weight"));
    }

    GgufContents contents() {
        return contents;
    }

    /** The fields, once the window is known not to be passed over. */
    Map<String, @Nullable Object> finished() {
        if (contents.whole("attention.sliding_window").orElse(0) != 0 && !fields.containsKey("sliding_window")) {
            throw contents.malformed(contents.architecture() + ".attention.sliding_window = "
                    + contents.required("attention.sliding_window") + ", permitted 0: such a window is not described");
        }
        return fields;
    }

    /** Says what {@code config.json} calls the architecture. */
    @CanIgnoreReturnValue
    GgufFields type(String modelType) {
        return set("model_type", modelType);
    }

    @CanIgnoreReturnValue
    GgufFields set(String field, @Nullable Object value) {
        fields.put(field, value);
        return this;
    }

    /** A field that is true if some layer has a tensor. */
    @CanIgnoreReturnValue
    GgufFields flag(String field, String tensor) {
        return set(field, contents.has(tensor));
    }

    /** A field of a key that may be absent. */
    @CanIgnoreReturnValue
    GgufFields whole(String field, String key) {
        contents.whole(key).ifPresent(value -> set(field, value));
        return this;
    }

    /** A field of a key that must be there. */
    @CanIgnoreReturnValue
    GgufFields required(String field, String key) {
        return set(field, contents.required(key));
    }

    /** Heads of keys and values, the width of a head, and the inner width. */
    @CanIgnoreReturnValue
    GgufFields grouped() {
        heads("num_key_value_heads");
        set("head_dim", headSize());
        return inner("intermediate_size");
    }

    /** Heads that share the hidden width, in so many fields, and the inner width. */
    @CanIgnoreReturnValue
    GgufFields shared(String innerField) {
        if (headSize() * heads != hidden) {
            throw contents.malformed("a head has " + headSize() + " elements, permitted " + hidden + " / " + heads
                    + ", the width by the heads");
        }
        return inner(innerField);
    }

    /** A field of the number of heads of keys and values. */
    @CanIgnoreReturnValue
    GgufFields heads(String field) {
        return set(field, keyValueHeads());
    }

    long keyValueHeads() {
        return contents.whole("attention.head_count_kv").orElse(heads);
    }

    /** Whether heads of keys and values are neither one nor as many as the others. */
    boolean isGrouped() {
        return keyValueHeads() > 1 && keyValueHeads() < heads;
    }

    /** The inner width of the layers that are no mixtures, by the tensors; where there is none, by the key. */
    @CanIgnoreReturnValue
    GgufFields inner(String field) {
        OptionalLong stored = innermost("ffn_down.weight", 2);
        if (stored.isPresent()) {
            return set(field, stored.getAsLong());
        }
        return whole(field, "feed_forward_length");
    }

    /** The number of experts and how many a token visits. */
    @CanIgnoreReturnValue
    GgufFields experts(String count) {
        long experts = contents.required("expert_count");
        contents.first("ffn_down_exps.weight").ifPresent(stacked -> {
            if (contents.dimension(stacked, 0, 3) != experts) {
                throw contents.malformed(contents.architecture() + ".expert_count = " + experts + ", permitted "
                        + stacked.shape().get(0) + ", the experts of " + stacked.name());
            }
        });
        return set(count, experts).required("num_experts_per_tok", "expert_used_count");
    }

    /** The inner width of an expert. */
    @CanIgnoreReturnValue
    GgufFields expertWidth(String field) {
        OptionalLong stored = innermost("ffn_down_exps.weight", 3);
        if (stored.isPresent()) {
            return set(field, stored.getAsLong());
        }
        return whole(
                field,
                contents.states("expert_feed_forward_length") ? "expert_feed_forward_length" : "feed_forward_length");
    }

    /** The inner width of what is beside the experts. */
    @CanIgnoreReturnValue
    GgufFields sharedWidth(String field) {
        innermost("ffn_down_shexp.weight", 2).ifPresent(width -> set(field, width));
        return this;
    }

    /** The layers that are no mixtures. */
    @CanIgnoreReturnValue
    GgufFields denseLayers(String field) {
        List<Map<String, StoredTensor>> blocks = contents.blocks();
        return set(
                field,
                IntStream.range(0, blocks.size())
                        .filter(i -> !blocks.get(i).containsKey("ffn_gate_inp.weight"))
                        .mapToObj(i -> (Object) (long) i)
                        .toList());
    }

    /** The share of a head that is rotated. */
    @CanIgnoreReturnValue
    GgufFields rotary() {
        OptionalLong size = contents.whole("rope.dimension_count");
        if (size.isPresent() && size.getAsLong() <= headSize()) {
            // Half an element more, so that no rounding loses one.
            set("partial_rotary_factor", Math.min(1, (size.getAsLong() + 0.5) / headSize()));
        }
        return this;
    }

    /** A window, and in which layers it is if the file says so. */
    @CanIgnoreReturnValue
    GgufFields window() {
        set(
                "sliding_window",
                contents.whole("attention.sliding_window").stream()
                        .filter(width -> width != 0)
                        .boxed()
                        .findFirst()
                        .orElse(null));
        List<GgufValue> pattern = contents.elements("attention.sliding_window_pattern");
        if (!pattern.isEmpty()) {
            set("layer_types", pattern.stream().map(GgufFields::layerType).toList());
        } else if (contents.states("attention.sliding_window_pattern")) {
            long every = contents.required("attention.sliding_window_pattern");
            set(
                    "layer_types",
                    LongStream.rangeClosed(1, contents.blocks().size())
                            .mapToObj(i -> layerType(new GgufValue.Flag(every > 0 && i % every != 0)))
                            .toList());
        }
        return this;
    }

    private static Object layerType(GgufValue sliding) {
        return sliding.equals(new GgufValue.Flag(true)) ? "sliding_attention" : "full_attention";
    }

    /** The width of a head: that of the queries by their number; where tensors are fused, that of the key. */
    private long headSize() {
        long stated = contents.whole("attention.key_length").orElse(Math.max(1, hidden / Math.max(1, heads)));
        if (contents.whole("attention.value_length").orElse(stated) != stated) {
            throw contents.malformed(contents.architecture() + ".attention.value_length = "
                    + contents.required("attention.value_length") + ", permitted " + stated + ", as wide as keys");
        }
        rows(QUERY, heads, stated, "attention.head_count");
        rows(KEY, keyValueHeads(), stated, "attention.head_count_kv");
        rows(FUSED, heads + 2 * keyValueHeads(), stated, "attention.head_count");
        return stated;
    }

    /** Refuses a matrix that has not so many rows as heads need. */
    private void rows(String tensor, long count, long width, String key) {
        contents.first(tensor).ifPresent(matrix -> {
            long rows = contents.dimension(matrix, 0, 2);
            if (count < 1 || rows % count != 0 || rows / count != width) {
                throw contents.malformed(matrix.name() + " has " + rows + " rows, permitted " + count + " x " + width
                        + " as by " + contents.architecture() + "." + key + " and the width of a head");
            }
        });
    }

    private OptionalLong innermost(String tensor, int rank) {
        return contents.first(tensor).stream()
                .mapToLong(matrix -> contents.dimension(matrix, rank - 1, rank))
                .findFirst();
    }
}
