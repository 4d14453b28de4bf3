package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.llmmem.formats.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** However a header is changed, it is read, or refused as malformed; nothing else happens. */
class GgufProperties {

    /** The headers alone, so that changes hit them. */
    private static final List<byte[]> HEADERS = Samples.of("gguf").stream()
            .filter(sample -> sample.valid() || sample.file().contains("big_endian"))
            .map(Sample::content)
            .map(content -> Arrays.copyOf(content, Math.min(content.length, 1700)))
            .toList();

    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        8,
        9,
        13,
        32,
        36,
        255,
        256,
        16_385,
        99_999_999,
        1 << 30,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 40,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1
    };

    /** Changes of one try: the framework takes longer for a try than a header takes to be read. */
    private static final int CHANGES = 100;

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void changedBytesAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = header(random);
            for (int places = 1 + random.nextInt(4); places > 0; places--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            check(changed);
        }
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void changedNumbersAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = header(random);
            int width = 1 + random.nextInt(8);
            byte[] number = GgufFiles.little(width, NUMBERS[random.nextInt(NUMBERS.length)]);
            System.arraycopy(number, 0, changed, random.nextInt(changed.length - width), width);
            check(changed);
        }
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void cutFilesAreRefused(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CHANGES; i++) {
            // Every header here holds a tensor or a key after byte 24, and ends at 128 or later, or is the one without
            // tensors.
            byte[] cut = Arrays.copyOf(header(random), random.nextInt(60));
            assertThatThrownBy(() ->
                            assertThat(Gguf.read(new ByteArrayInputStream(cut))).isNull())
                    .isInstanceOf(MalformedInputException.class);
        }
    }

    private static byte[] header(Random random) {
        return HEADERS.get(random.nextInt(HEADERS.size())).clone();
    }

    /** What is read adds up; anything but a malformed input fails the property. */
    private static void check(byte[] content) {
        try {
            Gguf read = Gguf.read(new ByteArrayInputStream(content));
            long end = 0;
            for (StoredTensor tensor : read.tensors()) {
                require(tensor.begin() >= end && tensor.begin() < end + read.alignment(), tensor);
                require(tensor.begin() % read.alignment() == 0, tensor);
                end = tensor.end();
            }
            require(read.dataBytes().value() <= end, read);
            require(read.toString().startsWith("Gguf[version "), read);
        } catch (MalformedInputException e) {
            String message = String.valueOf(e.getMessage());
            require(message.startsWith("gguf") && message.length() < 2000, message);
        }
    }

    /** As an assertion, but without its cost. */
    private static void require(boolean holds, Object what) {
        if (!holds) {
            fail(what.toString());
        }
    }
}
