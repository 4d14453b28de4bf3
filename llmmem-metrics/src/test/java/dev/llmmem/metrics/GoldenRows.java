package dev.llmmem.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Rows of golden files, as lists and maps. */
public final class GoldenRows {

    private static final JsonFactory JSON = new JsonFactory();

    private GoldenRows() {}

    /** A row of a line of JSON. */
    public static Map<String, Object> row(String line) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            return asMap(value(parser, parser.nextToken()));
        }
    }

    /** The rows of a compressed resource. */
    public static List<Map<String, Object>> of(Class<?> test, String resource) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (InputStream stream = Objects.requireNonNull(test.getResourceAsStream(resource), resource);
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(stream), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                rows.add(row(line));
            }
        }
        return rows;
    }

    /** Examples of a row of sacreBLEU: one, or one a hypothesis, of streams of references in which some are missing; the shortest
     * stream decides how many. */
    public static List<Example> examples(Map<String, Object> row) {
        List<?> references = (List<?>) Objects.requireNonNull(row.get("references"));
        if (row.get("hypothesis") instanceof String hypothesis) {
            return List.of(new Example(hypothesis, present(references)));
        }
        List<?> hypotheses = (List<?>) Objects.requireNonNull(row.get("hypotheses"));
        List<Example> examples = new ArrayList<>();
        int size = hypotheses.size();
        for (Object stream : references) {
            size = Math.min(size, ((List<?>) stream).size());
        }
        for (int i = 0; i < size; i++) {
            List<@Nullable Object> here = new ArrayList<>();
            for (Object stream : references) {
                here.add(((List<?>) stream).get(i));
            }
            examples.add(new Example((String) hypotheses.get(i), present(here)));
        }
        return examples;
    }

    private static List<String> present(List<?> references) {
        return references.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** A field that is a map. */
    public static Map<String, Object> map(Map<String, Object> row, String name) {
        return asMap(row.get(name));
    }

    /** A field that is a list of maps. */
    public static List<Map<String, Object>> maps(Map<String, Object> row, String name) {
        return ((List<?>) Objects.requireNonNull(row.get(name)))
                .stream().map(GoldenRows::asMap).toList();
    }

    /** A field that is a number. */
    public static double number(Map<String, Object> row, String name) {
        return ((Number) Objects.requireNonNull(row.get(name))).doubleValue();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    map.put(name, value(parser, parser.nextToken()));
                }
                return map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.add(value(parser, next));
                }
                return list;
            }
            case VALUE_NUMBER_INT -> {
                return parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return parser.getDoubleValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return parser.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> {
                return parser.getString();
            }
        }
    }
}
