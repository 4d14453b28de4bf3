package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.units.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The files under {@code samples}; README.md there says what they are. */
final class Samples {

    private Samples() {}

    /**
     * A file and what is known of it.
     *
     * @param file its path
     * @param valid whether it must be read
     * @param counts the last columns: tensors, elements, bytes of data
     */
    record Sample(String file, boolean valid, List<String> counts) {
        byte[] content() {
            return Samples.content(file);
        }

        /** Checks what was read of this sample, which lies at a path, against what is recorded. */
        void assertHolds(CheckpointFile read, Path path) throws IOException {
            assertThat(List.of(
                            read.tensors().size() + "",
                            read.elements() + "",
                            read.dataBytes().value() + ""))
                    .isEqualTo(counts);
            assertThat(read.fileBytes()).isEqualTo(Bytes.of(Files.size(path)));
            assertThat(read.bytesByType().values().stream().reduce(Bytes.ZERO, Bytes::plus))
                    .isEqualTo(read.dataBytes());
        }

        @Override
        public String toString() {
            return file;
        }
    }

    /** The files of a folder. */
    static List<Sample> of(String folder) {
        List<Sample> samples = new ArrayList<>();
        for (String line :
                new String(content("index.csv"), StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith(folder + "/")) {
                // Only the note may be quoted; the reference's verdict comes last and is not needed.
                String[] cells = line.replaceFirst(",\"[^\"]*\",", ",,").split(",", -1);
                samples.add(new Sample(cells[0], cells[1].equals("valid"), List.of(cells[3], cells[4], cells[5])));
            }
        }
        return samples;
    }

    static byte[] content(String file) {
        try (InputStream stream = Objects.requireNonNull(Samples.class.getResourceAsStream("samples/" + file), file)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
