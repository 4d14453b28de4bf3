package dev.llmmem.formats;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Opens files that have a length: opening a pipe would wait for its other end. */
final class RegularFile {

    private RegularFile() {}

    static SeekableByteChannel open(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException(file + " is not a regular file");
        }
        return Files.newByteChannel(file);
    }
}
