package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Collected;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of earlier tokens, grown by concatenation: each call makes a longer copy and then lets go of the
 * shorter one (transformers, DynamicCache). A layer with a sliding window goes on with the latest {@code window - 1}
 * tokens, but as a view: the storage of what was there before the cut stays.
 */
public final class KeyValueCache {

    private static final String SITE = "key-value cache";

    private final List<Tensor> held = new ArrayList<>();
    /** The learned keys and values of layers, where the past is a prefix that is trained. */
    private final List<Collected> prefixes = new ArrayList<>();

    private final long batch;
    /** Tokens of each row that calls have read before. */
    private final long past;
    /** How many of those the latest call read. */
    private final long latest;

    /** An empty cache. */
    public KeyValueCache(long batch) {
        this(batch, 0, 0);
    }

    /** A cache that has read {@code past} tokens, the {@code latest} of them in its latest call. */
    public KeyValueCache(long batch, long past, long latest) {
        this.batch = batch;
        this.past = past;
        this.latest = latest;
    }

    /** The tokens of a row that a layer still sees, before this call. */
    long visible(Attention attention) {
        return attention.window().isPresent()
                ? Math.min(past, attention.window().getAsInt() - 1L)
                : past;
    }

    /** The tokens of a row that a layer's storage holds, before this call. */
    private long stored(Attention attention) {
        if (past == 0 || attention.window().isEmpty()) {
            return past;
        }
        return Math.min(past - latest, attention.window().getAsInt() - 1L) + latest;
    }

    /** Counts what the cache holds of all layers when a call begins. */
    public void load(Tape tape, List<Attention> layers, DType type) {
        for (Attention attention : layers) {
            long rows = batch * heads(attention) * stored(attention);
            if (attention instanceof Attention.Grouped grouped) {
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, rows, grouped.headSize(), type, 2);
            } else if (attention instanceof Attention.Latent latent) {
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, rows, latent.keyValueRank(), type, 1);
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, rows, latent.rotarySize(), type, 1);
            }
            if (attention.window().isPresent()) { // the width of the window, as a tensor
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, 1, 1, DType.INT64, 1);
            }
        }
    }

    /** The heads that are kept of each token; what keys and values are made from is one vector for all heads. */
    private static long heads(Attention attention) {
        return attention instanceof Attention.Grouped grouped ? grouped.keyValueHeads() : 1;
    }

    /** Keys and values of all tokens so far. */
    record Entry(Tensor keys, Tensor values) {}

    /** Adds the keys and values of this call to those of earlier ones. Values take the keys' format. */
    Entry extend(Tape tape, Tensor keys, Tensor values, Attention attention) {
        boolean windowed = attention.window().isPresent();
        if (windowed) { // the width of the window, as a tensor
            held.add(
                    past == 0
                            ? tape.allocate(1, 1, DType.INT64)
                            : tape.adopt(MemoryKind.KEY_VALUE_CACHE, SITE, 1, 1, DType.INT64));
        }
        Tensor allKeys = longer(tape, keys, keys.type(), attention);
        if (!windowed) {
            shorten(tape, allKeys, attention);
        }
        Tensor allValues = longer(tape, values, Arithmetic.promoted(keys.type(), values.type()), attention);
        if (windowed) { // both copies are made before either old one is let go
            shorten(tape, allKeys, attention);
        }
        shorten(tape, allValues, attention);
        return new Entry(allKeys, allValues);
    }

    private Tensor longer(Tape tape, Tensor states, DType type, Attention attention) {
        long seen = batch * heads(attention) * visible(attention);
        Tensor longer;
        if (past > 0 && tape.isRecording()) {
            Collected prefix = new Collected();
            prefixes.add(prefix);
            longer = Shapes.prepend(tape, states, states.rows() + seen, type, prefix);
        } else {
            longer = Shapes.expand(tape, states, states.rows() + seen, type);
        }
        tape.rename(longer, MemoryKind.KEY_VALUE_CACHE);
        held.add(tape.alias(longer));
        return longer;
    }

    /** Lets go of what the cache held of a layer before this call. */
    private void shorten(Tape tape, Tensor longer, Attention attention) {
        if (past > 0) {
            long rows = batch * heads(attention) * stored(attention);
            tape.drop(tape.adopt(MemoryKind.KEY_VALUE_CACHE, SITE, rows, longer.columns(), longer.type()));
        }
    }

    /** The gradients of the learned keys and values die. */
    void dropPrefixGradients(Tape tape) {
        for (Collected prefix : prefixes) {
            Tensor gradient = prefix.take();
            if (gradient != null) {
                tape.drop(gradient);
            }
        }
        prefixes.clear();
    }

    /** The cache dies. */
    public void drop(Tape tape) {
        for (Tensor tensor : held) {
            tape.drop(tensor);
        }
        held.clear();
    }
}
