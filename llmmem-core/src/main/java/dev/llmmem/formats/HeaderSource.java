package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The ways to the header of a file: by its path, a channel or a stream.
 *
 * @param name what a file without a path is called in messages
 * @param header reads a header
 */
record HeaderSource<T>(String name, Header<T> header) {

    /** The length of a file that nothing tells. */
    static final long UNKNOWN = -1;

    /** What is kept of one header, in bytes of memory. */
    private static final long MOST_MEMORY = 40L << 20;

    /** Reads a stream from the first byte of a file on; {@code fileLength} is that of the file, or {@link #UNKNOWN}. */
    @FunctionalInterface
    interface Header<T> {
        T read(InputStream stream, long fileLength, String source, HeapBudget budget) throws IOException;
    }

    /** The budget of one file. */
    static HeapBudget budget(String source) {
        return HeapBudget.of(source, MOST_MEMORY);
    }

    T read(Path file) {
        Objects.requireNonNull(file, "file");
        return read(file, budget(file.toString()));
    }

    T read(Path file, HeapBudget budget) {
        try (SeekableByteChannel channel = RegularFile.open(file)) {
            return read(channel, file.toString(), budget);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    T read(ReadableByteChannel channel) {
        Objects.requireNonNull(channel, "channel");
        try {
            return read(channel, name, budget(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    T read(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        try {
            return header.read(stream, UNKNOWN, name, budget(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private T read(ReadableByteChannel channel, String source, HeapBudget budget) throws IOException {
        long length = channel instanceof SeekableByteChannel seekable
                ? Math.max(0, seekable.size() - seekable.position())
                : UNKNOWN;
        return header.read(Channels.newInputStream(channel), length, source, budget);
    }
}
