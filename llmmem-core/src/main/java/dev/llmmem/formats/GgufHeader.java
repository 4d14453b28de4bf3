package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the header of a GGUF file, with the checks of ggml's gguf.cpp and those that the text of the format demands. */
final class GgufHeader {

    private static final byte[] MAGIC = {'G', 'G', 'U', 'F'};
    private static final int LONGEST_KEY = 65_535;
    private static final int LONGEST_TENSOR_NAME = 63;
    private static final int MOST_DIMENSIONS = 4;
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final String ALIGNMENT = "general.alignment";

    /** Length and one byte of a key, the type and one byte of its value. */
    private static final int LEAST_PAIR = 14;

    /** Length of a name, dimensions, type and offset. */
    private static final int LEAST_TENSOR = 24;

    private final GgufInput input;
    private final HeapBudget budget;

    private GgufHeader(GgufInput input, HeapBudget budget) {
        this.input = input;
        this.budget = budget;
    }

    /** Whether a file begins as GGUF files do. */
    static boolean isMagic(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Reads a stream from the first byte of a file on; {@code fileLength} is that of the file, or unknown. */
    static Gguf read(InputStream stream, long fileLength, String source, HeapBudget budget) throws IOException {
        return new GgufHeader(new GgufInput(stream, fileLength, source), budget).read();
    }

    private Gguf read() throws IOException {
        if (!isMagic(input.bytes(MAGIC.length))) {
            throw input.malformed("the file does not begin with GGUF");
        }
        int version = version();
        long tensorCount = input.count(() -> "the number of tensors", LEAST_TENSOR);
        long pairCount = input.count(() -> "the number of keys", LEAST_PAIR);
        Map<String, GgufValue> metadata = metadata(pairCount);
        long alignment = alignment(metadata);
        List<StoredTensor> tensors = tensors(tensorCount, alignment);
        long dataStart = tensors.isEmpty() ? input.position() : padded(input.position(), alignment);
        long end = dataStart
                + (tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end());
        long most = input.fileLength() == HeaderSource.UNKNOWN ? SafeTensorsHeader.LARGEST_FILE : input.fileLength();
        if (end > most) {
            throw input.malformed(
                    "the last tensor ends at byte " + end + " of the file, permitted [0, " + most + "] bytes");
        }
        return new Gguf(
                new Gguf.Layout(version, input.order(), alignment, dataStart, input.fileLength()), metadata, tensors);
    }

    private int version() throws IOException {
        long version = input.u32();
        if (version != 0 && (version & 0xffff) == 0) {
            // The format has no mark of its byte order; a small version read the wrong way round has no low bits.
            input.order(ByteOrder.BIG_ENDIAN);
            version = Integer.toUnsignedLong(Integer.reverseBytes((int) version));
        }
        boolean big = input.order().equals(ByteOrder.BIG_ENDIAN);
        if (version == 3 || (version == 2 && !big)) {
            return (int) version;
        }
        throw input.malformed("version = " + version + (big ? ", big-endian" : "")
                + (version == 1 ? ", which today's readers have given up" : "")
                + ", permitted 2 and 3, big-endian 3 only");
    }

    private Map<String, GgufValue> metadata(long count) throws IOException {
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        GgufValues values = new GgufValues(input, budget);
        for (long n = 0; n < count; n++) {
            long i = n;
            long length = input.count(() -> "the length of key " + i, 1);
            if (length < 1 || length > LONGEST_KEY) {
                throw input.malformed(
                        "key " + i + " has " + length + " bytes, permitted [1, " + LONGEST_KEY + "] bytes");
            }
            String key = input.name(() -> "key " + i, (int) length);
            budget.take(key);
            budget.take(HeapBudget.ENTRY);
            if (metadata.containsKey(key)) {
                throw input.malformed("key " + Shown.name(key) + " is repeated, permitted once");
            }
            metadata.put(key, values.read(() -> "key " + Shown.name(key)));
        }
        return Collections.unmodifiableMap(metadata);
    }

    private long alignment(Map<String, GgufValue> metadata) {
        GgufValue value = metadata.get(ALIGNMENT);
        if (value == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (value instanceof GgufValue.Whole whole && whole.type() == GgufValue.Type.U32) {
            long alignment = whole.value().longValueExact();
            if (Long.bitCount(alignment) == 1) {
                return alignment;
            }
        }
        String shown =
                value instanceof GgufValue.Whole whole ? whole.value() + " of type " + whole.type() : "no number";
        throw input.malformed(ALIGNMENT + " = " + shown + ", permitted powers of two of type U32, in bytes");
    }

    private List<StoredTensor> tensors(long count, long alignment) throws IOException {
        List<StoredTensor> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long end = 0;
        for (long n = 0; n < count; n++) {
            long i = n;
            long length = input.count(() -> "the length of the name of tensor " + i, 1);
            if (length > LONGEST_TENSOR_NAME) {
                throw input.malformed("the name of tensor " + i + " has " + length + " bytes, permitted [0, "
                        + LONGEST_TENSOR_NAME + "] bytes");
            }
            String name = input.name(() -> "the name of tensor " + i, (int) length);
            budget.take(name);
            budget.take(HeapBudget.ENTRY + HeapBudget.RECORD + MOST_DIMENSIONS * HeapBudget.NUMBER);
            if (!names.add(name)) {
                throw input.malformed("tensor " + Shown.name(name) + " is repeated, permitted once");
            }
            StoredTensor tensor = tensor(name, end);
            tensors.add(tensor);
            end = padded(tensor.end(), alignment);
        }
        return tensors;
    }

    private StoredTensor tensor(String name, long begin) throws IOException {
        long dimensions = input.u32();
        if (dimensions > MOST_DIMENSIONS) {
            throw input.malformed(
                    shown(name) + " has " + dimensions + " dimensions, permitted [0, " + MOST_DIMENSIONS + "]");
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            long dimension = input.i64();
            if (dimension < 0) {
                throw input.malformed(shown(name) + ": a dimension = " + Long.toUnsignedString(dimension)
                        + ", permitted [0, " + Long.MAX_VALUE + "] elements");
            }
            shape.add(dimension);
        }
        // The file has the innermost dimension first.
        Collections.reverse(shape);
        long id = input.u32();
        GgmlType type = GgmlType.find((int) id)
                .orElseThrow(() -> input.malformed(shown(name) + ": type = " + id + ", which " + GgmlTypes.refusal(id)
                        + ", permitted the types of ggml and of ik_llama.cpp"));
        long offset = input.i64();
        if (offset != begin) {
            throw input.malformed(shown(name) + " begins at " + Long.toUnsignedString(offset) + ", permitted " + begin
                    + ", the end of the one before and its padding, in bytes of data");
        }
        try {
            return new StoredTensor(
                    name,
                    type,
                    shape,
                    begin,
                    Math.addExact(begin, type.bytes(shape).value()));
        } catch (IllegalArgumentException e) {
            throw input.malformed(shown(name) + ": " + e.getMessage());
        } catch (ArithmeticException e) {
            throw input.malformed(shown(name) + ": shape = " + Elements.abbreviated(shape) + " of " + type
                    + ", permitted what ends before byte 2^63");
        }
    }

    private static String shown(String name) {
        return "tensor " + Shown.name(name);
    }

    private long padded(long bytes, long alignment) {
        if (bytes > SafeTensorsHeader.LARGEST_FILE) {
            throw input.malformed("the data have " + bytes + " bytes and more, permitted at most "
                    + SafeTensorsHeader.LARGEST_FILE + " bytes");
        }
        return (bytes + alignment - 1) & -alignment;
    }
}
