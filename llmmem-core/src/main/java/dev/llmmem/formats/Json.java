package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Strict JSON (RFC 8259) in UTF-8, within bounds, as plain values.
 *
 * <p>An object becomes an unmodifiable {@link Map} in the order of the text, an array an unmodifiable {@link List}, a
 * whole number a {@link Long} or, beyond that, a {@link BigInteger}, any other number a finite {@link Double}. An object
 * that repeats a name is refused.
 */
final class Json {

    static final int MOST_BYTES = 16 << 20;
    static final int MOST_VALUES = 1_000_000;
    static final int DEEPEST = 64;
    static final int LONGEST_NUMBER = 100;
    static final int LONGEST_NAME = 10_000;
    static final int LONGEST_STRING = 1 << 20;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(LONGEST_NAME)
                    .maxStringLength(LONGEST_STRING)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final Set<String> WORDS = Set.of("NaN", "Infinity", "-Infinity");

    private final JsonParser parser;
    private final String source;
    private int values;

    private Json(JsonParser parser, String source) {
        this.parser = parser;
        this.source = source;
    }

    /** Reads the one object that a stream holds; {@code source} names it in messages. */
    static Map<String, @Nullable Object> object(InputStream stream, String source) throws IOException {
        byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw tooLong(source);
        }
        return object(decoded(bytes, source), source);
    }

    /** Reads the one object that a text holds; {@code source} names it in messages. */
    static Map<String, @Nullable Object> object(String text, String source) {
        if (text.length() > MOST_BYTES) {
            throw tooLong(source);
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return new Json(parser, source).document();
        } catch (JacksonException e) {
            throw malformed(source, e.getLocation(), e.getOriginalMessage());
        }
    }

    private Map<String, @Nullable Object> document() {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw malformed(first == null ? "the text is empty, but must hold an object" : "the text is no object");
        }
        Map<String, @Nullable Object> document = members();
        if (parser.nextToken() != null) {
            throw malformed("there is more after the object");
        }
        return document;
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            members.put(name, value(parser.nextToken()));
        }
        return Collections.unmodifiableMap(members);
    }

    private List<@Nullable Object> elements() {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(token));
        }
        return Collections.unmodifiableList(elements);
    }

    private @Nullable Object value(@Nullable JsonToken token) {
        if (++values > MOST_VALUES) {
            throw malformed("there are more than " + MOST_VALUES + " values");
        }
        if (token == null) {
            throw malformed("the text ends in the middle");
        }
        return switch (token) {
            case START_OBJECT -> members();
            case START_ARRAY -> elements();
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> whole();
            case VALUE_NUMBER_FLOAT -> real();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw malformed("unexpected " + token);
        };
    }

    private Object whole() {
        BigInteger number = parser.getBigIntegerValue();
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    /** Python's json module writes three words that are no JSON; whoever reads such a field says whether they may stand there. */
    private Double real() {
        double number = parser.getDoubleValue();
        if (!Double.isFinite(number) && !WORDS.contains(parser.getString())) {
            throw malformed("the number " + parser.getString() + " is out of range, permitted [-1.8e308, 1.8e308]");
        }
        return number;
    }

    private MalformedInputException malformed(String what) {
        return malformed(source, parser.currentTokenLocation(), what);
    }

    static MalformedInputException malformed(String source, @Nullable TokenStreamLocation place, String what) {
        String where = place == null || place.getLineNr() < 1
                ? ""
                : String.format(Locale.ROOT, ", line %d, column %d", place.getLineNr(), place.getColumnNr());
        return new MalformedInputException(
                source + where + ": " + what.lines().findFirst().orElse("not JSON"));
    }

    private static MalformedInputException tooLong(String source) {
        return new MalformedInputException(
                source + ": the text has more than " + MOST_BYTES + " bytes, permitted [0, " + MOST_BYTES + "] bytes");
    }

    private static String decoded(byte[] bytes, String source) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedInputException(source + ": the text is not UTF-8");
        }
    }
}
