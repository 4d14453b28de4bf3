package dev.llmmem.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Outputs of references that lie beside the tests, as gzipped JSON Lines. */
public final class Goldens {

    private Goldens() {}

    /** A row by the names of its columns. */
    public record Row(Map<String, Object> columns) {

        public Object get(String name) {
            return Objects.requireNonNull(columns.get(name), name);
        }

        public boolean containsKey(String name) {
            return columns.containsKey(name);
        }
    }

    /** The rows of a file beside a class, as maps, lists, strings, booleans, doubles and longs; null is the string "null". */
    public static List<Row> rows(Class<?> beside, String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(beside.getResourceAsStream(file), file)),
                StandardCharsets.UTF_8))) {
            List<Row> rows = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
                    rows.add(new Row(map(value(parser, parser.nextToken()))));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    map.put(name, value(parser, parser.nextToken()));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.add(value(parser, next));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> "null";
            default -> throw new IllegalStateException("token " + token);
        };
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    public static <T> List<T> list(Object value) {
        return (List<T>) value;
    }

    public static int[] ints(Object value) {
        return Goldens.<Number>list(value).stream().mapToInt(Number::intValue).toArray();
    }

    public static double[] doubles(Object value) {
        return Goldens.<Number>list(value).stream()
                .mapToDouble(Number::doubleValue)
                .toArray();
    }

    public static double number(Object value) {
        return ((Number) value).doubleValue();
    }
}
