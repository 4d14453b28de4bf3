package dev.llmmem.formats.recipe;

import dev.llmmem.formats.MalformedInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;

/**
 * One mapping of YAML or JSON, within bounds, as plain values: maps in the order of the text, lists, strings, booleans,
 * longs, doubles and nulls. Whole numbers beyond 64 bits and numbers that are not finite stay strings.
 *
 * <p>Aliases and tags are refused: job files need neither, and both are ways to make a short text large or strange.
 */
final class Document {

    static final int MOST_BYTES = 1 << 20;
    static final int MOST_VALUES = 10_000;
    static final int DEEPEST = 40;
    private static final int LONGEST_NUMBER = 100;

    /** What tells JSON from a mapping that YAML writes in braces. */
    private static final Pattern JSON_START = Pattern.compile("\\s*\\{\\s*[\"}]");

    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxNumberLength(LONGEST_NUMBER)
            .maxNameLength(1000)
            .maxStringLength(MOST_BYTES)
            .build();
    private static final TokenStreamFactory YAML =
            YAMLFactory.builder().streamReadConstraints(BOUNDS).build();
    private static final TokenStreamFactory JSON =
            JsonFactory.builder().streamReadConstraints(BOUNDS).build();

    private final JsonParser parser;
    private int values;

    private Document(JsonParser parser) {
        this.parser = parser;
    }

    static Map<String, @Nullable Object> read(String text, String source) {
        if (text.length() > MOST_BYTES) {
            throw new MalformedInputException(source + ": the text has " + text.length() + " characters, permitted [0, "
                    + MOST_BYTES + "] characters");
        }
        TokenStreamFactory factory = JSON_START.matcher(text).lookingAt() ? JSON : YAML;
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            return new Document(parser).document();
        } catch (MalformedInputException e) {
            throw new MalformedInputException(source + e.getMessage());
        } catch (RuntimeException e) {
            // Jackson's exceptions, and those of the YAML engine below it that Jackson lets through.
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            String place = e instanceof JacksonException jackson && jackson.getLocation() != null
                    ? place(jackson.getLocation())
                    : "";
            throw new MalformedInputException(source + place + ": neither YAML nor JSON: " + Shown.text(what));
        }
    }

    private Map<String, @Nullable Object> document() {
        if (next() != JsonToken.START_OBJECT) {
            throw malformed("the text is no mapping");
        }
        Map<String, @Nullable Object> document = members();
        if (parser.nextToken() != null) {
            throw malformed("there is more after the mapping, permitted one document");
        }
        return document;
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
            if (token != JsonToken.PROPERTY_NAME) {
                throw malformed("a key is no plain text");
            }
            String name = parser.currentName();
            if (members.containsKey(name)) {
                throw malformed("the key " + Shown.text(name) + " stands twice, permitted once");
            }
            members.put(name, value(next()));
        }
        return Collections.unmodifiableMap(members);
    }

    private List<@Nullable Object> elements() {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            elements.add(value(token));
        }
        return Collections.unmodifiableList(elements);
    }

    private @Nullable Object value(JsonToken token) {
        if (++values > MOST_VALUES) {
            throw malformed("there are more than " + MOST_VALUES + " values");
        }
        return switch (token) {
            case START_OBJECT -> members();
            case START_ARRAY -> elements();
            // A key without a value is null in YAML.
            case VALUE_STRING -> parser.getString().isEmpty() ? null : parser.getString();
            case VALUE_NUMBER_INT -> whole(parser.getString());
            case VALUE_NUMBER_FLOAT -> real(parser.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw malformed("unexpected " + token);
        };
    }

    private static Object whole(String text) {
        String digits = text.replace("_", "");
        return digits.matches("[-+]?(0|[1-9][0-9]{0,17})") ? (Object) Long.parseLong(digits) : text;
    }

    private static Object real(String text) {
        if (text.length() > LONGEST_NUMBER) {
            return text;
        }
        try {
            double number = Double.parseDouble(text.replace("_", ""));
            return Double.isFinite(number) ? (Object) number : text;
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private JsonToken next() {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw malformed("the text ends in the middle, or is empty");
        }
        if (token != JsonToken.END_OBJECT && token != JsonToken.END_ARRAY) {
            if (parser.getTypeId() != null) {
                throw malformed("there is a tag, permitted none");
            }
            if (parser instanceof tools.jackson.dataformat.yaml.YAMLParser yaml && yaml.isCurrentAlias()) {
                throw malformed("there is an alias, permitted none");
            }
        }
        return token;
    }

    private MalformedInputException malformed(String what) {
        return new MalformedInputException(place(parser.currentTokenLocation()) + ": " + what);
    }

    private static String place(TokenStreamLocation place) {
        return String.format(Locale.ROOT, ", line %d, column %d", place.getLineNr(), place.getColumnNr());
    }
}
