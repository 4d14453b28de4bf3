package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.Samples.Sample;
import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsTest {

    @TempDir
    private Path folder;

    static Stream<Sample> valid() {
        return Samples.of("safetensors").stream().filter(Sample::valid);
    }

    static Stream<Sample> hostile() {
        return Samples.of("safetensors").stream().filter(sample -> !sample.valid());
    }

    @Test
    void everySampleIsHere() {
        assertThat(valid()).hasSize(11);
        assertThat(hostile()).hasSize(30);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void validFilesHoldWhatIsRecorded(Sample sample) throws IOException {
        Path file = written(sample.content());
        SafeTensors read = SafeTensors.read(file);

        sample.assertHolds(read, file);
        assertThat(tensors(SafeTensors.read(new ByteArrayInputStream(sample.content()))))
                .containsExactlyElementsOf(read.tensors());
        assertThat(tensors(SafeTensors.read(Channels.newChannel(new ByteArrayInputStream(sample.content())))))
                .containsExactlyElementsOf(read.tensors());
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileFilesAreRefused(Sample sample) throws IOException {
        Path file = written(sample.content());

        assertThatThrownBy(() -> tensors(SafeTensors.read(file)))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith(file.toString());
    }

    @Test
    void aTensorSaysWhatTheHeaderSays() {
        SafeTensors file =
                SafeTensors.read(new ByteArrayInputStream(Samples.content("safetensors/ok_basic.safetensors")));

        assertThat(file.find("model.norm.weight"))
                .contains(new StoredTensor("model.norm.weight", SafeTensorsType.F32, List.of(4L), 96, 112));
        assertThat(file.find("step")).get().satisfies(step -> {
            assertThat(step.shape()).isEmpty();
            assertThat(step.elements()).isEqualTo(1);
            assertThat(step.bytes()).isEqualTo(Bytes.of(8));
        });
        assertThat(file.find("none")).isEmpty();
        assertThat(file.bytesByType())
                .isEqualTo(Map.of(
                        SafeTensorsType.BF16,
                        Bytes.of(96),
                        SafeTensorsType.F32,
                        Bytes.of(16),
                        SafeTensorsType.I64,
                        Bytes.of(8)));
        assertThat(file).hasToString("SafeTensors[4 tensors, 120 B]");
    }

    @Test
    void theStreamIsLeftAtTheData() throws IOException {
        byte[] content = Samples.content("safetensors/ok_basic.safetensors");
        InputStream stream = new ByteArrayInputStream(content);
        SafeTensors file = SafeTensors.read(stream);

        assertThat(stream.available()).isEqualTo((int) file.dataBytes().value());
    }

    @Test
    void aChannelIsReadFromWhereItStands() throws IOException {
        byte[] content = Samples.content("safetensors/ok_basic.safetensors");
        byte[] later = new byte[content.length + 3];
        System.arraycopy(content, 0, later, 3, content.length);
        try (SeekableByteChannel channel = Files.newByteChannel(written(later))) {
            channel.position(3);
            assertThat(SafeTensors.read(channel).tensors()).hasSize(4);
        }
        try (SeekableByteChannel channel = Files.newByteChannel(written(Arrays.copyOf(content, content.length + 1)))) {
            assertThatThrownBy(() -> tensors(SafeTensors.read(channel)))
                    .isInstanceOf(MalformedInputException.class)
                    .hasMessageContaining("permitted its end");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}{}|more after the object",
                "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}|dtype is repeated",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[-0],\"data_offsets\":[0,0]}}|permitted whole numbers in",
                "{\"a\":{\"dtype\":\"u8\",\"shape\":[1],\"data_offsets\":[0,1]}}|permitted BOOL, F4",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}|data_offsets has 1 entries",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":1,\"data_offsets\":[0,1]}}|permitted an array",
                "{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}|dtype is missing",
                "{\"a\":[\"U8\",[1],[0,1]]}|permitted an object",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4611686018427387904,4,0],\"data_offsets\":[0,0]}}|fewer than 2^63 bits",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1152921504606846975],\"data_offsets\":[0,1152921504606846975]}}|at most 1152921504606846976",
                "{\"__metadata__\":{\"a\":[]}}|permitted a string",
                "{\"a\\u0007\":1}|\"a?\" is a whole number",
            })
    void theMessageSaysWhatIsWrong(String header, String message) {
        assertThatThrownBy(() -> tensors(SafeTensors.read(new ByteArrayInputStream(file(header)))))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void fieldsOfOtherNamesArePassedOver() {
        String header =
                "{\"a\":{\"x\":[{\"y\":[1.5,null]}],\"dtype\":\"U8\",\"shape\":[0,9],\"data_offsets\":[0,0]}}  ";

        assertThat(SafeTensors.read(new ByteArrayInputStream(file(header))).elements())
                .isZero();
    }

    @Test
    void aPointerOfGitLfsIsNamed() {
        assertThatThrownBy(() -> tensors(SafeTensors.read(
                        new ByteArrayInputStream(Samples.content("index/bad_lfs_pointer.index.json")))))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("Git LFS pointer");
    }

    @Test
    void whatCannotBeReadIsNoMalformedContent() {
        assertThatThrownBy(() -> tensors(SafeTensors.read(folder.resolve("none"))))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> tensors(SafeTensors.read(folder)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("not a regular file");
        InputStream gone = new LimitedStream(InputStream.nullInputStream(), 1) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        byte[] length = Arrays.copyOf(new byte[] {50}, 8);
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(length), gone);
        assertThatThrownBy(() -> tensors(SafeTensors.read(failing)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("gone");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsANumberFormat(SafeTensorsType type) {
        assertThat(SafeTensorsType.find(type.name())).contains(type);
        assertThat(DType.parse(type.name())).isEqualTo(type.dtype());
        assertThat(type.bytes(8)).isEqualTo(Bytes.of(type.bits()));
        assertThatThrownBy(() -> assertThat(type.bytes(-1)).isNull()).isInstanceOf(IllegalArgumentException.class);
    }

    private static Collection<StoredTensor> tensors(SafeTensors file) {
        return file.tensors();
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(folder.resolve("sample.safetensors"), content);
    }

    /** A file of a header alone. */
    static byte[] file(String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }
}
