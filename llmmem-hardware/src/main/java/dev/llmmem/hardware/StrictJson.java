package dev.llmmem.hardware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON document from front to back and accepts nothing but what it is asked for: no other type, no duplicate key, no
 * trailing text, no bytes that are not UTF-8, nothing over its limits. Every complaint names the file, the line and the field.
 *
 * <p>Each method that reads a value finds the parser on the first token of that value and leaves it on the last.
 */
final class StrictJson implements AutoCloseable {

    static final int MAX_BYTES = 4 << 20;
    static final int MAX_TEXT = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNameLength(100)
                    .maxNumberLength(30)
                    .maxStringLength(MAX_TEXT)
                    .build())
            .build();

    private final String file;
    private final JsonParser parser;
    private final Deque<String> path = new ArrayDeque<>();

    private StrictJson(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /** Opens a document, at its first token. */
    static StrictJson open(String file, InputStream in) {
        StrictJson json = new StrictJson(file, FACTORY.createParser(ObjectReadContext.empty(), text(file, in)));
        json.advance();
        return json;
    }

    private static String text(String file, InputStream in) {
        byte[] bytes;
        try {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new CatalogFormatException(
                    file, 1, "document", "more than " + MAX_BYTES + " bytes, permitted at most that", null);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CatalogFormatException(file, 1, "document", "not UTF-8", e);
        }
    }

    /** Reads an object; the consumer gets each key and must read its value. */
    void object(Consumer<String> field) {
        expect(JsonToken.START_OBJECT, "an object");
        while (advance() == JsonToken.PROPERTY_NAME) {
            String name = read(parser::currentName);
            path.addLast(name);
            advance();
            field.accept(name);
            path.removeLast();
        }
    }

    /** Reads an array of at most so many items. */
    <T> List<T> array(int most, Supplier<T> item) {
        expect(JsonToken.START_ARRAY, "an array");
        List<T> items = new ArrayList<>();
        while (advance() != JsonToken.END_ARRAY) {
            if (items.size() == most) {
                throw malformed("more than " + most + " items, permitted at most that");
            }
            path.addLast(Integer.toString(items.size()));
            items.add(item.get());
            path.removeLast();
        }
        return items;
    }

    /** Reads a text that is one line, without space around it, and not empty. */
    String line() {
        expect(JsonToken.VALUE_STRING, "a text");
        String text = read(parser::getString);
        if (text.isBlank() || !text.equals(text.strip()) || text.chars().anyMatch(Character::isISOControl)) {
            throw malformed("permitted one line of text here, not blank and without space around it");
        }
        return text;
    }

    List<String> lines(int most) {
        return array(most, this::line);
    }

    long whole(long least, long most, String unit) {
        expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
        BigDecimal value = read(parser::getDecimalValue);
        if (value.compareTo(BigDecimal.valueOf(least)) < 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw malformed(value + ", permitted [" + least + ", " + most + "] " + unit);
        }
        return value.longValueExact();
    }

    double positive(double most, String unit) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            expect(JsonToken.VALUE_NUMBER_FLOAT, "a number");
        }
        BigDecimal value = read(parser::getDecimalValue);
        if (value.signum() <= 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw malformed(
                    value + ", permitted (0, " + BigDecimal.valueOf(most).toPlainString() + "] " + unit);
        }
        double nearest = value.doubleValue();
        if (nearest == 0) {
            throw malformed(value + ", permitted only what a double can tell from 0");
        }
        return nearest;
    }

    boolean flag() {
        if (parser.currentToken() != JsonToken.VALUE_FALSE) {
            expect(JsonToken.VALUE_TRUE, "true or false");
        }
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    /** Reads the name of a constant, in lower case and with hyphens: {@code apple-silicon}. */
    <E extends Enum<E>> E constant(Class<E> type) {
        return constant(type, line());
    }

    <E extends Enum<E>> E constant(Class<E> type, String name) {
        List<String> known = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String text = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (text.equals(name)) {
                return constant;
            }
            known.add(text);
        }
        throw malformed("\"" + name + "\", permitted " + String.join(", ", known));
    }

    void end() {
        if (advance() != null) {
            throw malformed("text after the document");
        }
    }

    CatalogFormatException malformed(String problem) {
        return malformed(problem, null);
    }

    CatalogFormatException malformed(String problem, @Nullable Throwable cause) {
        return malformed(problem, parser.currentTokenLocation().getLineNr(), cause);
    }

    CatalogFormatException unknownField() {
        return malformed("not a known field");
    }

    private CatalogFormatException malformed(String problem, int line, @Nullable Throwable cause) {
        String field = path.isEmpty() ? "document" : String.join(".", path);
        return new CatalogFormatException(file, Math.max(line, 1), field, problem, cause);
    }

    private void expect(JsonToken token, String what) {
        if (parser.currentToken() != token) {
            throw malformed("permitted " + what + " here");
        }
    }

    @CanIgnoreReturnValue
    private @Nullable JsonToken advance() {
        return read(parser::nextToken);
    }

    /** Runs a step of the parser, which finds many faults of a value only when it is asked for it. */
    private <T extends @Nullable Object> T read(Supplier<T> step) {
        try {
            return step.get();
        } catch (JacksonException e) {
            int line = e.getLocation() == null
                    ? parser.currentLocation().getLineNr()
                    : e.getLocation().getLineNr();
            throw malformed("not the JSON that is permitted here: " + e.getOriginalMessage(), line, e);
        }
    }

    @Override
    public void close() {
        parser.close();
    }
}
