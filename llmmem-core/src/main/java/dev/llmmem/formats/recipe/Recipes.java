package dev.llmmem.formats.recipe;

import dev.llmmem.formats.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads job files: at most 1 MiB of YAML or JSON, 40 levels and 50000 values, without aliases, tags and repeated keys.
 *
 * <p>Stateless and thread-safe.
 */
public final class Recipes {

    private Recipes() {}

    /**
     * Reads a file.
     *
     * @param file YAML or JSON
     * @param kind the tool that it is for
     * @return what it says
     * @throws MalformedInputException if the content is malformed, or a value not permitted
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Recipe read(Path file, RecipeKind kind) {
        Objects.requireNonNull(kind, "kind");
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(4 * Document.MOST_CHARACTERS + 1);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse(text, kind, file.toString());
        } catch (CharacterCodingException e) {
            throw new MalformedInputException(file + ": the text is not UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text.
     *
     * @param text YAML or JSON
     * @param kind the tool that it is for
     * @return what it says
     * @throws MalformedInputException if the text is malformed, or a value not permitted
     */
    public static Recipe parse(String text, RecipeKind kind) {
        return parse(Objects.requireNonNull(text, "text"), Objects.requireNonNull(kind, "kind"), "recipe");
    }

    private static Recipe parse(String text, RecipeKind kind, String source) {
        Map<String, @Nullable Object> keys = Document.read(text, source);
        Reading reading = new Reading(kind, keys);
        try {
            switch (kind) {
                case AXOLOTL -> Axolotl.read(reading);
                case LLAMA_FACTORY -> LlamaFactory.read(reading);
                case TRL, TRAINING_ARGUMENTS -> Trainers.read(reading, kind == RecipeKind.TRL);
                case TORCHTUNE -> Torchtune.read(reading);
                case DEEPSPEED, ACCELERATE -> Launchers.read(reading, kind);
            }
            return reading.finish();
        } catch (MalformedInputException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(source + ": " + e.getMessage());
        }
    }
}
