package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** However the header of a model is changed, it is a model that adds up, or refused as malformed; nothing else happens. */
class GgufModelProperties {

    private static final List<byte[]> HEADERS = List.of(
            header("llama"),
            header("deepseek2"),
            header("gemma3"),
            header("qwen2moe"),
            header("falcon-40b"),
            header("gpt2"));

    private static final int CHANGES = 100;

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void changedHeadersAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = HEADERS.get(random.nextInt(HEADERS.size())).clone();
            int places = 1 + random.nextInt(2);
            for (int place = 0; place < places; place++) {
                // Keys of the architecture are in the first bytes; tensors follow the tokens.
                int end = random.nextBoolean() ? 1200 : changed.length;
                changed[random.nextInt(end)] = (byte) (random.nextBoolean() ? random.nextInt(9) : random.nextInt());
            }
            check(changed);
        }
    }

    private static void check(byte[] content) {
        try {
            Gguf file = Gguf.read(new ByteArrayInputStream(content));
            ModelSpec model = GgufModel.of(file);
            assertThat(model.parameterCount()).isPositive().isLessThanOrEqualTo(file.elements());
        } catch (MalformedInputException e) {
            assertThat(e.getMessage()).startsWith("gguf").hasSizeLessThan(4000);
        }
    }

    private static byte[] header(String name) {
        String file = "gguf-models/" + name + ".gguf.gz";
        try (InputStream packed = Objects.requireNonNull(GgufModelProperties.class.getResourceAsStream(file), file);
                InputStream header = new GZIPInputStream(packed)) {
            return header.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
