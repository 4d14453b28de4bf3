package dev.llmmem.formats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The keys and tensors of a model, by the names that they have within its architecture or within a layer. */
final class GgufContents {

    private static final String ARCHITECTURE = "general.architecture";
    private static final String BLOCK = "blk.";
    private static final int MOST_BLOCKS = 10_000;

    private final String source;
    private final Gguf head;
    private final String architecture;
    private final Map<String, StoredTensor> outside = new HashMap<>();
    private final List<Map<String, StoredTensor>> blocks = new ArrayList<>();

    private GgufContents(String source, Gguf head) {
        this.source = source;
        this.head = head;
        String type = head.text("general.type").orElse("model");
        if (!type.equals("model")) {
            throw malformed("general.type = " + Shown.name(type) + ", permitted \"model\"");
        }
        this.architecture = head.text(ARCHITECTURE)
                .orElseThrow(() -> malformed(ARCHITECTURE + " is missing, permitted " + GgufArchitectures.NAMES));
    }

    /** All parts of a model, the one with the keys first. */
    static GgufContents of(String source, List<Gguf> parts) {
        GgufContents contents = new GgufContents(source, parts.get(0));
        parts.forEach(part -> part.tensors().forEach(contents::add));
        return contents;
    }

    private void add(StoredTensor tensor) {
        String name = tensor.name();
        int dot = name.indexOf('.', BLOCK.length());
        if (!name.startsWith(BLOCK) || dot < 0) {
            outside.put(name, tensor);
            return;
        }
        String number = name.substring(BLOCK.length(), dot);
        if (!number.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(number) >= MOST_BLOCKS) {
            throw malformed(
                    "tensor " + Shown.name(name) + " is of no layer, permitted layers in [0, " + MOST_BLOCKS + ")");
        }
        int block = Integer.parseInt(number);
        while (blocks.size() <= block) {
            blocks.add(new HashMap<>());
        }
        blocks.get(block).put(name.substring(dot + 1), tensor);
    }

    String architecture() {
        return architecture;
    }

    /** The tensors of each layer by the rest of their names. */
    List<Map<String, StoredTensor>> blocks() {
        return blocks;
    }

    /** The tensors that are of no layer. */
    Map<String, StoredTensor> outside() {
        return outside;
    }

    /** Whether some layer has a tensor. */
    boolean has(String name) {
        return first(name).isPresent();
    }

    /** The first layer's tensor of a name. */
    Optional<StoredTensor> first(String name) {
        return blocks.stream()
                .filter(block -> block.containsKey(name))
                .map(block -> block.get(name))
                .findFirst();
    }

    /** A dimension of a tensor, counted from the outermost. */
    long dimension(StoredTensor tensor, int place, int rank) {
        if (tensor.shape().size() != rank) {
            throw malformed("tensor " + Shown.name(tensor.name()) + " has "
                    + tensor.shape().size() + " dimensions, permitted " + rank);
        }
        return tensor.shape().get(place);
    }

    /** Whether a key of the architecture is there. */
    boolean states(String key) {
        return head.metadata().containsKey(named(key));
    }

    /** A whole number that is the same for all layers. */
    OptionalLong whole(String key) {
        GgufValue value = head.metadata().get(named(key));
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof GgufValue.Array array && !array.elements().isEmpty()) {
            Set<GgufValue> distinct = new HashSet<>(array.elements());
            if (distinct.size() > 1) {
                throw malformed(named(key) + " differs from layer to layer, permitted one value for all layers");
            }
            value = array.elements().get(0);
        }
        if (value instanceof GgufValue.Whole whole
                && whole.value().signum() >= 0
                && whole.value().bitLength() < Integer.SIZE) {
            return OptionalLong.of(whole.value().longValueExact());
        }
        throw malformed(
                named(key) + " = " + shown(value) + ", permitted whole numbers in [0, " + Integer.MAX_VALUE + "]");
    }

    long required(String key) {
        return whole(key).orElseThrow(() -> malformed(named(key) + " is missing, permitted a whole number"));
    }

    /** Whether a key is true. */
    boolean flag(String key, boolean absent) {
        GgufValue value = head.metadata().get(named(key));
        if (value == null) {
            return absent;
        }
        if (value instanceof GgufValue.Flag flag) {
            return flag.value();
        }
        throw malformed(named(key) + " is no boolean, permitted one");
    }

    /** The elements of an array, or empty if the key is absent or no array. */
    List<GgufValue> elements(String key) {
        return head.metadata().get(named(key)) instanceof GgufValue.Array array ? array.elements() : List.of();
    }

    MalformedInputException malformed(String what) {
        return new MalformedInputException(source + ": " + what);
    }

    private static String shown(GgufValue value) {
        return value instanceof GgufValue.Whole whole ? whole.value().toString() : "no whole number";
    }

    private String named(String key) {
        return architecture + "." + key;
    }
}
