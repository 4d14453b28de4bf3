package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However a valid header is changed, it is read, or refused as malformed; nothing else happens. */
class SafeTensorsProperties {

    private static final List<byte[]> FILES = Samples.of("safetensors").stream()
            .filter(Sample::valid)
            .map(Sample::content)
            .toList();

    private static final List<String> PIECES = List.of(
            "0",
            "1",
            "-1",
            "2.0",
            "1e3",
            "9223372036854775807",
            "18446744073709551615",
            "1e999999999",
            "true",
            "null",
            "\"\"",
            "\"U8\"",
            "\"F4\"",
            "[]",
            "[0]",
            "[0,0]",
            "[[",
            "]]",
            "{}",
            "{",
            "}",
            ",",
            ":",
            "\"",
            "\\",
            "\\ud800",
            "\"a\":",
            " ",
            "\u0000",
            "\"__metadata__\":{}",
            "\"dtype\":\"F128\"",
            "\"shape\":[1]",
            "\"data_offsets\":[0,1]",
            "\u00e9",
            "\ud83d\ude00");

    @Provide
    Arbitrary<byte[]> files() {
        return Arbitraries.of(FILES);
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(PIECES);
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void changedBytesAreReadOrRefused(
            @ForAll @From("files") byte[] file,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 1500) Integer> places,
            @ForAll byte value) {
        byte[] header = Arrays.copyOf(file, Math.min(file.length, 8 + headerLength(file)));
        check(Changes.bytes(header, places, value));
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void changedTextsAreReadOrRefused(
            @ForAll @From("files") byte[] file,
            @ForAll @IntRange(min = 0, max = 1500) int place,
            @ForAll @IntRange(min = 0, max = 12) int dropped,
            @ForAll @From("pieces") String piece) {
        String header = new String(file, 8, headerLength(file), StandardCharsets.UTF_8);
        check(SafeTensorsTest.file(Changes.text(header, place, dropped, piece)));
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void cutFilesAreRefused(@ForAll @From("files") byte[] file, @ForAll @IntRange(min = 0, max = 100_000) int place) {
        byte[] cut = Arrays.copyOf(file, place % (8 + headerLength(file)));
        assertThatThrownBy(() -> assertThat(SafeTensors.read(new ByteArrayInputStream(cut)))
                        .isNull())
                .isInstanceOf(MalformedInputException.class);
    }

    /** What is read adds up; anything but a malformed input fails the property. */
    private static void check(byte[] content) {
        try {
            SafeTensors read = SafeTensors.read(new ByteArrayInputStream(content));
            long end = 0;
            for (StoredTensor tensor : read.tensors()) {
                assertThat(tensor.begin()).isEqualTo(end);
                assertThat(tensor.bytes()).isEqualTo(tensor.format().bytes(tensor.shape()));
                end = tensor.end();
            }
            assertThat(read.dataBytes().value()).isEqualTo(end);
        } catch (MalformedInputException e) {
            assertThat(e.getMessage()).startsWith("safetensors").hasSizeLessThan(2000);
        }
    }

    private static int headerLength(byte[] file) {
        return (file[0] & 0xff) | (file[1] & 0xff) << 8 | (file[2] & 0xff) << 16;
    }
}
