package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Headers that llama.cpp's converter wrote, against the configurations that it read; {@code gguf-models/README.md} says more. */
class GgufModelTest {

    private static final String FOLDER = "gguf-models/";

    /** Four heads of 16 elements, two of keys and values, on a width of 32. */
    private static final long HIDDEN = 32;

    private static final GgmlType F32 = GgmlType.find("F32").orElseThrow();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvFileSource(resources = "gguf-models/index.csv", numLinesToSkip = 1)
    void aModelIsThatOfItsConfiguration(String name, String architecture, long parameters) {
        Gguf file = Gguf.read(header(name));
        ModelSpec read = GgufModel.of(file);
        ModelSpec expected = HuggingFace.read(resource(name + ".json"));

        assertThat(file.text("general.architecture")).contains(architecture);
        assertThat(read.parameterCount()).isEqualTo(parameters);
        assertThat(read.inventory()).isEqualTo(expected.inventory());
        assertThat(read.modelType()).isEqualTo(expected.modelType().equals("mistral") ? "llama" : expected.modelType());
        assertThat(read.layers().stream().map(Layer::attention))
                .containsExactlyElementsOf(
                        expected.layers().stream().map(Layer::attention).toList());
        assertThat(read.layers().stream().map(GgufModelTest::unrouted))
                .containsExactlyElementsOf(
                        expected.layers().stream().map(GgufModelTest::unrouted).toList());
        assertThat(read.tiedHead()).isEqualTo(expected.tiedHead());
        assertThat(read.parallelBlocks()).isEqualTo(expected.parallelBlocks());
        assertThat(read.dropout()).isEqualTo(expected.dropout());
        if (!architecture.equals("bloom") && !architecture.equals("chatglm")) {
            // Of these two the converter writes the hidden width.
            assertThat(read.maxPositions()).isEqualTo(expected.maxPositions());
        }
    }

    @Test
    void everyArchitectureIsTried() throws IOException {
        List<String> tried;
        try (InputStream index = resource("index.csv")) {
            tried = new String(index.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(",", -1)[1])
                    .distinct()
                    .sorted()
                    .toList();
        }
        assertThat(GgufModel.architectures()).containsExactlyElementsOf(tried);
    }

    @Test
    void tensorsCountMoreThanKeys() {
        // The converter says four times the width whatever it is, and the model has less.
        Gguf phi = Gguf.read(header("phi2"));
        assertThat(phi.whole("phi2.feed_forward_length")).hasValue(192);
        assertThat(GgufModel.of(phi).layers().get(0).feedForward())
                .isInstanceOfSatisfying(
                        FeedForward.Dense.class,
                        dense -> assertThat(dense.width()).isEqualTo(112));
    }

    @Test
    void aModelIsReadFromAFileAndAFolder() throws IOException {
        byte[] file = llama().file();
        Path path = Files.write(folder.resolve("tiny.gguf"), file);
        ModelSpec read = GgufModel.read(path);
        assertThat(read).isEqualTo(GgufModel.read(folder)).isEqualTo(model(llama()));
        assertThat(read.parameterCount()).isEqualTo(2 * 100 * HIDDEN + HIDDEN + 2 * layer());
        assertThat(read.name()).isEqualTo("llama");
    }

