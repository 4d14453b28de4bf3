package dev.llmmem.workload;

import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** An object of a JSON text, of which every field must be asked for. */
final class JsonObject {

    private final JsonValue self;
    private final Map<?, ?> fields;
    private final Set<String> asked = new LinkedHashSet<>();

    JsonObject(JsonValue self, Map<?, ?> fields) {
        this.self = self;
        this.fields = fields;
    }

    /**
     * Makes something of this object.
     *
     * @throws IllegalArgumentException if {@code read} refuses it, or leaves a field
     */
    <T> T as(Function<JsonObject, T> read) {
        T made;
        try {
            made = read.apply(this);
        } catch (JsonValue.Malformed e) {
            throw e;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw self.refusal(String.valueOf(e.getMessage()), e);
        }
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (field.getValue() instanceof JsonValue value && !asked.contains(value.name())) {
                throw value.refusal(
                        "\"" + Quoted.start(value.name()) + "\" is no field of " + self.name() + ", permitted "
                                + String.join(", ", asked),
                        null);
            }
        }
        return made;
    }

    boolean has(String name) {
        asked.add(name);
        return fields.containsKey(name);
    }

    JsonValue get(String name) {
        asked.add(name);
        if (!(fields.get(name) instanceof JsonValue value)) {
            throw self.refusal(name + " is missing, but is required in " + self.name(), null);
        }
        return value;
    }

    /** The field that says which of several kinds this object is. */
    String kind(String... permitted) {
        JsonValue kind = get("kind");
        String name = kind.string();
        if (!List.of(permitted).contains(name)) {
            throw kind.refused("must be one of " + Arrays.toString(permitted));
        }
        return name;
    }

    int integer(String name, int least, String unit) {
        return integer(name, least, Integer.MAX_VALUE, unit);
    }

    int integer(String name, int least, int most, String unit) {
        return get(name).integer(least, most, unit);
    }

    <T> List<T> list(String name, Function<JsonObject, T> read) {
        List<T> made = new ArrayList<>();
        for (JsonValue element : get(name).array()) {
            made.add(element.object().as(read));
        }
        return made;
    }
}
