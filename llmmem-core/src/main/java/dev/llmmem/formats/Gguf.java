package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a GGUF file holds, from its header alone: no tensor is read.
 *
 * <pre>{@code
 * Gguf file = Gguf.read(Path.of("Llama-3.1-8B-Q4_K_M.gguf"));
 * file.bitsPerElement();                 // of the whole file
 * file.bytesByType();                    // what the tensors of each format take
 * file.text("general.architecture");     // one value of the metadata
 * }</pre>
 *
 * <p>The format is that of github.com/ggml-org/ggml at d99724f2 ({@code docs/gguf.md}, {@code src/gguf.cpp}), versions 2 and 3, the latter
 * of either byte order. What the reader there refuses is refused here: a gap or an overlap of tensors, a format that was removed, a
 * row that does not fill its blocks, a repeated key or name, an array of arrays. Refused too are an element count that overflows, a
 * boolean that is neither 0 nor 1, keys and names that are no UTF-8, keys of more than 65,535 bytes, and a file that is shorter than its
 * tensors. The formats of ik_llama.cpp are known ({@link GgmlType#isIkOnly()}).
 *
 * <p>A header is read within bounds: at most 100,000,000 bytes, and at most 40 MiB of memory for what is kept of it. Texts of more than
 * 65,536 bytes and arrays of more than 16,384 elements are passed over; their length is kept.
 *
 * <p>Immutable and thread-safe.
 */
public final class Gguf implements CheckpointFile {

    private static final HeaderSource<Gguf> SOURCE = new HeaderSource<>("gguf", GgufHeader::read);

    private final Layout layout;
    private final Map<String, GgufValue> metadata;
    private final Map<String, StoredTensor> tensors;

    /** Where things are in the file; {@code fileLength} may be unknown. */
    record Layout(int version, ByteOrder order, long alignment, long dataStart, long fileLength) {}

    /** Takes the tensors in the order of their bytes, of distinct names. */
    Gguf(Layout layout, Map<String, GgufValue> metadata, List<StoredTensor> tensors) {
        this.layout = layout;
        this.metadata = metadata;
        Map<String, StoredTensor> byName = new LinkedHashMap<>();
        tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
        this.tensors = Collections.unmodifiableMap(byName);
    }

    /**
     * Reads a file. Of a model in several files, it is the one part only; {@link Checkpoint#open(Path)} reads all.
     *
     * @param file the file
     * @return what it holds
     * @throws MalformedInputException if the content is no GGUF file
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Gguf read(Path file) {
        return SOURCE.read(file);
    }

    static Gguf read(Path file, HeapBudget budget) {
        return SOURCE.read(file, budget);
    }

    /**
     * Reads a channel from where it stands, which is the beginning of a GGUF file. Up to 16 KiB are read beyond the header. If the channel
     * is a {@link SeekableByteChannel}, its length is checked as that of a file is; if not, nothing shows whether the data are
     * complete. The channel is left open.
     *
     * @param channel the channel, in blocking mode
     * @return what the file holds
     * @throws MalformedInputException if the content is no GGUF file
     * @throws UncheckedIOException if the channel cannot be read
     */
    public static Gguf read(ReadableByteChannel channel) {
        return SOURCE.read(channel);
    }

    /**
     * Reads a stream from where it stands, which is the beginning of a GGUF file. Up to 16 KiB are read beyond the header. Nothing shows
     * whether the data are complete. The stream is left open.
     *
     * @param stream the stream
     * @return what the file holds
     * @throws MalformedInputException if the content is no GGUF file
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static Gguf read(InputStream stream) {
        return SOURCE.read(stream);
    }

    /**
     * The version of the format.
     *
     * @return 2 or 3
     */
    public int version() {
        return layout.version;
    }

    /**
     * The order of the bytes of a number.
     *
     * @return little-endian, or big-endian in version 3
     */
    public ByteOrder byteOrder() {
        return layout.order;
    }

    /**
     * What the place of each tensor is a multiple of.
     *
     * @return a power of two, in bytes; 32 where the file does not say
     */
    public long alignment() {
        return layout.alignment;
    }

    /**
     * The metadata.
     *
     * @return values by key, in the order of the file, unmodifiable
     */
    public Map<String, GgufValue> metadata() {
        return metadata;
    }

    /**
     * Looks up a text of the metadata.
     *
     * @param key its key
     * @return the text, or empty if there is no value of that key, or one that is no text or too long to be kept
     */
    public Optional<String> text(String key) {
        return metadata.get(Objects.requireNonNull(key, "key")) instanceof GgufValue.Text text
                ? Optional.of(text.value())
                : Optional.empty();
    }

    /**
     * Looks up a whole number of the metadata.
     *
     * @param key its key
     * @return the number, or empty if there is no value of that key, or one that is no whole number below 2<sup>63</sup>
     */
    public OptionalLong whole(String key) {
        return metadata.get(Objects.requireNonNull(key, "key")) instanceof GgufValue.Whole whole
                        && whole.value().bitLength() < Long.SIZE
                ? OptionalLong.of(whole.value().longValueExact())
                : OptionalLong.empty();
    }

    /**
     * Looks up an array of the metadata, whether it is kept or not.
     *
     * @param key its key, such as {@code tokenizer.ggml.tokens}
     * @return the number of its elements, or empty if there is no value of that key, or one that is no array
     */
    public OptionalLong arrayLength(String key) {
        GgufValue value = metadata.get(Objects.requireNonNull(key, "key"));
        if (value instanceof GgufValue.Array array) {
            return OptionalLong.of(array.elements().size());
        }
        return value instanceof GgufValue.LongArray array ? OptionalLong.of(array.length()) : OptionalLong.empty();
    }

    @Override
    public Collection<StoredTensor> tensors() {
        return tensors.values();
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(tensors.get(Objects.requireNonNull(name, "name")));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where nothing tells the length, it is that of a file which ends with the padding of its last tensor.
     */
    @Override
    public Bytes fileBytes() {
        if (layout.fileLength != HeaderSource.UNKNOWN) {
            return Bytes.of(layout.fileLength);
        }
        long end = tensors.values().stream().mapToLong(StoredTensor::end).max().orElse(0);
        return Bytes.of(layout.dataStart + ((end + layout.alignment - 1) & -layout.alignment));
    }

    /**
     * What an element takes on average, which is what is called the bits per weight of the file.
     *
     * @return 8 &times; {@link #dataBytes()} / {@link #elements()} in bits, or empty if there is no element
     */
    public OptionalDouble bitsPerElement() {
        return TensorTotals.bitsPerElement(tensors.values());
    }

    /**
     * Whether a tensor has a format that only ik_llama.cpp reads.
     *
     * @return false where llama.cpp reads all
     */
    public boolean needsIkLlama() {
        return tensors.values().stream()
                .anyMatch(tensor -> tensor.format() instanceof GgmlType type && type.isIkOnly());
    }

    @Override
    public String toString() {
        return "Gguf[version " + layout.version + ", " + tensors.size() + " tensors, " + dataBytes()
                + bitsPerElement().stream()
                        .mapToObj(bits -> String.format(Locale.ROOT, ", %.2f bits per element", bits))
                        .findFirst()
                        .orElse("")
                + (needsIkLlama() ? ", for ik_llama.cpp]" : "]");
    }
}
