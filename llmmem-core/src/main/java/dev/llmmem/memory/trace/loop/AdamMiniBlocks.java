package dev.llmmem.memory.trace.loop;

import dev.llmmem.model.ModelSpec;
import java.util.List;
import java.util.Locale;

/** Which parameters share a second moment in Adam-mini, by their names (adam_mini/adam_mini.py, Adam_mini.step). */
final class AdamMiniBlocks {

    private static final List<String> SINGLE = List.of("bias");
    private static final List<String> HEADS = List.of("k_proj", "q_proj", "wq", "wk", "query", "key");
    private static final List<String> ROWS = List.of(
            "embed",
            "embd",
            "wte", // embeddings
            "lm_head",
            "output",
            "final_layer", // heads
            "v_proj",
            "wv",
            "value", // values
            "feed_forward",
            "linear",
            "mlp", // feed-forward
            "o_proj",
            "wo",
            "attn.proj"); // attention's projection

    /** The elements of a head's part of a square matrix of the hidden size. */
    private final long headElements;

    AdamMiniBlocks(ModelSpec model) {
        long hidden = model.hiddenSize();
        int heads = model.layers().get(0).attention().heads();
        if (hidden * hidden % heads != 0) {
            throw new IllegalArgumentException("optimizer is Adam-mini, but must be another for a hidden size of "
                    + hidden + " and " + heads + " heads: the package needs heads that divide its square");
        }
        this.headElements = hidden * hidden / heads;
    }

    /** Whether each element has a second moment of its own. */
    boolean single(Weights.Group group) {
        return has(group, SINGLE);
    }

    /** Whether the tensor has one second moment. */
    boolean whole(Weights.Group group) {
        return !single(group) && !has(group, HEADS) && !has(group, ROWS);
    }

    /** How many second moments a tensor has. */
    long of(Weights.Group group) {
        if (single(group)) {
            return group.elements();
        }
        if (has(group, HEADS)) {
            if (group.elements() % headElements != 0) {
                throw refused(group, "the package divides it into heads of " + headElements + " elements");
            }
            return group.elements() / headElements;
        }
        if (!has(group, ROWS)) {
            return 1;
        }
        if (group.shape().size() != 2) {
            throw refused(group, "the package takes it for a matrix");
        }
        return group.rows();
    }

    private static boolean has(Weights.Group group, List<String> parts) {
        String name = group.name().toLowerCase(Locale.ROOT);
        return parts.stream().anyMatch(name::contains);
    }

    private static IllegalArgumentException refused(Weights.Group group, String cause) {
        return new IllegalArgumentException("optimizer is Adam-mini, but must be another for a job that trains "
                + group.name() + " with the shape " + group.shape() + ": " + cause);
    }
}
