package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * One object of strict JSON (RFC 8259) in UTF-8, read piece by piece, for texts too large to be kept.
 *
 * <p>Values that nobody asks for are passed over and take no memory. Names of an object may repeat: the caller checks
 * those that it keeps. What a value is called is asked for only if it is refused.
 */
final class JsonStream {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Json.DEEPEST)
                    .maxNumberLength(Json.LONGEST_NUMBER)
                    .maxNameLength(Json.LONGEST_NAME)
                    .maxStringLength(Json.LONGEST_NAME)
                    .build())
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    /** What is done with a member of an object, whose value is the current token. */
    interface Member {
        void read(String name);
    }

    private final JsonParser parser;
    private final String source;

    private JsonStream(JsonParser parser, String source) {
        this.parser = parser;
        this.source = source;
    }

    /** What reads the one object of a text. */
    interface Content<T> {
        T read(JsonStream json);
    }

    /** Reads the one object that a stream holds, to the end of the stream; {@code source} names it in messages. */
    static <T> T object(InputStream stream, String source, Content<T> content) throws IOException {
        InputStreamReader text = new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonStream json = new JsonStream(parser, source);
            parser.nextToken();
            T result = content.read(json);
            if (parser.nextToken() != null) {
                throw json.malformed("there is more after the object, permitted one JSON object");
            }
            return result;
        } catch (JacksonIOException e) {
            throw unreadable(source, e);
        } catch (JacksonException e) {
            throw Json.malformed(source, e.getLocation(), e.getOriginalMessage());
        }
    }

    /** Reads the object that the current token begins, member by member. */
    void members(Supplier<String> what, Member member) {
        expect(what, JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            member.read(name);
        }
    }

    /** Moves to the next element of the array that the current token begins or is in; false at its end. */
    boolean element() {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    void expectArray(Supplier<String> what) {
        expect(what, JsonToken.START_ARRAY, "an array");
    }

    /** Passes over the current value. */
    void skip() {
        parser.skipChildren();
    }

    /** Refuses a current value that is no string, and does not keep it. */
    void expectString(Supplier<String> what) {
        expect(what, JsonToken.VALUE_STRING, "a string");
    }

    String string(Supplier<String> what) {
        expectString(what);
        return parser.getString();
    }

    /** The current value as a whole number in [0, 2^63 - 1]. */
    long count(Supplier<String> what) {
        expect(what, JsonToken.VALUE_NUMBER_INT, "a whole number");
        String digits = parser.getString();
        // -0 is no count either: the reference reader takes it for a fraction.
        if (digits.startsWith("-") || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw malformed(what.get() + " = " + digits + ", permitted whole numbers in [0, " + Long.MAX_VALUE + "]");
        }
        return parser.getLongValue();
    }

    /** The current value as a number in [0, 2^63 - 1], a fraction rounded up. */
    long countRoundedUp(Supplier<String> what) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            return count(what);
        }
        double number = Math.ceil(parser.getDoubleValue());
        if (!(number >= 0 && number < 0x1p63)) {
            throw malformed(what.get() + " = " + parser.getString() + ", permitted [0, " + Long.MAX_VALUE + "]");
        }
        return (long) number;
    }

    MalformedInputException malformed(String what) {
        return Json.malformed(source, parser.currentTokenLocation(), what);
    }

    private void expect(Supplier<String> what, JsonToken token, String permitted) {
        if (parser.currentToken() != token) {
            throw malformed(what.get() + " is " + shown(parser.currentToken()) + ", permitted " + permitted);
        }
    }

    private static String shown(@Nullable JsonToken token) {
        if (token == null) {
            return "missing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> "not there";
        };
    }

    private static MalformedInputException unreadable(String source, JacksonIOException e) throws IOException {
        if (e.getCause() instanceof CharacterCodingException) {
            return new MalformedInputException(source + ": the text is not UTF-8");
        }
        throw e.getCause();
    }
}
