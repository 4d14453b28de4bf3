package dev.llmmem.bench;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What those who published measurements say elsewhere about how they ran their jobs: the columns of a row do not hold it
 * all. A source that is not listed here leaves its rows incomplete.
 */
final class MeasuredSources {

    private static final JsonNode FACTS = read();

    private MeasuredSources() {}

    private static JsonNode read() {
        String name = "measured-sources.json";
        try (InputStream file = Objects.requireNonNull(MeasuredSources.class.getResourceAsStream(name), name)) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The facts about a source. */
    static Optional<JsonNode> find(String source) {
        return FACTS.path("sources").optional(source);
    }

    /** The model of a name: as the facts give it, or of the catalog. */
    static Optional<ModelSpec> model(String id) {
        JsonNode known = FACTS.path("models").path(id);
        return known.isObject() ? Optional.of(HuggingFace.read(known.toString())) : Models.find(known.asString(id));
    }
}
