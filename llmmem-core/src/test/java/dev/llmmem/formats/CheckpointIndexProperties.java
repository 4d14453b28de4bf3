package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.formats.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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

/** However an index is changed, it is read, or refused as malformed; nothing else happens. */
class CheckpointIndexProperties {

    private static final List<byte[]> FILES = Samples.of("index").stream()
            .filter(Sample::valid)
            .map(Sample::content)
            .toList();

    private static final List<String> PIECES = List.of(
            "0",
            "-1",
            "1e3",
            "1e999999999",
            "18446744073709551616",
            "true",
            "null",
            "\"\"",
            "\"..\"",
            "\"/etc\"",
            "[",
            "]",
            "{",
            "}",
            "{}",
            ",",
            ":",
            "\"",
            "\\",
            "\\ud800",
            "\u0000",
            "\"weight_map\":{}",
            "\"metadata\":{},",
            "\"total_size\":1.5,",
            "\"a\":\"b\",",
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

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void changedBytesAreReadOrRefused(
            @ForAll @From("files") byte[] file,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 200) Integer> places,
            @ForAll byte value) {
        check(Changes.bytes(file, places, value));
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void changedTextsAreReadOrRefused(
            @ForAll @From("files") byte[] file,
            @ForAll @IntRange(min = 0, max = 200) int place,
            @ForAll @IntRange(min = 0, max = 12) int dropped,
            @ForAll @From("pieces") String piece) {
        String text = new String(file, StandardCharsets.UTF_8);
        check(Changes.text(text, place, dropped, piece).getBytes(StandardCharsets.UTF_8));
    }

    private static void check(byte[] content) {
        try {
            CheckpointIndex index = CheckpointIndex.read(new ByteArrayInputStream(content));
            assertThat(index.fileNames())
                    .allSatisfy(name -> assertThat(name).doesNotContain("/").isNotEqualTo(".."));
            assertThat(index.files().values()).isSubsetOf(index.fileNames());
        } catch (MalformedInputException e) {
            assertThat(e.getMessage()).startsWith("index.json").hasSizeLessThan(2000);
        }
    }
}
