package dev.llmmem.workload;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Writes JSON that {@link JsonReader} reads back: in ASCII, fields in the order of the calls. */
final class JsonWriter {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final JsonGenerator json;
    private long values;

    private JsonWriter(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes one object.
     *
     * @throws IllegalStateException if it is larger than what {@link JsonReader} reads
     */
    static String write(Consumer<JsonWriter> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            JsonWriter writer = new JsonWriter(json);
            writer.object(() -> fields.accept(writer));
            if (writer.values > JsonReader.MOST_VALUES) {
                throw tooLarge(writer.values, JsonReader.MOST_VALUES, "values");
            }
        }
        int length = text.getBuffer().length();
        if (length > JsonReader.MOST_CHARACTERS) {
            throw tooLarge(length, JsonReader.MOST_CHARACTERS, "characters");
        }
        return text.toString();
    }

    private static IllegalStateException tooLarge(long is, long most, String unit) {
        return new IllegalStateException(
                "JSON has " + is + " " + unit + ", but must have at most " + most + " " + unit);
    }

    @CanIgnoreReturnValue
    JsonWriter field(String name, String value) {
        json.writeStringProperty(name, value);
        values++;
        return this;
    }

    @CanIgnoreReturnValue
    JsonWriter field(String name, Enum<?> value) {
        return field(name, value.name());
    }

    @CanIgnoreReturnValue
    JsonWriter field(String name, long value) {
        json.writeNumberProperty(name, value);
        values++;
        return this;
    }

    @CanIgnoreReturnValue
    JsonWriter field(String name, double value) {
        json.writeNumberProperty(name, value);
        values++;
        return this;
    }

    @CanIgnoreReturnValue
    JsonWriter field(String name, boolean value) {
        json.writeBooleanProperty(name, value);
        values++;
        return this;
    }

    @CanIgnoreReturnValue
    <T> JsonWriter optionalObject(String name, Optional<T> value, Consumer<T> fields) {
        value.ifPresent(present -> object(name, () -> fields.accept(present)));
        return this;
    }

    @CanIgnoreReturnValue
    JsonWriter object(String name, Runnable fields) {
        json.writeName(name);
        object(fields);
        return this;
    }

    @CanIgnoreReturnValue
    <T> JsonWriter objects(String name, List<T> elements, Consumer<T> fields) {
        return array(name, elements, element -> object(() -> fields.accept(element)));
    }

    @CanIgnoreReturnValue
    JsonWriter numbers(String name, List<Long> elements) {
        return array(name, elements, element -> {
            json.writeNumber(element);
            values++;
        });
    }

    @CanIgnoreReturnValue
    JsonWriter strings(String name, List<String> elements) {
        return array(name, elements, element -> {
            json.writeString(element);
            values++;
        });
    }

    private void object(Runnable fields) {
        json.writeStartObject();
        values++;
        fields.run();
        json.writeEndObject();
    }

    @CanIgnoreReturnValue
    private <T> JsonWriter array(String name, List<T> elements, Consumer<T> element) {
        json.writeArrayPropertyStart(name);
        values++;
        elements.forEach(element);
        json.writeEndArray();
        return this;
    }
}