    @Test
    void otherArchitecturesAreRefusedByName() {
        assertThatThrownBy(() -> model(new GgufFiles().text("general.architecture", "mamba2")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("gguf: general.architecture = \"mamba2\", permitted bloom, ")
                .hasMessageContaining("llama, ");
        assertThatThrownBy(() -> model(new GgufFiles().u32("general.alignment", 32)))
                .hasMessageContaining("general.architecture is missing");
        assertThatThrownBy(() -> model(new GgufFiles().text("general.type", "adapter")))
                .hasMessage("gguf: general.type = \"adapter\", permitted \"model\"");
        assertThatThrownBy(() -> model(new GgufFiles().u16("split.count", 2)))
                .hasMessageContaining("split.count = 2, permitted 1");
        assertThatThrownBy(() -> model(new GgufFiles().text("general.architecture", "llama")))
                .hasMessage("gguf: tensor \"token_embd.weight\" is missing, permitted a matrix of tokens");
    }

    @Test
    void keysThatDoNotFitTheTensorsAreRefused() {
        refused(
                keys -> keys.replace("head_count=4", "head_count=8"),
                "blk.0.attn_q.weight has 64 rows, permitted 8 x 16");
        refused(
                keys -> keys.replace("head_count_kv=2", "head_count_kv=4"),
                "blk.0.attn_k.weight has 32 rows, permitted 4");
        refused(keys -> keys.replace("key_length=16", "key_length=32"), "value_length = 16, permitted 32");
        refused(keys -> keys.replace("block_count=2", "block_count=3"), "llama.block_count = 3, permitted 2");
        refused(
                keys -> keys.replace("embedding_length=32", "embedding_length=64"),
                "embedding_length = 64, permitted 32");
        refused(keys -> keys.replace("block_count=2", "block_count=100000"), "num_hidden_layers = 100000");
        refused(keys -> keys.replace("attention.head_count=4", "x=1"), "llama.attention.head_count is missing");
        refused(keys -> keys.replace("attention.head_count=4", "attention.head_count=0"), "permitted");
        refused(keys -> keys + " attention.sliding_window=64", "sliding_window = 64, permitted 0: such a window");
        refused(keys -> keys + " nextn_predict_layers=1", "nextn_predict_layers is not 0");
        refused(
                keys -> keys + " expert_count=8 expert_used_count=2",
                "layer 0 has " + layer() + " elements in 9 tensors, permitted ");
    }

    @Test
    void tensorsThatNoSuchModelHasAreRefused() {
        assertThatThrownBy(() -> model(llama().tensor("blk.1.attn_k_norm.weight", F32, 64, 16L)))
                .hasMessage("gguf: layer 1 has " + (layer() + 16) + " elements in 10 tensors, permitted " + layer()
                        + " as by the keys: such a llama is not described");
        assertThatThrownBy(() -> model(llama().tensor("token_types.weight", F32, 64, 16L)))
                .hasMessageContaining("what is outside the layers has");
        assertThatThrownBy(() -> model(llama().tensor("blk.99999.x", F32, 64, 16L)))
                .hasMessageContaining("is of no layer, permitted layers in [0, 10000)");
        assertThat(model(llama().tensor("rope_freqs.weight", F32, 32, 8L))).isEqualTo(model(llama()));
    }

    @Test
    void arraysOfOneValueAreThatValue() {
        String keys = keys().replace("attention.head_count_kv=2", "x=1");
        assertThat(model(file(keys).array("llama.attention.head_count_kv", 2, 2)))
                .isEqualTo(model(llama()));
        assertThatThrownBy(() -> model(file(keys).array("llama.attention.head_count_kv", 2, 4)))
                .hasMessage(
                        "gguf: llama.attention.head_count_kv differs from layer to layer, permitted one value for all"
                                + " layers");
        assertThatThrownBy(() -> model(file(keys).text("llama.attention.head_count_kv", "2")))
                .hasMessage("gguf: llama.attention.head_count_kv = no whole number, permitted whole numbers in [0,"
                        + " 2147483647]");
    }

    private static void refused(UnaryOperator<String> change, String message) {
        assertThatThrownBy(() -> model(file(change.apply(keys()))))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("gguf: ")
                .hasMessageContaining(message);
    }

    private static String keys() {
        return "block_count=2 embedding_length=32 feed_forward_length=48 attention.head_count=4"
                + " attention.head_count_kv=2 attention.key_length=16 attention.value_length=16 context_length=512";
    }

    private static GgufFiles llama() {
        return file(keys());
    }

    private static GgufFiles file(String keys) {
        GgufFiles file = new GgufFiles().text("general.architecture", "llama");
        Stream.of(keys.split(" ", -1)).forEach(pair -> {
            String[] parts = pair.split("=", -1);
            file.u32("llama." + parts[0], Long.parseLong(parts[1]));
        });
        matrix(file, "token_embd", HIDDEN, 100);
        matrix(file, "output", HIDDEN, 100);
        file.tensor("output_norm.weight", F32, 4 * HIDDEN, HIDDEN);
        for (String block : List.of("blk.0.", "blk.1.")) {
            matrix(file, block + "attn_q", HIDDEN, 64);
            matrix(file, block + "attn_k", HIDDEN, 32);
            matrix(file, block + "attn_v", HIDDEN, 32);
            matrix(file, block + "attn_output", 64, HIDDEN);
            matrix(file, block + "ffn_gate", HIDDEN, 48);
            matrix(file, block + "ffn_up", HIDDEN, 48);
            matrix(file, block + "ffn_down", 48, HIDDEN);
            file.tensor(block + "attn_norm.weight", F32, 4 * HIDDEN, HIDDEN);
            file.tensor(block + "ffn_norm.weight", F32, 4 * HIDDEN, HIDDEN);
        }
        return file;
    }

    private static long layer() {
        return HIDDEN * (64 + 32 + 32 + 64 + 3 * 48 + 2);
    }

    private static void matrix(GgufFiles file, String name, long inner, long rows) {
        file.tensor(name + ".weight", F32, 4 * inner * rows, inner, rows);
    }

    private static ModelSpec model(GgufFiles file) {
        return GgufModel.of(Gguf.read(new ByteArrayInputStream(file.header())));
    }

    private static FeedForward unrouted(Layer layer) {
        return layer.feedForward() instanceof FeedForward.Experts experts
                ? new FeedForward.Experts(
                        experts.experts(),
                        experts.perToken(),
                        experts.width(),
                        experts.sharedWidth(),
                        experts.gated(),
                        experts.activation(),
                        FeedForward.Routing.ungrouped(true))
                : layer.feedForward();
    }

    private static InputStream header(String name) {
        try {
            return new GZIPInputStream(resource(name + ".gguf.gz"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(GgufModelTest.class.getResourceAsStream(FOLDER + name), name);
    }
}
