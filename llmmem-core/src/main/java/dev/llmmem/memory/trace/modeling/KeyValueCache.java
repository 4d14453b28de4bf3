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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

    /** The formats of what calls before this one stored, for each kind of layer. */
    private final Map<Attention, Formats> before;
    /** The formats of what this call has stored. */
    private final Map<Attention, Formats> now = new HashMap<>();

    private final long batch;
    /** Tokens of each row that calls have read before. */
    private final long past;
    /** How many of those the latest call read. */
    private final long latest;

    /** The formats of the keys and values that a layer stores. */
    private record Formats(DType keys, DType values) {}

    private KeyValueCache(long batch, long past, long latest, Map<Attention, Formats> before) {
        this.batch = batch;
        this.past = past;
        this.latest = latest;
        this.before = before;
    }

    /** An empty cache. */
    public static KeyValueCache empty(long batch) {
        return new KeyValueCache(batch, 0, 0, Map.of());
    }

    /** A cache that holds {@code length} learned keys and values of each layer, all in one format. */
    public static KeyValueCache prefixed(long batch, long length, List<Attention> layers, DType type) {
        Map<Attention, Formats> formats = new HashMap<>();
        layers.forEach(attention -> formats.put(attention, new Formats(type, type)));
        return new KeyValueCache(batch, length, length, formats);
    }

    /** The cache of a later call, after {@code past} tokens, the {@code latest} of them read by the call before it. */
    public KeyValueCache later(long past, long latest) {
        return new KeyValueCache(batch, past, latest, Map.copyOf(now));
    }

    /** Tokens of each row that calls have read before. */
    public long past() {
        return past;
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
    public void load(Tape tape, List<Attention> layers) {
        for (Attention attention : layers) {
            Formats formats = Objects.requireNonNull(before.get(attention));
            long rows = batch * heads(attention) * stored(attention);
            if (attention instanceof Attention.Grouped grouped) {
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, rows, grouped.headSize(), formats.keys(), 1);
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, rows, grouped.headSize(), formats.values(), 1);
            } else if (attention instanceof Attention.Latent latent) {
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, rows, latent.keyValueRank(), formats.keys(), 1);
                tape.hold(MemoryKind.KEY_VALUE_CACHE, SITE, rows, latent.rotarySize(), formats.values(), 1);
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

    /** Adds the keys and values of this call to those of earlier ones; an empty cache has the format of its first keys. */
    Entry extend(Tape tape, Tensor keys, Tensor values, Attention attention) {
        boolean windowed = attention.window().isPresent();
        if (windowed) { // the width of the window, as a tensor
            held.add(
                    past == 0
                            ? tape.allocate(1, 1, DType.INT64)
                            : tape.adopt(MemoryKind.KEY_VALUE_CACHE, SITE, 1, 1, DType.INT64));
        }
        Formats past = before.getOrDefault(attention, new Formats(keys.type(), keys.type()));
        Tensor allKeys = longer(tape, keys, past.keys(), attention);
        if (!windowed) {
            shorten(tape, allKeys, past.keys(), attention);
        }
        Tensor allValues = longer(tape, values, past.values(), attention);
        if (windowed) { // both copies are made before either old one is let go
            shorten(tape, allKeys, past.keys(), attention);
        }
        shorten(tape, allValues, past.values(), attention);
        now.put(attention, new Formats(allKeys.type(), allValues.type()));
        return new Entry(allKeys, allValues);
    }

    /** Formats are promoted, as {@code torch.cat} does. */
    private Tensor longer(Tape tape, Tensor states, DType before, Attention attention) {
        DType type = Arithmetic.promoted(before, states.type());
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
    private void shorten(Tape tape, Tensor longer, DType type, Attention attention) {
        if (past > 0) {
            long rows = batch * heads(attention) * stored(attention);
            tape.drop(tape.adopt(MemoryKind.KEY_VALUE_CACHE, SITE, rows, longer.columns(), type));
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
