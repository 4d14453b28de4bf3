package dev.llmmem.metrics.bleu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Outputs of the references: a part of the rows, which is in the test resources, or all, if the system property {@code
 * llmmem.goldens} names a folder that has them.
 */
final class Goldens {

    private Goldens() {}

    static List<Map<String, @Nullable Object>> rows(String name) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (InputStream in = open(name)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> rows.add(map(parse(line))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static InputStream open(String name) throws IOException {
        String folder = System.getProperty("llmmem.goldens");
        return folder != null
                ? Files.newInputStream(Path.of(folder, name))
                : new GZIPInputStream(Objects.requireNonNull(Goldens.class.getResourceAsStream(name + ".gz")));
    }

    private static @Nullable Object parse(String json) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new HashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    map.put(key, value(parser));
                }
                return map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                return list;
            }
            case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> {
                return Double.parseDouble(parser.getString());
            }
            case VALUE_TRUE -> {
                return true;
            }
            case VALUE_FALSE -> {
                return false;
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> {
                return parser.getString();
            }
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> map(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    static <T> List<T> list(@Nullable Object value) {
        return (List<T>) Objects.requireNonNull(value);
    }

    static double number(@Nullable Object value) {
        return (Double) Objects.requireNonNull(value);
    }

    static String text(@Nullable Object value) {
        return (String) Objects.requireNonNull(value);
    }
}
