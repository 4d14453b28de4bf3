package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The index of a checkpoint in several files: which file holds which tensor. It is a {@code model.safetensors.index.json} or a
 * {@code pytorch_model.bin.index.json}, as transformers writes them ({@code weight_map} and {@code metadata.total_size}).
 *
 * <p>An index is untrusted: a file that it names must be a plain name, without a separator, so that it lies beside the index. It is
 * read within bounds: at most 100,000,000 bytes, names of at most 10,000 characters, and at most 48 MiB of memory for what is kept,
 * which is some 250,000 tensors.
 *
 * <p>Immutable and thread-safe.
 */
public final class CheckpointIndex {

    private final Map<String, String> files;
    private final @Nullable Long totalSize;
    private final @Nullable Long totalParameters;

    CheckpointIndex(Map<String, String> files, @Nullable Long totalSize, @Nullable Long totalParameters) {
        this.files = files;
        this.totalSize = totalSize;
        this.totalParameters = totalParameters;
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return the index
     * @throws MalformedInputException if the content is no index
     * @throws UncheckedIOException if the file cannot be read
     */
    public static CheckpointIndex read(Path file) {
        Objects.requireNonNull(file, "file");
        try (InputStream stream = Channels.newInputStream(RegularFile.open(file))) {
            return IndexReader.read(new BufferedInputStream(stream), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a stream to its end, or until it is too long. The stream is left open.
     *
     * @param stream the content of an index
     * @return the index
     * @throws MalformedInputException if the content is no index
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static CheckpointIndex read(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        try {
            return IndexReader.read(new BufferedInputStream(stream), "index.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The file of each tensor.
     *
     * @return file names by tensor, in the order of the text, unmodifiable
     */
    public Map<String, String> files() {
        return files;
    }

    /**
     * The names of the files.
     *
     * @return the names, in order
     */
    public SortedSet<String> fileNames() {
        return new TreeSet<>(files.values());
    }

    /**
     * What all tensors take, as the writer of the index had it. Old writers counted a boolean as 1/8 byte, so it may be less than
     * the files hold; a fraction is rounded up.
     *
     * @return the size, or empty if the index does not say
     */
    public Optional<Bytes> totalSize() {
        return Optional.ofNullable(totalSize).map(Bytes::of);
    }

    /**
     * The number of parameters, as newer writers have it.
     *
     * @return the number, or empty if the index does not say
     */
    public OptionalLong totalParameters() {
        return totalParameters == null ? OptionalLong.empty() : OptionalLong.of(totalParameters);
    }

    @Override
    public String toString() {
        return "CheckpointIndex[" + files.size() + " tensors, " + fileNames().size() + " files]";
    }
}
