package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.Samples.Sample;
import java.io.ByteArrayInputStream;
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

/** However a header is changed, it is read, or refused as malformed; nothing else happens. */
class GgufProperties {

    /** The headers alone, so that changes hit them. */
    private static final List<byte[]> HEADERS = Samples.of("gguf").stream()
            .filter(sample -> sample.valid() || sample.file().contains("big_endian"))
            .map(Sample::content)
            .map(content -> Arrays.copyOf(content, Math.min(content.length, 1700)))
            .toList();

    private static final List<Long> NUMBERS = List.of(
            0L,
            1L,
            2L,
            3L,
            8L,
            9L,
            13L,
            32L,
            36L,
            255L,
            256L,
            16_385L,
            99_999_999L,
            1L << 30,
            (1L << 31) - 1,
            1L << 31,
            1L << 32,
            1L << 40,
            1L << 60,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            -1L);

    @Provide
    Arbitrary<byte[]> headers() {
        return Arbitraries.of(HEADERS);
    }

    @Provide
    Arbitrary<Long> numbers() {
        return Arbitraries.of(NUMBERS);
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void changedBytesAreReadOrRefused(
            @ForAll @From("headers") byte[] header,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 1700) Integer> places,
            @ForAll byte value) {
        check(Changes.bytes(header, places, value));
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void changedNumbersAreReadOrRefused(
            @ForAll @From("headers") byte[] header,
            @ForAll @IntRange(min = 0, max = 1700) int place,
            @ForAll @IntRange(min = 1, max = 8) int width,
            @ForAll @From("numbers") long number) {
        byte[] changed = header.clone();
        int from = place % (changed.length - 8);
        System.arraycopy(GgufFiles.little(width, number), 0, changed, from, width);
        check(changed);
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void cutFilesAreRefused(@ForAll @From("headers") byte[] header, @ForAll @IntRange(min = 0, max = 1700) int place) {
        // Every header here holds a tensor or a key after byte 24, and ends at 128 or later, or is the one without
        // tensors.
        byte[] cut = Arrays.copyOf(header, place % 60);
        assertThatThrownBy(() ->
                        assertThat(Gguf.read(new ByteArrayInputStream(cut))).isNull())
                .isInstanceOf(MalformedInputException.class);
    }

    /** What is read adds up; anything but a malformed input fails the property. */
    private static void check(byte[] content) {
        try {
            Gguf read = Gguf.read(new ByteArrayInputStream(content));
            long end = 0;
            for (StoredTensor tensor : read.tensors()) {
                assertThat(tensor.begin()).isBetween(end, end + read.alignment() - 1);
                assertThat(tensor.begin() % read.alignment()).isZero();
                end = tensor.end();
            }
            assertThat(read.dataBytes().value()).isLessThanOrEqualTo(end);
            assertThat(read.toString()).startsWith("Gguf[version ");
        } catch (MalformedInputException e) {
            assertThat(e.getMessage()).startsWith("gguf").hasSizeLessThan(2000);
        }
    }
}
