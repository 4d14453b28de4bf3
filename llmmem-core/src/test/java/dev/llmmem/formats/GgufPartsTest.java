package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.units.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in several GGUF files. */
class GgufPartsTest {

    private static final GgmlType F32 = GgmlType.find("F32").orElseThrow();
    private static final String ONE = "m-00001-of-00002.gguf";
    private static final String TWO = "m-00002-of-00002.gguf";

    @TempDir
    private Path folder;

    @Test
    void onePartOpensAll() throws IOException {
        write(ONE, part(0, 2, 2).tensor("a", F32, 16, 4L));
        write(TWO, part(1, 2, 2).tensor("b", F32, 8, 2L));
        for (Path path : new Path[] {folder, folder.resolve(ONE), folder.resolve(TWO)}) {
            Checkpoint checkpoint = Checkpoint.open(path);
            assertThat(checkpoint.files()).containsOnlyKeys(ONE, TWO);
            assertThat(checkpoint.elements()).isEqualTo(6);
            assertThat(checkpoint.dataBytes()).isEqualTo(Bytes.of(24));
            assertThat(checkpoint.bytesByType()).containsOnlyKeys(F32);
            assertThat(checkpoint.bitsPerElement()).hasValue(32);
            assertThat(checkpoint.fileOf("b")).contains(TWO);
        }
    }

    @Test
    void partsMustBelongTogether() throws IOException {
        write(ONE, part(0, 2, 2).tensor("a", F32, 16, 4L));
        refused(ONE, "there are parts that are missing: \"" + TWO + "\"");
        write(TWO, part(1, 2, 2).tensor("a", F32, 8, 2L));
        refused(ONE, "tensor \"a\" is in an earlier part too");
        write(TWO, part(0, 2, 2).tensor("b", F32, 8, 2L));
        refused(ONE, "split.no is 0, permitted 1");
        write(TWO, part(1, 3, 2).tensor("b", F32, 8, 2L));
        refused(ONE, "split.count is 3, permitted 2");
        write(TWO, part(1, 2, 2).tensor("b", F32, 8, 2L).tensor("c", F32, 8, 2L));
        refused(ONE, "split.tensors.count is 2, permitted 3");
        write(TWO, new GgufFiles().tensor("b", F32, 8, 2L));
        refused(ONE, "split.count is missing, permitted 2");
        write("m-00003-of-00002.gguf", part(2, 2, 2));
        refused("m-00003-of-00002.gguf", "part 3, permitted [1, 2]");
        write("m-00001-of-01001.gguf", part(0, 1001, 1));
        refused("m-00001-of-01001.gguf", "one of 1001 parts, permitted [1, 1000]");
    }

    @Test
    void aPartByAnotherNameIsNoModel() throws IOException {
        write("renamed.gguf", part(0, 2, 2).tensor("a", F32, 16, 4L));
        refused("renamed.gguf", "split.count is 2, permitted 1");
        write("whole.gguf", part(0, 1, 1).tensor("a", F32, 16, 4L));
        assertThat(Checkpoint.open(folder.resolve("whole.gguf")).elements()).isEqualTo(4);
        refused("", "files without an index, ");
    }

    private static GgufFiles part(int number, int count, int tensors) {
        return new GgufFiles()
                .u16("split.no", number)
                .u16("split.count", count)
                .whole("split.tensors.count", 5, 4, tensors);
    }

    private void write(String name, GgufFiles content) throws IOException {
        Files.write(folder.resolve(name), content.file());
    }

    private void refused(String name, String message) {
        assertThatThrownBy(
                        () -> assertThat(Checkpoint.open(folder.resolve(name))).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message);
    }
}
