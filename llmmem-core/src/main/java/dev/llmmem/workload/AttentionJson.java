package dev.llmmem.workload;

import dev.llmmem.model.Attention;
import java.util.Optional;
import java.util.OptionalInt;

/** How a layer mixes tokens, in JSON. */
final class AttentionJson {

    private static final String ELEMENTS = "elements";
    private static final String HEADS = "heads";
    private static final String KEY_VALUE_HEADS = "keyValueHeads";
    private static final String HEAD_SIZE = "headSize";
    private static final String ROTARY_SIZE = "rotarySize";
    private static final String WINDOW = "window";
    private static final String OWN = "own";

    private AttentionJson() {}

    static void write(JsonWriter json, Attention attention) {
        if (attention instanceof Attention.Grouped grouped) {
            json.field("kind", "grouped");
            shape(json, grouped);
        } else if (attention instanceof Attention.Borrowed borrowed) {
            json.field("kind", "borrowed");
            shape(json, borrowed.grouped());
        } else if (attention instanceof Attention.Latent latent) {
            json.field("kind", "latent");
            shape(json, latent);
        } else if (attention instanceof Attention.Indexed indexed) {
            json.field("kind", "indexed").field("indexSize", indexed.indexSize());
            shape(json, indexed.latent());
        } else if (attention instanceof Attention.Uneven uneven) {
            json.field("kind", "uneven")
                    .field(HEADS, uneven.heads())
                    .field(KEY_VALUE_HEADS, uneven.keyValueHeads())
                    .field("keySize", uneven.keySize())
                    .field("valueSize", uneven.valueSize())
                    .field(ROTARY_SIZE, uneven.rotarySize());
            uneven.window().ifPresent(window -> json.field(WINDOW, window));
        } else if (attention instanceof Attention.Compressed compressed) {
            json.field("kind", "compressed")
                    .field(HEADS, compressed.heads())
                    .field(HEAD_SIZE, compressed.headSize())
                    .field(ROTARY_SIZE, compressed.rotarySize())
                    .field(WINDOW, compressed.slidingWindow())
                    .field("rate", compressed.rate())
                    .field("indexSize", compressed.indexSize());
        } else if (attention instanceof Attention.Bidirectional both) {
            json.field("kind", "bidirectional").field(HEADS, both.heads()).field(HEAD_SIZE, both.headSize());
        } else if (attention instanceof Attention.Cross cross) {
            json.field("kind", "cross")
                    .field(HEADS, cross.heads())
                    .field(KEY_VALUE_HEADS, cross.keyValueHeads())
                    .field(HEAD_SIZE, cross.headSize());
            cross.own().ifPresent(own -> json.object(OWN, () -> shape(json, own)));
        } else if (attention instanceof Attention.Recurrent recurrent) {
            json.field("kind", "recurrent")
                    .field("rule", recurrent.rule())
                    .field(HEADS, recurrent.heads())
                    .field("stateElements", recurrent.stateElements());
        } else if (attention instanceof Attention.Absent) {
            json.field("kind", "absent");
        } else {
            throw new IllegalStateException("attention " + attention + " has no JSON");
        }
    }

    static Attention read(JsonObject json) {
        return switch (json.kind(
                "grouped",
                "latent",
                "indexed",
                "uneven",
                "compressed",
                "bidirectional",
                "cross",
                "borrowed",
                "recurrent",
                "absent")) {
            case "grouped" -> grouped(json);
            case "borrowed" -> new Attention.Borrowed(grouped(json));
            case "latent" -> latent(json);
            case "indexed" -> new Attention.Indexed(latent(json), json.integer("indexSize", 0, ELEMENTS));
            case "uneven" ->
                new Attention.Uneven(
                        json.integer(HEADS, 1, HEADS),
                        json.integer(KEY_VALUE_HEADS, 1, HEADS),
                        json.integer("keySize", 1, ELEMENTS),
                        json.integer("valueSize", 1, ELEMENTS),
                        json.integer(ROTARY_SIZE, 0, ELEMENTS),
                        optional(json, WINDOW, "tokens"));
            case "compressed" ->
                new Attention.Compressed(
                        json.integer(HEADS, 1, HEADS),
                        json.integer(HEAD_SIZE, 1, ELEMENTS),
                        json.integer(ROTARY_SIZE, 0, ELEMENTS),
                        json.integer(WINDOW, 1, "tokens"),
                        json.integer("rate", 0, "tokens"),
                        json.integer("indexSize", 0, ELEMENTS));
            case "bidirectional" ->
                new Attention.Bidirectional(json.integer(HEADS, 1, HEADS), json.integer(HEAD_SIZE, 1, ELEMENTS));
            case "cross" ->
                new Attention.Cross(
                        json.has(OWN)
                                ? Optional.of(json.get(OWN).object().as(AttentionJson::grouped))
                                : Optional.empty(),
                        json.integer(HEADS, 1, HEADS),
                        json.integer(KEY_VALUE_HEADS, 1, HEADS),
                        json.integer(HEAD_SIZE, 1, ELEMENTS));
            case "recurrent" ->
                new Attention.Recurrent(
                        json.get("rule").constant(Attention.Recurrent.Rule.class),
                        json.integer(HEADS, 1, HEADS),
                        json.get("stateElements").integer(1, Long.MAX_VALUE, ELEMENTS));
            default -> new Attention.Absent();
        };
    }

    private static void shape(JsonWriter json, Attention.Grouped grouped) {
        json.field(HEADS, grouped.heads())
                .field(KEY_VALUE_HEADS, grouped.keyValueHeads())
                .field(HEAD_SIZE, grouped.headSize())
                .field(ROTARY_SIZE, grouped.rotarySize());
        grouped.window().ifPresent(window -> json.field(WINDOW, window));
    }

    private static void shape(JsonWriter json, Attention.Latent latent) {
        json.field(HEADS, latent.heads());
        latent.queryRank().ifPresent(rank -> json.field("queryRank", rank));
        json.field("keyValueRank", latent.keyValueRank())
                .field("plainSize", latent.plainSize())
                .field(ROTARY_SIZE, latent.rotarySize())
                .field("valueSize", latent.valueSize());
    }

    private static Attention.Grouped grouped(JsonObject json) {
        return new Attention.Grouped(
                json.integer(HEADS, 1, HEADS),
                json.integer(KEY_VALUE_HEADS, 1, HEADS),
                json.integer(HEAD_SIZE, 1, ELEMENTS),
                json.integer(ROTARY_SIZE, 0, ELEMENTS),
                optional(json, WINDOW, "tokens"));
    }

    private static Attention.Latent latent(JsonObject json) {
        return new Attention.Latent(
                json.integer(HEADS, 1, HEADS),
                optional(json, "queryRank", ELEMENTS),
                json.integer("keyValueRank", 1, ELEMENTS),
                json.integer("plainSize", 1, ELEMENTS),
                json.integer(ROTARY_SIZE, 1, ELEMENTS),
                json.integer("valueSize", 1, ELEMENTS));
    }

    private static OptionalInt optional(JsonObject json, String name, String unit) {
        return json.has(name) ? OptionalInt.of(json.integer(name, 1, unit)) : OptionalInt.empty();
    }
}
