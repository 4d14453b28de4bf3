package dev.llmmem.formats;

import dev.llmmem.formats.quantization.StoredQuantization;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.architecture.Architectures;
import dev.llmmem.model.architecture.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code config.json} of a model on the Hugging Face Hub.
 *
 * <pre>{@code
 * ModelSpec model = HuggingFace.read(Path.of("Llama-3.1-8B"));     // the folder, or the file itself
 * model.parameterCount();                                          // 8030261248
 * }</pre>
 *
 * <p>The result is what transformers 5.18 builds: every parameter by name and shape, with that version's defaults for
 * absent fields. The first of {@code architectures} says whether there is a head; where it is absent, there is one. Of a
 * multi-modal model the towers are read too ({@link ModelSpec#towers()}); memory is estimated for {@link
 * ModelSpec#withoutTowers()}. {@code quantization_config} does not change the shapes, which are those of the unquantized
 * model.
 *
 * <p>Of BERT, RoBERTa, XLM-RoBERTa, ELECTRA, ALBERT and DistilBERT the class that is named first is read:
 * {@code ...Model}, {@code ...ForMaskedLM}, {@code ...ForPreTraining}, {@code ...ForSequenceClassification},
 * {@code ...ForTokenClassification} or {@code ...ForQuestionAnswering}; where none is named, {@code ...ForMaskedLM}. Their layers see
 * the whole text and keep nothing. T5, mT5, umT5, LongT5, BART, mBART, PEGASUS, Blenderbot, M2M-100 and Whisper are
 * {@code ...ForConditionalGeneration} or {@code ...Model}: the layers are those of the decoder, the encoder is a tower.
 * {@code T5EncoderModel} and its like have the encoder's layers. Files of T5 v1.1, FLAN-T5 and mT5 hold a head that is not the
 * embedding; transformers builds the two as one and keeps them apart once such a file is loaded, so the head is among
 * {@link ModelSpec#storedExtras()}.
 *
 * <p>The code of some types comes with their checkpoints and not with transformers, such as {@code baichuan}, {@code chatglm} and
 * {@code qwen}. For these, shapes and counts are those of their checkpoints, names as far as they are known, and there are no
 * defaults: a field that decides the shape must be stated.
 *
 * <p>A file is read within bounds: at most 16 MiB, 64 levels and a million values; no layer count above 10,000.
 *
 * <p>Stateless and thread-safe.
 */
public final class HuggingFace {

    private static final String FILE = "config.json";

    private HuggingFace() {}

    /**
     * Reads a file.
     *
     * @param path the file, or a folder with a {@code config.json}
     * @return the model, named after its type
     * @throws MalformedInputException if the content is not a configuration that is known, with everything that is wrong
     * @throws UncheckedIOException if the file cannot be read
     */
    public static ModelSpec read(Path path) {
        Objects.requireNonNull(path, "path");
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        try (InputStream stream = Files.newInputStream(file)) {
            return describe(Json.object(stream, file.toString()), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a stream to its end, or until it is too long. The stream is left open.
     *
     * @param stream the content of a {@code config.json}
     * @return the model, named after its type
     * @throws MalformedInputException if the content is not a configuration that is known, with everything that is wrong
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static ModelSpec read(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        try {
            return describe(Json.object(stream, FILE), FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text.
     *
     * @param json the content of a {@code config.json}
     * @return the model, named after its type
     * @throws MalformedInputException if the content is not a configuration that is known, with everything that is wrong
     */
    public static ModelSpec read(String json) {
        Objects.requireNonNull(json, "json");
        return describe(Json.object(json, FILE), FILE);
    }

    /**
     * How a file's model is stored, if its {@code quantization_config} says that it is quantized.
     *
     * @param path the file, or a folder with a {@code config.json}
     * @return the quantization, {@link StoredQuantization#none()} where the file states none
     * @throws MalformedInputException if the content is no object or of a quantization that is not known
     * @throws UncheckedIOException if the file cannot be read
     */
    public static StoredQuantization quantization(Path path) {
        Objects.requireNonNull(path, "path");
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        try (InputStream stream = Files.newInputStream(file)) {
            return quantization(Json.object(stream, file.toString()), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same of a text.
     *
     * @param json the content of a {@code config.json}
     * @return the quantization, {@link StoredQuantization#none()} where the text states none
     * @throws MalformedInputException if the content is no object or of a quantization that is not known
     */
    public static StoredQuantization quantization(String json) {
        Objects.requireNonNull(json, "json");
        return quantization(Json.object(json, FILE), FILE);
    }

    /**
     * The model types that can be read.
     *
     * @return values of {@code model_type}, in order
     */
    public static SortedSet<String> modelTypes() {
        return Architectures.types();
    }

    private static ModelSpec describe(Map<String, @Nullable Object> fields, String source) {
        try {
            return Architectures.describe(Fields.of(fields));
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(source + ": " + e.getMessage());
        }
    }

    private static StoredQuantization quantization(Map<String, @Nullable Object> fields, String source) {
        try {
            return StoredQuantization.find(fields).orElseGet(StoredQuantization::none);
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(source + ": " + e.getMessage());
        }
    }
}
