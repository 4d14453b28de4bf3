package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Numbers and texts one after the other, from a stream that may end, lie, or never end. What they are called is asked for only if they are
 * refused.
 */
final class GgufInput {

    /** What a header may take, in bytes. */
    static final long LONGEST = 100_000_000;

    /** What may be read beyond the header, in bytes. */
    private static final int BUFFER = 1 << 14;

    private final InputStream stream;
    private final long fileLength;
    private final String source;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0).order(ByteOrder.LITTLE_ENDIAN);

    /** Where in the file the buffer ends. */
    private long loaded;

    /** Reads a stream from the first byte of the file; {@code fileLength} is {@link HeaderSource#UNKNOWN} where nothing tells it. */
    GgufInput(InputStream stream, long fileLength, String source) {
        this.stream = stream;
        this.fileLength = fileLength;
        this.source = source;
    }

    String source() {
        return source;
    }

    long fileLength() {
        return fileLength;
    }

    ByteOrder order() {
        return buffer.order();
    }

    void order(ByteOrder order) {
        buffer.order(order);
    }

    /** Where in the file the next byte is. */
    long position() {
        return loaded - buffer.remaining();
    }

    /** How many bytes the rest of the header may have. */
    long left() {
        return (fileLength == HeaderSource.UNKNOWN ? LONGEST : Math.min(fileLength, LONGEST)) - position();
    }

    int u8() throws IOException {
        need(1);
        return buffer.get() & 0xff;
    }

    short i16() throws IOException {
        need(2);
        return buffer.getShort();
    }

    int i32() throws IOException {
        need(4);
        return buffer.getInt();
    }

    long u32() throws IOException {
        return Integer.toUnsignedLong(i32());
    }

    long i64() throws IOException {
        need(8);
        return buffer.getLong();
    }

    /** A number of things of at least so many bytes each, which the file has room for. */
    long count(Supplier<String> what, long least) throws IOException {
        long count = i64();
        long most = Math.max(0, left() / least);
        if (count < 0 || count > most) {
            throw malformed(what.get() + " = " + Long.toUnsignedString(count) + ", permitted [0, " + most
                    + "], for which the header has room in a file of "
                    + (fileLength == HeaderSource.UNKNOWN ? "unknown length" : fileLength + " bytes") + " and at most "
                    + LONGEST
                    + " bytes of header");
        }
        return count;
    }

    /** So many bytes, which are there by {@link #count}. */
    byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, BUFFER)];
        int done = 0;
        while (done < length) {
            // Grows as bytes come: a length that lies takes no memory.
            if (done == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            int part = Math.min(bytes.length - done, Math.max(1, buffer.remaining()));
            need(part);
            buffer.get(bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /** Bytes as a text, what is no UTF-8 replaced. */
    String text(int length) throws IOException {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    /** Bytes as a name, which two others cannot share. */
    String name(Supplier<String> what, int length) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(what.get() + " is not UTF-8");
        }
    }

    void skip(long length) throws IOException {
        long rest = length;
        while (rest > buffer.remaining()) {
            rest -= buffer.remaining();
            buffer.position(buffer.limit());
            need(1);
        }
        buffer.position(buffer.position() + (int) rest);
    }

    MalformedInputException malformed(String what) {
        return new MalformedInputException(source + ": " + what);
    }

    /** Loads the next few bytes. */
    private void need(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        buffer.compact();
        while (buffer.position() < bytes) {
            int count = stream.read(buffer.array(), buffer.position(), buffer.remaining());
            if (count < 0) {
                throw malformed("the file ends at byte " + loaded + ", before its header does");
            }
            loaded += count;
            buffer.position(buffer.position() + count);
        }
        buffer.flip();
        if (position() > LONGEST - bytes) {
            throw malformed("the header is too long, permitted [24, " + LONGEST + "] bytes");
        }
    }
}
