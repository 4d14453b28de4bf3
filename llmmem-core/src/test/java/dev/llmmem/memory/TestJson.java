package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** JSON as maps, lists, strings and longs. */
final class TestJson {

    private TestJson() {}

    static Object parse(String text) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser json = factory.createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            Object value = value(json);
            assertThat(json.nextToken()).isNull();
            return value;
        }
    }

    /** The events of a Chrome trace. */
    static List<Map<String, Object>> traceEvents(String trace) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (Object event : (List<?>) field((Map<?, ?>) parse(trace), "traceEvents")) {
            events.add(object(event));
        }
        return events;
    }

    /** A field that must be there. */
    static Object field(Map<?, ?> object, String name) {
        return Objects.requireNonNull(object.get(name), name);
    }

    static Map<String, Object> object(Object value) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((name, field) -> object.put((String) name, field));
        return object;
    }

    private static Object value(JsonParser json) {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    object.put(name, value(json));
                }
                return object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(json));
                }
                return array;
            }
            case VALUE_STRING -> {
                return json.getString();
            }
            case VALUE_NUMBER_INT -> {
                return json.getLongValue();
            }
            default -> throw new AssertionError(json.currentToken() + " at " + json.currentLocation());
        }
    }
}
