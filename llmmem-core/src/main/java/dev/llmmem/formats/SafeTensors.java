package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a safetensors file holds, from its header alone: no tensor is read.
 *
 * <pre>{@code
 * SafeTensors file = SafeTensors.read(Path.of("model.safetensors"));
 * file.dataBytes();                      // what all tensors take
 * file.bytesByType();                    // the same by format
 * file.find("model.norm.weight");        // format, shape and place of one
 * }</pre>
 *
 * <p>The format is that of github.com/huggingface/safetensors at 24b0b285 ({@code README.md},
 * {@code safetensors/src/tensor.rs}). What the reader there refuses is refused here: an unknown format, a size that is not what
 * shape and format give, a hole, an overlap, data that end before or after the file does. What only the text of the format forbids
 * is refused too: a header that does not begin with an opening brace, and a repeated name. {@code __metadata__} is checked and not
 * kept.
 *
 * <p>A header is read within bounds: at most 100,000,000 bytes, names of at most 10,000 characters, and at most 40 MiB of memory for
 * what is kept of it, which is some 100,000 tensors. It is read as it comes, so a length that lies takes no memory.
 *
 * <p>Immutable and thread-safe.
 */
public final class SafeTensors implements CheckpointFile {

    private static final HeaderSource<SafeTensors> SOURCE = new HeaderSource<>("safetensors", SafeTensorsHeader::read);

    private final long dataStart;
    private final Map<String, StoredTensor> tensors;

    /** Takes the tensors in the order of their bytes, of distinct names. */
    SafeTensors(long dataStart, List<StoredTensor> tensors) {
        this.dataStart = dataStart;
        Map<String, StoredTensor> byName = new LinkedHashMap<>();
        tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
        this.tensors = Collections.unmodifiableMap(byName);
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return what it holds
     * @throws MalformedInputException if the content is no safetensors file
     * @throws UncheckedIOException if the file cannot be read
     */
    public static SafeTensors read(Path file) {
        return SOURCE.read(file);
    }

    static SafeTensors read(Path file, HeapBudget budget) {
        return SOURCE.read(file, budget);
    }

    /**
     * Reads a channel from where it stands, which is the beginning of a safetensors file, up to the first byte of data. If the channel
     * is a {@link SeekableByteChannel}, its length is checked as that of a file is; if not, nothing shows whether the data are
     * complete. The channel is left open.
     *
     * @param channel the channel, in blocking mode
     * @return what the file holds
     * @throws MalformedInputException if the content is no safetensors file
     * @throws UncheckedIOException if the channel cannot be read
     */
    public static SafeTensors read(ReadableByteChannel channel) {
        return SOURCE.read(channel);
    }

    /**
     * Reads a stream from where it stands, which is the beginning of a safetensors file, up to the first byte of data. Nothing shows
     * whether the data are complete. The stream is left open.
     *
     * @param stream the stream
     * @return what the file holds
     * @throws MalformedInputException if the content is no safetensors file
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static SafeTensors read(InputStream stream) {
        return SOURCE.read(stream);
    }

    @Override
    public Collection<StoredTensor> tensors() {
        return tensors.values();
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(tensors.get(Objects.requireNonNull(name, "name")));
    }

    @Override
    public Bytes fileBytes() {
        return dataBytes().plus(Bytes.of(dataStart));
    }

    @Override
    public String toString() {
        return "SafeTensors[" + tensors.size() + " tensors, " + dataBytes() + "]";
    }
}
