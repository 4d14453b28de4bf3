package dev.llmmem.formats;

import dev.llmmem.formats.quantization.StoredQuantization;
import java.util.Objects;

/**
 * Reads how a checkpoint is quantized: the {@code quantization_config} of a {@code config.json}, or a {@code hf_quant_config.json}.
 *
 * <p>A text is read within the bounds of {@link HuggingFace}. Stateless and thread-safe.
 */
public final class HuggingFaceQuantization {

    private static final String FILE = "config.json";

    private HuggingFaceQuantization() {}

    /**
     * Reads a text.
     *
     * @param json the content of the file
     * @return the quantization
     * @throws MalformedInputException if the content is no configuration, or states no quantization that is known
     */
    public static StoredQuantization read(String json) {
        Objects.requireNonNull(json, "json");
        try {
            return StoredQuantization.of(Json.object(json, FILE));
        } catch (MalformedInputException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(FILE + ": " + e.getMessage());
        }
    }
}
