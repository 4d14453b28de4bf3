package dev.llmmem.formats;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.architecture.Architectures;
import dev.llmmem.model.architecture.Fields;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the header of a GGUF file which model it holds.
 *
 * <pre>{@code
 * ModelSpec model = GgufModel.read(Path.of("Llama-3.1-8B-Q4_K_M.gguf"));
 * model.parameterCount();                // 8030261248, whatever the file takes of each
 * }</pre>
 *
 * <p>{@code general.architecture} and the keys that begin with it are read as the {@code config.json} of the same model would be
 * ({@link HuggingFace}), so a model has the names of its parameters that it has there. Names of keys and tensors are those of
 * github.com/ggml-org/llama.cpp ({@code gguf-py/gguf/constants.py} and {@code tensor_mapping.py} of gguf 0.19).
 *
 * <p>Tensors count more than keys: widths, vocabulary, biases, norms and whether the head is tied are those of the tensors, for writers put into
 * {@code feed_forward_length} what they take to be usual. Where a key decides what a tensor cannot show, such as the number of heads, it must fit
 * the tensors; and each layer of the model, and what is outside the layers, must have as many elements as the file has. Anything
 * else is refused. What bears on inference only is not read. Frequencies that are stored ({@code rope_freqs}) and the biases by which
 * experts are chosen ({@code exp_probs_b}) are no parameters.
 *
 * <p>What a file does not tell is what {@code config.json} means where it is silent: activation, dropout, and, in files without
 * {@code expert_group_count}, the groups of DeepSeek's experts. A head that was stored although tied is read as one that is not tied.
 * A key {@code context_length} is taken as it is, though some writers put the hidden width there (BLOOM, GLM).
 *
 * <p>Stateless and thread-safe.
 */
public final class GgufModel {

    private GgufModel() {}

    /**
     * Reads the header of a file, or those of all parts of a model in several files by the name of any of them.
     *
     * @param path a GGUF file, or a folder that holds one model in GGUF files
     * @return the model, named after its type
     * @throws MalformedInputException if the content is no GGUF file or no model that is known, or if its keys and tensors disagree
     * @throws UncheckedIOException if a file cannot be read
     */
    public static ModelSpec read(Path path) {
        return of(Checkpoint.open(path));
    }

    /**
     * Tells the model of a checkpoint.
     *
     * @param checkpoint a checkpoint of GGUF files, all parts of one model
     * @return the model, named after its type
     * @throws MalformedInputException if the files are no GGUF files, if they hold no model that is known, or if keys and tensors
     *     disagree
     */
    public static ModelSpec of(Checkpoint checkpoint) {
        Objects.requireNonNull(checkpoint, "checkpoint");
        String source = checkpoint.files().firstKey();
        List<Gguf> parts = new ArrayList<>();
        for (CheckpointFile file : checkpoint.files().values()) {
            if (!(file instanceof Gguf part)) {
                throw new MalformedInputException(source + ": the file is no GGUF file, permitted one");
            }
            parts.add(part);
        }
        return describe(source, parts);
    }

    /**
     * Tells the model of a file that holds all of it.
     *
     * @param file what the file holds
     * @return the model, named after its type
     * @throws MalformedInputException if it holds no model that is known, or one of several parts, or if its keys and tensors
     *     disagree
     */
    public static ModelSpec of(Gguf file) {
        Objects.requireNonNull(file, "file");
        long parts = file.whole("split.count").orElse(1);
        if (parts > 1) {
            throw new MalformedInputException(
                    "gguf: split.count = " + parts + ", permitted 1: the other parts are read by Checkpoint.open");
        }
        return describe("gguf", List.of(file));
    }

    /**
     * The architectures that can be read.
     *
     * @return values of {@code general.architecture}, in order, unmodifiable
     */
    public static SortedSet<String> architectures() {
        return GgufArchitectures.NAMES;
    }

    private static ModelSpec describe(String source, List<Gguf> parts) {
        GgufContents contents = GgufContents.of(source, parts);
        Map<String, @Nullable Object> fields = GgufArchitectures.fields(contents);
        ModelSpec model;
        try {
            model = Architectures.describe(Fields.of(fields));
        } catch (IllegalArgumentException e) {
            throw contents.malformed(String.valueOf(e.getMessage()));
        }
        try {
            GgufCheck.check(contents, model);
        } catch (ArithmeticException e) {
            throw contents.malformed("the tensors have 2^63 elements and more, permitted fewer");
        }
        return model;
    }
}
