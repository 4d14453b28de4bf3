package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint of one or several safetensors or GGUF files holds, from their headers alone: no tensor is read.
 *
 * <pre>{@code
 * Checkpoint checkpoint = Checkpoint.open(Path.of("Llama-3.1-8B"));      // the folder, the index, or one file
 * checkpoint.dataBytes();                                                // what all tensors take
 * checkpoint.fileOf("lm_head.weight");                                   // the file that holds it
 * }</pre>
 *
 * <p>Index and files must agree: every file that the index names is there, every tensor is in the file that the index says and in no
 * other, and no file holds a tensor that the index does not name. {@code total_size} of the index is not checked, for writers differ in
 * what it is. A model in several GGUF files, {@code name-00001-of-00003.gguf} and so on, is read whole by the name of any of them; the
 * parts must say what their names say ({@code split.no}, {@code split.count}, {@code split.tensors.count}).
 *
 * <p>A checkpoint is read within bounds: those of {@link SafeTensors}, {@link Gguf} and {@link CheckpointIndex}, and at most 256 MiB of memory for what
 * is kept of all headers.
 *
 * <p>Immutable and thread-safe.
 */
public final class Checkpoint {

    private final SortedMap<String, CheckpointFile> files;
    private final @Nullable CheckpointIndex index;

    Checkpoint(SortedMap<String, CheckpointFile> files, @Nullable CheckpointIndex index) {
        this.files = Collections.unmodifiableSortedMap(files);
        this.index = index;
    }

    /**
     * Reads the headers of a checkpoint. In a folder it is, in this order: {@code model.safetensors}, what
     * {@code model.safetensors.index.json} names, the only file that ends in {@code .safetensors}, or the only model in files that end in
     * {@code .gguf}. A GGUF file is known by its first bytes, whatever its name.
     *
     * @param path a folder, an index that ends in {@code .json}, or a safetensors or GGUF file
     * @return what they hold
     * @throws MalformedInputException if a file is malformed, if a file that the index names is missing or no safetensors file, if
     *     index and files disagree, if parts of a model are missing or do not belong together, or if the folder holds no checkpoint
     * @throws UncheckedIOException if a file cannot be read
     */
    public static Checkpoint open(Path path) {
        Objects.requireNonNull(path, "path");
        return CheckpointFiles.open(path);
    }

    /**
     * Reads the header of one safetensors file on a server, by range requests: its length first, then the header; or those of all GGUF
     * files of a model, range after range until each ends, where the other parts have the same address but for their names. A server that
     * does not answer ranges is read whole if the file has at most 1 MiB.
     *
     * <p>A connection may take 10 s, each answer and each body 60 s; at most 5 redirects are followed, and only from https to https.
     *
     * @param uri an http or https address, without a user
     * @return what the file holds
     * @throws IllegalArgumentException if the address is of another kind
     * @throws MalformedInputException if the content is no safetensors or GGUF file, or if parts do not belong together
     * @throws UncheckedIOException if a file cannot be read: no connection, no answer in time, a status other than 206 and 200, or a
     *     server that does not answer ranges
     */
    public static Checkpoint open(URI uri) {
        Objects.requireNonNull(uri, "uri");
        return CheckpointFiles.open(uri, RangeReader.SHARED);
    }

    /**
     * Each file and what it holds.
     *
     * @return files by name, unmodifiable
     */
    public SortedMap<String, CheckpointFile> files() {
        return files;
    }

    /**
     * The index, if the checkpoint was read through one.
     *
     * @return the index, or empty
     */
    public Optional<CheckpointIndex> index() {
        return Optional.ofNullable(index);
    }

    /**
     * All tensors.
     *
     * @return the tensors by file, then in the order of their bytes, unmodifiable
     */
    public List<StoredTensor> tensors() {
        return files.values().stream().flatMap(file -> file.tensors().stream()).toList();
    }

    /**
     * Looks up a tensor.
     *
     * @param name its name
     * @return the tensor, or empty if there is none of that name
     */
    public Optional<StoredTensor> find(String name) {
        return fileOf(name)
                .flatMap(file -> Objects.requireNonNull(files.get(file)).find(name));
    }

    /**
     * Looks up the file of a tensor.
     *
     * @param name the name of the tensor
     * @return the name of the file, or empty if no file holds a tensor of that name
     */
    public Optional<String> fileOf(String name) {
        Objects.requireNonNull(name, "name");
        return files.entrySet().stream()
                .filter(file -> file.getValue().find(name).isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * The number of elements of all tensors.
     *
     * @return their sum
     */
    public long elements() {
        return files.values().stream().mapToLong(CheckpointFile::elements).reduce(0, Math::addExact);
    }

    /**
     * What all tensors take.
     *
     * @return their sum
     */
    public Bytes dataBytes() {
        return sum(files.values().stream().map(CheckpointFile::dataBytes).toList());
    }

    /**
     * What all files take: headers and tensors, without the index.
     *
     * @return the sum of their lengths
     */
    public Bytes fileBytes() {
        return sum(files.values().stream().map(CheckpointFile::fileBytes).toList());
    }

    /**
     * What a stored element takes on average. Of GGUF files it is what is called the bits per weight; a safetensors file may pack
     * several weights into one element.
     *
     * @return 8 &times; {@link #dataBytes()} / {@link #elements()} in bits, or empty if there is no element
     */
    public OptionalDouble bitsPerElement() {
        return TensorTotals.bitsPerElement(tensors());
    }

    /**
     * What the tensors of each format take.
     *
     * @return sums by format, without formats that no tensor has; in the order of {@link SafeTensorsType}, or of the numbers of
     *     {@link GgmlType}, unmodifiable
     */
    public Map<StoredType, Bytes> bytesByType() {
        return TensorTotals.bytesByType(tensors());
    }

    @Override
    public String toString() {
        return "Checkpoint[" + tensors().size() + " tensors, " + files.size() + " files, " + dataBytes() + "]";
    }

    private static Bytes sum(List<Bytes> sizes) {
        return sizes.stream().reduce(Bytes.ZERO, Bytes::plus);
    }
}
