package dev.llmmem.workload;

import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON of unknown origin into values that know their line and column, within bounds on size, number of values and
 * depth.
 */
final class JsonReader {

    /** 16 MiB of ASCII. */
    static final int MOST_CHARACTERS = 1 << 24;

    static final int MOST_VALUES = 1_000_000;

    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 100;

    // Names are not kept across documents: what one document does to such a table would outlive it.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(MOST_CHARACTERS)
                    .build())
            .build();

    private final JsonParser json;
    private int values;

    private JsonReader(JsonParser json) {
        this.json = json;
    }

    /**
     * Reads a text that holds one object.
     *
     * @throws IllegalArgumentException if it does not, or {@code read} refuses what it holds
     */
    static <T> T read(String text, Function<JsonObject, T> read) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("JSON has " + text.length() + " characters, but must have at most "
                    + MOST_CHARACTERS + " characters");
        }
        JsonValue root;
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() == null) {
                throw new IllegalArgumentException("JSON is empty, but must be an object");
            }
            JsonReader reader = new JsonReader(json);
            root = reader.value("JSON");
            if (json.nextToken() != null) {
                throw reader.here("JSON").refusal("JSON goes on, but must end after one object", null);
            }
        } catch (JacksonException e) {
            throw notJson(e);
        }
        return root.object().as(read);
    }

    private static IllegalArgumentException notJson(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
        String why = String.valueOf(e.getOriginalMessage()).replaceAll("\\s*\\([^()]*\\[Source:.*", "");
        return new IllegalArgumentException(where + "JSON is malformed: " + why, e);
    }

    private JsonValue value(String name) {
        JsonToken token = json.currentToken();
        JsonValue here = here(name);
        if (++values > MOST_VALUES) {
            throw here.refusal("JSON has more values, but must have at most " + MOST_VALUES + " values", null);
        }
        return switch (token) {
            case START_OBJECT -> here.with(fields());
            case START_ARRAY -> here.with(elements(name));
            case VALUE_STRING -> here.with(json.getString());
            case VALUE_NUMBER_INT -> here.with(integer());
            case VALUE_NUMBER_FLOAT -> here.with(json.getDoubleValue());
            case VALUE_TRUE -> here.with(true);
            case VALUE_FALSE -> here.with(false);
            default -> here;
        };
    }

    /** The number, or the nearest {@code double} where it exceeds a {@code long}. */
    private Object integer() {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return Double.valueOf(json.getString());
        }
        return json.getLongValue();
    }

    private Map<String, JsonValue> fields() {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonValue at = here(name);
            json.nextToken();
            if (fields.put(name, value(name)) != null) {
                throw at.refusal(Quoted.start(name) + " is given twice, but must be given once", null);
            }
        }
        return fields;
    }

    private List<JsonValue> elements(String name) {
        List<JsonValue> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(name));
        }
        return elements;
    }

    private JsonValue here(String name) {
        TokenStreamLocation at = json.currentTokenLocation();
        return new JsonValue(name, null, at.getLineNr(), at.getColumnNr());
    }
}
