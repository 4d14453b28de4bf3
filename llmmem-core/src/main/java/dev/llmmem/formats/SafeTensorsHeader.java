package dev.llmmem.formats;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Reads the header of a safetensors file, with the checks of tensor.rs and those that its README demands. */
final class SafeTensorsHeader {

    /** The bytes of the length that a file begins with. */
    static final int PREFIX = 8;

    /** The limit of tensor.rs. */
    static final int LONGEST = 100_000_000;

    /** No file system holds a larger file. */
    static final long LARGEST_FILE = 1L << 60;

    private static final byte[] LFS = "version ".getBytes(StandardCharsets.US_ASCII);

    private SafeTensorsHeader() {}

    /** The length of the header, from the first bytes of a file. */
    static long length(byte[] prefix, String source) {
        if (prefix.length < PREFIX) {
            throw new MalformedInputException(source + ": the file has " + prefix.length
                    + " bytes, permitted at least 8, the length of the header");
        }
        if (Arrays.equals(prefix, LFS)) {
            throw new MalformedInputException(
                    source + ": the file is a Git LFS pointer, permitted the file that it points to");
        }
        long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > LONGEST) {
            throw new MalformedInputException(source + ": the header has " + Long.toUnsignedString(length)
                    + " bytes, permitted [2, " + LONGEST + "] bytes");
        }
        return length;
    }

    /** Reads a stream up to the first byte of data; {@code fileLength} is that of the whole, or {@link HeaderSource#UNKNOWN}. */
    static SafeTensors read(InputStream stream, long fileLength, String source, HeapBudget budget) throws IOException {
        long length = length(stream.readNBytes(PREFIX), source);
        return read(stream, length, fileLength, source, budget);
    }

    /** Reads a stream from the first byte of the header on. */
    static SafeTensors read(InputStream stream, long length, long fileLength, String source, HeapBudget budget)
            throws IOException {
        if (fileLength != HeaderSource.UNKNOWN && length > fileLength - PREFIX) {
            throw cut(source, length);
        }
        LimitedStream limited = new LimitedStream(stream, length);
        BufferedInputStream header = new BufferedInputStream(limited);
        header.mark(1);
        int first = header.read();
        if (limited.isCut()) {
            throw cut(source, length);
        }
        if (first != '{') {
            throw new MalformedInputException(source + ": the header does not begin with {");
        }
        header.reset();
        List<StoredTensor> tensors;
        try {
            tensors = JsonStream.object(header, source, json -> new TensorTable(json, budget).read());
        } catch (MalformedInputException e) {
            throw limited.isCut() ? cut(source, length) : e;
        }
        if (limited.isCut()) {
            throw cut(source, length);
        }
        SafeTensors file = new SafeTensors(PREFIX + length, contiguous(tensors, source));
        long end = file.fileBytes().value();
        if (end > LARGEST_FILE || (fileLength != HeaderSource.UNKNOWN && end != fileLength)) {
            throw new MalformedInputException(source + ": the last tensor ends at byte "
                    + end + " of the file, permitted its end, "
                    + (fileLength == HeaderSource.UNKNOWN ? "at most " + LARGEST_FILE : fileLength) + " bytes");
        }
        return file;
    }

    /** The tensors in the order of their bytes, which must leave no hole and share nothing. */
    private static List<StoredTensor> contiguous(List<StoredTensor> tensors, String source) {
        tensors.sort(Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end));
        long end = 0;
        for (StoredTensor tensor : tensors) {
            if (tensor.begin() != end) {
                throw new MalformedInputException(source + ": tensor " + Shown.name(tensor.name()) + " begins at "
                        + tensor.begin() + ", permitted " + end + ", the end of the one before, in bytes of data");
            }
            end = tensor.end();
        }
        return tensors;
    }

    private static MalformedInputException cut(String source, long length) {
        return new MalformedInputException(
                source + ": the file ends before its header does, permitted at least " + (PREFIX + length) + " bytes");
    }
}
