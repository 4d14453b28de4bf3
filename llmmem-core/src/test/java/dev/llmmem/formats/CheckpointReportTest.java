package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.Headers.Tensor;
import dev.llmmem.formats.comparison.CheckpointReport;
import dev.llmmem.formats.comparison.Difference;
import dev.llmmem.formats.comparison.Explanation;
import dev.llmmem.formats.comparison.Share;
import dev.llmmem.formats.quantization.StoredQuantization;
import dev.llmmem.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files against configurations; {@code saved.jsonl} holds headers that transformers 5.18 wrote ({@code save_pretrained}). */
class CheckpointReportTest {

    private record Saved(String name, String config, List<Tensor> tensors) {
        ModelSpec model() {
            return HuggingFace.read(config);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Saved> saved() {
        return TestData.lines("saved.jsonl").stream().map(line -> {
            Map<?, ?> row = Json.object(line, "saved.jsonl");
            List<Tensor> tensors = new ArrayList<>();
            ((Map<?, ?>) TestData.member(row, "tensors")).forEach((name, value) -> {
                List<?> parts = (List<?>) value;
                List<Long> shape =
                        ((List<?>) parts.get(1)).stream().map(Long.class::cast).toList();
                tensors.add(new Tensor((String) name, SafeTensorsType.valueOf((String) parts.get(0)), shape));
            });
            return new Saved(
                    (String) TestData.member(row, "name"), TestData.text(TestData.member(row, "config")), tensors);
        });
    }

    private static Saved saved(String name) {
        return saved().filter(saved -> saved.name().equals(name)).findFirst().orElseThrow();
    }

    private static CheckpointReport report(Saved saved, List<Tensor> tensors) {
        return CheckpointReport.of(Headers.of(tensors), saved.model());
    }

    @ParameterizedTest
    @MethodSource("saved")
    void whatTransformersSavesAgrees(Saved saved) {
        CheckpointReport report = report(saved, saved.tensors());
        assertThat(report.differences()).isEmpty();
        assertThat(report.agrees()).isTrue();
        assertThat(report.expectedTensors()).isEqualTo(saved.tensors().size());
        assertThat(report.describe()).endsWith("files and configuration agree\n");
    }

    @Test
    void eachKindOfDifferenceIsReported() {
        Saved saved = saved("qwen2");
        List<Tensor> tensors = new ArrayList<>(saved.tensors());
        tensors.removeIf(tensor -> tensor.name().endsWith("mlp.up_proj.weight"));
        tensors.replaceAll(tensor -> tensor.name().endsWith("layernorm.weight")
                ? new Tensor(tensor.name(), SafeTensorsType.F32, tensor.shape())
                : tensor);
        tensors.replaceAll(tensor -> tensor.name().equals("model.layers.1.self_attn.k_proj.weight")
                ? new Tensor(tensor.name(), tensor.type(), List.of(16L, 64L))
                : tensor);
        tensors.add(new Tensor("model.layers.0.self_attn.rotary_emb.inv_freq", SafeTensorsType.F32, List.of(8L)));
        tensors.add(new Tensor("model.layers.0.mlp.what", SafeTensorsType.BF16, List.of(3L)));
        CheckpointReport report = report(saved, tensors);
        assertThat(report.differences())
                .extracting(Difference::toString)
                .containsExactlyInAnyOrder(
                        "missing: 2 x model.layers.{i}.mlp.up_proj.weight [96, 64]",
                        "wrong type: 2 x model.layers.{i}.input_layernorm.weight is F32, the configuration says BF16",
                        "wrong type: 2 x model.layers.{i}.post_attention_layernorm.weight is F32, the configuration says BF16",
                        "wrong shape: model.layers.1.self_attn.k_proj.weight is [16, 64], the configuration says [32, 64]",
                        "unexpected: model.layers.0.self_attn.rotary_emb.inv_freq F32 [8], a buffer",
                        "unexpected: model.layers.0.mlp.what BF16 [3], unexplained");
        assertThat(report.agrees()).isFalse();
        assertThat(report.unexplained()).hasSize(5);
        assertThat(report)
                .hasToString("CheckpointReport[qwen2: " + saved.tensors().size()
                        + " tensors expected, 9 differ, 8 of them unexplained]");
        assertThat(report.describe()).contains("\n  missing: 2 x model.layers").endsWith("8 tensors are unexplained\n");
        Checkpoint checkpoint = Headers.of(tensors);
        assertThat(report.shares().stream().mapToLong(Share::elements).sum()).isEqualTo(checkpoint.elements());
        assertThat(report.shares().stream()
                        .mapToLong(share -> share.bytes().value())
                        .sum())
                .isEqualTo(checkpoint.dataBytes().value());
    }

    @Test
    void aTiedHeadThatIsStoredIsExplained() {
        Saved saved = saved("llama-tied");
        List<Tensor> tensors = new ArrayList<>(saved.tensors());
        tensors.add(new Tensor("lm_head.weight", SafeTensorsType.BF16, List.of(128L, 64L)));
        CheckpointReport report = report(saved, tensors);
        assertThat(report.agrees()).isTrue();
        assertThat(report.differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.explanation()).contains(Explanation.TIED_HEAD))
                .hasToString("unexpected: lm_head.weight BF16 [128, 64], the tied head");
        tensors.set(tensors.size() - 1, new Tensor("lm_head.weight", SafeTensorsType.BF16, List.of(129L, 64L)));
        assertThat(report(saved, tensors).agrees()).isFalse();
    }

