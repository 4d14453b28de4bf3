package dev.llmmem.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;

/** Safetensors files that have a header, and nothing but zeros after it. */
final class Headers {

    /** A tensor. */
    record Tensor(String name, SafeTensorsType type, List<Long> shape) {}

    private Headers() {}

    /** A file of tensors one after another. */
    static Checkpoint of(List<Tensor> tensors) {
        StringBuilder text = new StringBuilder("{");
        long begin = 0;
        for (Tensor tensor : tensors) {
            long end = begin + tensor.type().bytes(tensor.shape()).value();
            text.append(begin == 0 && text.length() == 1 ? "" : ",")
                    .append('"')
                    .append(tensor.name())
                    .append("\":{\"dtype\":\"")
                    .append(tensor.type())
                    .append("\",\"shape\":")
                    .append(tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")))
                    .append(",\"data_offsets\":[")
                    .append(begin)
                    .append(',')
                    .append(end)
                    .append("]}");
            begin = end;
        }
        return of(text.append('}').toString(), begin);
    }

    /** A file of a header and so many bytes, which take no room on the disk. */
    static Checkpoint of(String header, long bytes) {
        try {
            Path file = Files.createTempFile("header", ".safetensors");
            try {
                byte[] text = header.getBytes(StandardCharsets.UTF_8);
                ByteBuffer start = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
                start.putLong(text.length).put(text).flip();
                try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                    channel.write(start);
                    if (bytes > 0) {
                        channel.position(8L + text.length + bytes - 1);
                        channel.write(ByteBuffer.allocate(1));
                    }
                }
                return Checkpoint.open(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
