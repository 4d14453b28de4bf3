package dev.llmmem.formats;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes small GGUF files, right and wrong ones; for version 3, little-endian. */
final class GgufFiles {

    private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
    private long pairCount;
    private long tensorCount;
    private long offset;

    static byte[] little(int bytes, long value) {
        return Arrays.copyOf(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array(),
                bytes);
    }

    GgufFiles text(String key, String value) {
        key(key, 8);
        string(pairs, value);
        return this;
    }

    GgufFiles whole(String key, int type, int bytes, long value) {
        key(key, type);
        pairs.writeBytes(little(bytes, value));
        return this;
    }

    @CanIgnoreReturnValue
    GgufFiles u32(String key, long value) {
        return whole(key, 4, 4, value);
    }

    GgufFiles u16(String key, long value) {
        return whole(key, 2, 2, value);
    }

    /** An array of 32-bit numbers. */
    GgufFiles array(String key, long... values) {
        key(key, 9);
        pairs.writeBytes(little(4, 5));
        pairs.writeBytes(little(8, values.length));
        for (long value : values) {
            pairs.writeBytes(little(4, value));
        }
        return this;
    }

    /** An array of so many texts, each of its number. */
    GgufFiles texts(String key, int length) {
        key(key, 9);
        pairs.writeBytes(little(4, 8));
        pairs.writeBytes(little(8, length));
        for (int i = 0; i < length; i++) {
            string(pairs, "t" + i);
        }
        return this;
    }

    /** A tensor of dimensions as the file has them: innermost first. */
    @CanIgnoreReturnValue
    GgufFiles tensor(String name, GgmlType type, long bytes, Long... dimensions) {
        tensorCount++;
        string(infos, name);
        infos.writeBytes(little(4, dimensions.length));
        for (long dimension : dimensions) {
            infos.writeBytes(little(8, dimension));
        }
        infos.writeBytes(little(4, type.id()));
        infos.writeBytes(little(8, offset));
        offset += (bytes + 31) / 32 * 32;
        return this;
    }

    /** The header, padded. */
    byte[] header() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(little(4, 3));
        file.writeBytes(little(8, tensorCount));
        file.writeBytes(little(8, pairCount));
        file.writeBytes(pairs.toByteArray());
        file.writeBytes(infos.toByteArray());
        return Arrays.copyOf(file.toByteArray(), (file.size() + 31) / 32 * 32);
    }

    /** Header and zeros for data. */
    byte[] file() {
        byte[] header = header();
        return Arrays.copyOf(header, Math.toIntExact(header.length + offset));
    }

    private void key(String key, int type) {
        pairCount++;
        string(pairs, key);
        pairs.writeBytes(little(4, type));
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(little(8, bytes.length));
        out.writeBytes(bytes);
    }
}
