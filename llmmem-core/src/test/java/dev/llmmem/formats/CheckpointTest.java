package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.Samples.Sample;
import dev.llmmem.units.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointTest {

    private static final String ONE = "model-00001-of-00002.safetensors";
    private static final String TWO = "model-00002-of-00002.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    private Path folder;

    static Stream<Sample> indexes() {
        return Samples.of("index").stream();
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void indexesAreReadOrRefusedAsRecorded(Sample sample) throws IOException {
        Path file = Files.write(folder.resolve(INDEX), sample.content());
        if (sample.valid()) {
            assertThat(CheckpointIndex.read(file).files()).isNotEmpty();
        } else {
            assertThatThrownBy(() -> assertThat(CheckpointIndex.read(file)).isNull())
                    .isInstanceOf(MalformedInputException.class)
                    .hasMessageStartingWith(file.toString());
        }
    }

    @Test
    void anIndexSaysWhatItsTextSays() {
        CheckpointIndex fraction =
                index("{\"metadata\":{\"total_size\":10.5,\"x\":[1]},\"weight_map\":{\"a\":\"f.bin\"},\"y\":{}}");
        assertThat(fraction.totalSize()).contains(Bytes.of(11));
        assertThat(fraction.totalParameters()).isEmpty();
        assertThat(fraction.files()).isEqualTo(Map.of("a", "f.bin"));
        CheckpointIndex whole = index("{\"weight_map\":{},\"metadata\":{\"total_size\":96,\"total_parameters\":48}}");
        assertThat(whole.totalSize()).contains(Bytes.of(96));
        assertThat(whole.totalParameters()).hasValue(48);
        assertThat(whole).hasToString("CheckpointIndex[0 tensors, 0 files]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"weight_map\":{\"a\":\"f\",\"a\":\"g\"}}|tensor \"a\" is repeated",
                "{\"weight_map\":{},\"weight_map\":{}}|weight_map is repeated",
                "{\"weight_map\":{\"a\":\"..\"}}|permitted a plain file name",
                "{\"weight_map\":{\"a\":\"\"}}|permitted a plain file name",
                "{\"weight_map\":{\"a\":\"C:f\"}}|permitted a plain file name",
                "{\"weight_map\":{\"a\":\"b\\\\f\"}}|permitted a plain file name",
                "{\"weight_map\":{\"a\":\"f\\u0000\"}}|permitted a plain file name",
                "{\"weight_map\":{\"a\":1}}|permitted a string",
                "{\"weight_map\":[]}|permitted an object",
                "{\"weight_map\":{}}{}|permitted one JSON object",
                "{\"weight_map\":{},\"metadata\":{\"total_size\":1e300}}|total_size, in bytes, = 1e300",
                "{\"weight_map\":{},\"metadata\":{\"total_size\":\"1\"}}|permitted a whole number",
                "version https://git-lfs.github.com/spec/v1|Git LFS pointer",
            })
    void theMessageSaysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> assertThat(index(text)).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFolderIsReadThroughItsIndex() throws IOException {
        file(ONE, "a", 3);
        file(TWO, "b", 5);
        write(INDEX, "{\"weight_map\":{\"b\":\"" + TWO + "\",\"a\":\"" + ONE + "\"}}");
        Checkpoint checkpoint = Checkpoint.open(folder);

        assertThat(checkpoint.files()).containsOnlyKeys(ONE, TWO);
        assertThat(checkpoint.index()).isPresent();
        assertThat(checkpoint.fileOf("b")).contains(TWO);
        assertThat(checkpoint.fileOf("c")).isEmpty();
        assertThat(checkpoint.find("b"))
                .get()
                .extracting(StoredTensor::elements)
                .isEqualTo(5L);
        assertThat(checkpoint.elements()).isEqualTo(8);
        assertThat(checkpoint.dataBytes()).isEqualTo(Bytes.of(8));
        assertThat(checkpoint.bytesByType()).isEqualTo(Map.of(SafeTensorsType.U8, Bytes.of(8)));
        assertThat(checkpoint.fileBytes())
                .isEqualTo(Bytes.of(Files.size(folder.resolve(ONE)) + Files.size(folder.resolve(TWO))));
        assertThat(checkpoint).hasToString("Checkpoint[2 tensors, 2 files, 8 B]");
        assertThat(Checkpoint.open(folder.resolve(INDEX)).tensors()).isEqualTo(checkpoint.tensors());
    }

    @Test
    void aFolderWithOneFileNeedsNoIndex() throws IOException {
        file("adapter_model.safetensors", "a", 3);
        assertThat(Checkpoint.open(folder).tensors()).hasSize(1);
        file("other.safetensors", "a", 3);
        refused("files without an index, \"");
        file("model.safetensors", "m", 4);
        assertThat(Checkpoint.open(folder).dataBytes()).isEqualTo(Bytes.of(4));
        assertThat(Checkpoint.open(folder.resolve("other.safetensors")).find("a"))
                .isPresent();
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        refused("no .safetensors or .gguf file");
        file(ONE, "a", 3);
        write(INDEX, "{\"weight_map\":{\"a\":\"" + ONE + "\",\"b\":\"" + TWO + "\"}}");
        refused("files that are missing: \"" + TWO + "\"");
        write(INDEX, "{\"weight_map\":{\"a\":\"pytorch_model.bin\"}}");
        refused("\"pytorch_model.bin\", whose header cannot be read");
        assertThatThrownBy(() ->
                        assertThat(Checkpoint.open(folder.resolve("none"))).isNull())
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void indexAndFilesMustAgree() throws IOException {
        file(ONE, "a", 3);
        file(TWO, "a", 5);
        write(INDEX, "{\"weight_map\":{\"a\":\"" + ONE + "\",\"b\":\"" + TWO + "\"}}");
        refused("tensor \"a\" is in \"" + ONE + "\" and in \"" + TWO + "\"");
        refused("tensor \"b\" is not in \"" + TWO + "\", where the index has it");
        file(TWO, "c", 5);
        refused("tensor \"c\" of \"" + TWO + "\" is not in the index");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> assertThat(Checkpoint.open(folder)).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message);
    }

    private static CheckpointIndex index(String text) {
        return CheckpointIndex.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void file(String file, String tensor, int bytes) throws IOException {
        byte[] header = SafeTensorsTest.file(
                "{\"" + tensor + "\":{\"dtype\":\"U8\",\"shape\":[" + bytes + "],\"data_offsets\":[0," + bytes + "]}}");
        Files.write(folder.resolve(file), Arrays.copyOf(header, header.length + bytes));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }
}
