package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.Samples.Sample;
import dev.llmmem.units.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GgufTest {

    private static final String CUT = "gguf/bad_truncated_data.gguf";
    private static final String BIG = "gguf/ok_v3_big_endian.gguf";

    @TempDir
    private Path folder;

    static Stream<Sample> valid() {
        return Samples.of("gguf").stream().filter(Sample::valid);
    }

    static Stream<Sample> hostile() {
        return Samples.of("gguf").stream()
                .filter(sample -> !sample.valid() && !sample.file().equals(BIG));
    }

    @Test
    void everySampleIsHere() {
        assertThat(valid()).hasSize(9);
        assertThat(hostile()).hasSize(30);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void validFilesHoldWhatIsRecorded(Sample sample) throws IOException {
        Path file = written(sample.content());
        Gguf read = Gguf.read(file);

        sample.assertHolds(read, file);
        Gguf streamed = read(sample.content());
        assertThat(streamed.tensors()).containsExactlyElementsOf(read.tensors());
        assertThat(streamed.metadata()).isEqualTo(read.metadata());
        assertThat(streamed.fileBytes()).isEqualTo(read.fileBytes());
        assertThat(Gguf.read(Channels.newChannel(new ByteArrayInputStream(sample.content())))
                        .tensors())
                .containsExactlyElementsOf(read.tensors());
        if (read.whole("split.count").isEmpty()) {
            assertThat(Checkpoint.open(folder.resolve("blob")).tensors()).containsExactlyElementsOf(read.tensors());
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileFilesAreRefusedAtOnce(Sample sample) throws IOException {
        Path file = written(sample.content());
        long start = System.nanoTime();
        assertThatThrownBy(() -> assertThat(Gguf.read(file)).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith(file.toString());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        if (!sample.file().equals(CUT)) {
            assertThatThrownBy(() -> assertThat(read(sample.content())).isNull())
                    .isInstanceOf(MalformedInputException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad_magic|does not begin with GGUF",
                "bad_version_one|version = 1, which today's readers have given up, permitted 2 and 3",
                "bad_alignment_type|general.alignment = 32 of type U64, permitted powers of two of type U32",
                "bad_bool_2|a boolean = 2, permitted 0 and 1",
                "bad_dims_overflow|shape = [1099511627776, 1099511627776] of F32, permitted what ends before byte 2^63",
                "bad_negative_dim|a dimension = 18446744073709551612",
                "bad_type_removed_4|type = 4, which was removed from ggml",
                "bad_type_43|type = 43, which is unknown",
                "bad_row_not_block_multiple|a multiple of 256 elements",
                "bad_offset_far|begins at 1125899906842624, permitted 32",
                "bad_kv_count_huge|the number of keys = 1099511627776",
                "bad_truncated_data|the last tensor ends at byte",
                "bad_duplicate_tensor|tensor \"a\" is repeated",
            })
    void theMessageSaysWhatIsWrong(String file, String message) throws IOException {
        Path path = written(Samples.content("gguf/" + file + ".gguf"));
        assertThatThrownBy(() -> assertThat(Gguf.read(path)).isNull()).hasMessageContaining(message);
    }

    @Test
    void eitherByteOrderSaysTheSame() {
        Gguf big = read(Samples.content(BIG));
        Gguf little = read(Samples.content("gguf/ok_v3_basic.gguf"));
        assertThat(big.byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(little.byteOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(big.metadata()).isEqualTo(little.metadata());
        assertThat(big.tensors()).containsExactlyElementsOf(little.tensors());
        assertThat(little.version()).isEqualTo(3);
        assertThat(read(Samples.content("gguf/ok_v2_basic.gguf")).version()).isEqualTo(2);
        assertThat(read(Samples.content("gguf/ok_alignment_64.gguf")).alignment())
                .isEqualTo(64);
        byte[] second = Samples.content(BIG);
        second[7] = 2;
        assertThatThrownBy(() -> assertThat(read(second)).isNull()).hasMessageContaining("version = 2, big-endian");
    }

    @Test
    void everyTypeOfValueIsRead() {
        Gguf file = read(Samples.content("gguf/ok_all_kv_types.gguf"));
        assertThat(file.metadata())
                .containsEntry("u8", new GgufValue.Whole(GgufValue.Type.U8, BigInteger.valueOf(255)))
                .containsEntry("i8", new GgufValue.Whole(GgufValue.Type.I8, BigInteger.valueOf(-1)))
                .containsEntry("i16", new GgufValue.Whole(GgufValue.Type.I16, BigInteger.valueOf(-2)))
                .containsEntry("u32", new GgufValue.Whole(GgufValue.Type.U32, BigInteger.valueOf(4_294_967_295L)))
                .containsEntry("f32", new GgufValue.Real(GgufValue.Type.F32, 1.5))
                .containsEntry("bool", new GgufValue.Flag(true))
                .containsEntry("u64", new GgufValue.Whole(GgufValue.Type.U64, new BigInteger("18446744073709551615")))
                .containsEntry("i64", new GgufValue.Whole(GgufValue.Type.I64, BigInteger.valueOf(-4)))
                .containsEntry("f64", new GgufValue.Real(GgufValue.Type.F64, 2.5))
                .containsEntry("arr12", new GgufValue.Array(GgufValue.Type.F64, List.of()))
                .containsEntry(
                        "arr7",
                        new GgufValue.Array(
                                GgufValue.Type.BOOL, List.of(new GgufValue.Flag(true), new GgufValue.Flag(false))));
        assertThat(file.text("general.architecture")).contains("llama");
        assertThat(file.text("u8")).isEmpty();
        assertThat(file.whole("u16")).hasValue(65_535);
        assertThat(file.whole("u64")).isEmpty();
        assertThat(file.arrayLength("arr8")).hasValue(2);
    }

    @Test
    void whatIsLongIsPassedOver() {
        Gguf file = read(new GgufFiles()
                .texts("tokenizer.ggml.tokens", 128_256)
                .text("tokenizer.huggingface.json", "x".repeat(70_000))
                .u32("after", 7)
                .header());
        assertThat(file.metadata())
                .containsEntry("tokenizer.ggml.tokens", new GgufValue.LongArray(GgufValue.Type.STRING, 128_256))
                .containsEntry("tokenizer.huggingface.json", new GgufValue.LongText(70_000));
        assertThat(file.arrayLength("tokenizer.ggml.tokens")).hasValue(128_256);
        assertThat(file.whole("after")).hasValue(7);
    }

    @Test
    void aTensorHasItsInnermostDimensionLast() {
        Gguf file = read(Samples.content("gguf/ok_moe_3d.gguf"));
        assertThat(file.tensors()).extracting(StoredTensor::shape).contains(List.of(4L, 32L, 256L));
        assertThat(file.bitsPerElement()).hasValue(8.0 * 22_528 / 33_792);
    }

    @Test
    void everyFormatHasTheBytesOfItsBlocks() {
        assertThat(GgmlType.all()).hasSize(35 + 57);
        for (GgmlType type : GgmlType.all()) {
            assertThat(GgmlType.find(type.id())).containsSame(type);
            assertThat(GgmlType.find(type.name())).containsSame(type);
            long block = type.blockElements();
            assertThat(type.bytes(List.of(3L, 2L, 5 * block)).value())
                    .isEqualTo(6 * (type.rowBytes() + 5L * type.blockBytes()));
            assertThat(type.bytes(List.of(3L, 0L))).isEqualTo(Bytes.ZERO);
        }
        assertThat(GgmlType.find("Q4_K").orElseThrow().bitsPerElement()).isEqualTo(4.5);
        assertThat(GgmlType.find("Q6_K").orElseThrow().bitsPerElement()).isEqualTo(6.5625);
    }

    @Test
    void formatsOfIkLlamaAreReported() {
        GgmlType type = GgmlType.find("IQ4_KS").orElseThrow();
        Gguf file = read(new GgufFiles().tensor("a", type, 840, 256L, 6L).file());
        assertThat(file.needsIkLlama()).isTrue();
        assertThat(file.dataBytes()).isEqualTo(Bytes.of(6 * (4 + 136)));
        assertThat(file).hasToString("Gguf[version 3, 1 tensors, 840 B, 4.38 bits per element, for ik_llama.cpp]");
        byte[] bitnet = new GgufFiles()
                .tensor("a", new GgmlType(36, "", 1, 1, 0, true), 0, 0L)
                .file();
        assertThatThrownBy(() -> assertThat(read(bitnet)).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("I2_S of ik_llama.cpp, whose size cannot be known");
    }

    private static Gguf read(byte[] content) {
        return Gguf.read(new ByteArrayInputStream(content));
    }

    private Path written(byte[] content) throws IOException {
        Files.write(folder.resolve("blob"), content);
        return Files.write(folder.resolve("model.gguf"), content);
    }
}
