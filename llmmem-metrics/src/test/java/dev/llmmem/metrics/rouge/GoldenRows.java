package dev.llmmem.metrics.rouge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * Rows of outputs of the reference tools: a sample that lies beside the tests, or all of them if the system property {@code goldens}
 * names their directory.
 */
final class GoldenRows {

    private GoldenRows() {}

    /** The rows of a file such as {@code rouge.jsonl} as maps, lists, strings, booleans, doubles and longs. */
    static List<Map<String, Object>> of(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
                    rows.add(map(value(parser, parser.nextToken())));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String file) throws IOException {
        String directory = System.getProperty("goldens");
        if (directory != null) {
            return Files.newInputStream(Path.of(directory, file));
        }
        return new GZIPInputStream(
                Objects.requireNonNull(GoldenRows.class.getResourceAsStream("goldens/" + file + ".gz"), file));
    }

    private static Object value(JsonParser parser, JsonToken token) {
        switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    map.put(name, value(parser, parser.nextToken()));
                }
                return map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.add(value(parser, next));
                }
                return list;
            }
            case VALUE_STRING -> {
                return parser.getString();
            }
            case VALUE_NUMBER_INT -> {
                return parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return parser.getDoubleValue();
            }
            default -> throw new IllegalStateException("token " + token);
        }
    }

    static Object at(Map<String, Object> row, String key) {
        return Objects.requireNonNull(row.get(key), key);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static <T> List<T> list(Object value) {
        return (List<T>) value;
    }

    static RougeScore score(Object triple) {
        List<Number> figures = list(triple);
        return new RougeScore(
                figures.get(0).doubleValue(),
                figures.get(1).doubleValue(),
                figures.get(2).doubleValue());
    }
}