    /** Masks as files of old releases hold them: of the shape that the configuration's positions say, and of no other. */
    @Test
    void masksOfOldFilesAreExplained() {
        Saved saved = saved("gpt2");
        for (long positions : new long[] {64, 65}) {
            List<Tensor> tensors = new ArrayList<>(saved.tensors());
            for (int i = 0; i < 2; i++) {
                tensors.add(new Tensor(
                        "transformer.h." + i + ".attn.bias",
                        SafeTensorsType.U8,
                        List.of(1L, 1L, positions, positions)));
            }
            assertThat(report(saved, tensors).agrees()).isEqualTo(positions == 64);
        }
    }

    /** As the files of gpt2 on the Hub are. */
    @Test
    void namesMayLackTheInnerModule() {
        Saved saved = saved("gpt2");
        List<Tensor> tensors = saved.tensors().stream()
                .map(tensor ->
                        new Tensor(tensor.name().replaceFirst("^transformer\\.", ""), tensor.type(), tensor.shape()))
                .toList();
        assertThat(report(saved, tensors).differences()).isEmpty();
    }

    @Test
    void layersBeyondThoseOfTheModelAreUnexplained() {
        Saved saved = saved("qwen2");
        List<Tensor> tensors = new ArrayList<>(saved.tensors());
        tensors.add(new Tensor("model.layers.2.self_attn.q_proj.weight", SafeTensorsType.BF16, List.of(64L, 64L)));
        assertThat(report(saved, tensors).unexplainedTensors()).isEqualTo(1);
    }

    @Test
    void quantizedWeightsAreNoDifference() {
        Saved saved = saved("qwen3_moe");
        StoredQuantization quantization = HuggingFaceQuantization.read(
                "{\"quantization_config\":{\"quant_method\":\"gptq\",\"bits\":4,\"group_size\":32}}");
        List<Tensor> tensors = new ArrayList<>();
        quantization.forEach(saved.model(), part -> tensors.add(new Tensor(part.name(), part.type(), part.shape())));
        assertThat(tensors).extracting(Tensor::name).contains("model.layers.1.mlp.experts.3.down_proj.qweight");
        tensors.add(new Tensor("model.layers.0.self_attn.k_scale", SafeTensorsType.F32, List.of()));
        Checkpoint checkpoint = Headers.of(tensors);
        CheckpointReport report = CheckpointReport.of(checkpoint, saved.model(), quantization);
        assertThat(report.agrees()).isTrue();
        assertThat(report.differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.explanation()).contains(Explanation.QUANTIZATION));
        // The same files are unexplained where the configuration does not say that they are quantized.
        CheckpointReport plain = CheckpointReport.of(checkpoint, saved.model());
        assertThat(plain.agrees()).isFalse();
        assertThat(plain.describe()).contains("missing: 2 x model.layers.{i}.self_attn.q_proj.weight");
    }

    @Test
    void reportsAreBounded() {
        List<Tensor> tensors = new ArrayList<>();
        IntStream.range(0, 20_000)
                .forEach(i -> tensors.add(new Tensor("x" + i + "y".repeat(i % 500), SafeTensorsType.U8, List.of(1L))));
        tensors.add(new Tensor("a\\u001b[31m\\u202e", SafeTensorsType.U8, List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L)));
        CheckpointReport report = report(saved("qwen2"), tensors);
        assertThat(report.differences()).hasSize(200);
        assertThat(report.leftOutTensors()).isGreaterThan(19_000);
        assertThat(report.unexplainedTensors())
                .isEqualTo(20_001 + saved("qwen2").tensors().size());
        assertThat(report.describe().length()).isLessThan(200_000);
        assertThat(report.describe().chars()).allMatch(c -> c == '\n' || !Character.isISOControl(c));
    }

    @Test
    void ggufFilesAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.write(
                file,
                new GgufFiles()
                        .text("general.architecture", "llama")
                        .tensor("a", GgmlType.find("F32").orElseThrow(), 4, 1L)
                        .file());
        Checkpoint checkpoint = Checkpoint.open(file);
        ModelSpec model = saved("qwen2").model();
        assertThatThrownBy(
                        () -> assertThat(CheckpointReport.of(checkpoint, model)).isNull())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GGUF");
    }

    @Property(tries = 200)
    void whatIsTakenAwayIsMissing(@ForAll @IntRange(max = 1000) int which, @ForAll @IntRange(max = 3) int file) {
        Saved saved = saved().toList().get(file);
        List<Tensor> tensors = new ArrayList<>(saved.tensors());
        Tensor gone = tensors.remove(which % tensors.size());
        CheckpointReport report = report(saved, tensors);
        assertThat(report.differences()).singleElement().isInstanceOf(Difference.Missing.class);
        // Without embed_out.weight, nothing says that the head has its old name.
        assertThat(report.differences().get(0).example())
                .isEqualTo(gone.name().equals("embed_out.weight") ? "lm_head.weight" : gone.name());
    }
}
