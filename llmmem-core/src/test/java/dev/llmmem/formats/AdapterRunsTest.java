package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The runs that PEFT itself published, all on one model. */
class AdapterRunsTest {

    private static final ModelSpec MODEL = Models.get("meta-llama/Llama-3.2-3B");
    private static final String LORA_FA = "lora/llama-3.2-3B-rank32-lorafa";

    /** Types whose file holds what is not modelled, was cut after training, or was stored in 16 bits by choice. */
    private static final Set<String> OTHER_FILES =
            Set.of("ADALORA", "ADAMSS", "FROD", "GLORA", "LILY", "OSF", "RANDLORA", "SHIRA", "TINYLORA");

    record Run(String experiment, long trained, long fileBytes, String config) {
        @Override
        public String toString() {
            return experiment;
        }
    }

    static List<Run> runs() {
        String file = "adapter-runs.tsv";
        try (InputStream stream = Objects.requireNonNull(AdapterRunsTest.class.getResourceAsStream(file), file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 4))
                    .map(cells -> new Run(cells[0], Long.parseLong(cells[1]), Long.parseLong(cells[2]), cells[3]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Run> plainRuns() {
        return runs().stream().filter(run -> !run.experiment().equals(LORA_FA));
    }

    static Stream<Run> runsWithPlainFiles() {
        return plainRuns()
                .filter(run -> !OTHER_FILES.contains(Adapter.read(run.config()).type()));
    }

    @Test
    void thereAreAllOfThemButFullFineTuning() {
        assertThat(runs()).hasSize(62);
        assertThat(plainRuns()).hasSize(61);
        assertThat(MODEL.parameterCount()).isEqualTo(3_212_749_824L);
    }

    @ParameterizedTest
    @MethodSource("plainRuns")
    void trainedParametersAreThosePublished(Run run) {
        assertThat(Adapter.read(run.config()).on(MODEL).trainableCount()).isEqualTo(run.trained());
    }

    /** A header of safetensors has some 130 bytes a tensor. */
    @ParameterizedTest
    @MethodSource("runsWithPlainFiles")
    void filesHoldWhatIsStored(Run run) {
        long data = 0;
        long tensors = 0;
        for (AdapterTensor tensor : Adapter.read(run.config()).on(MODEL).tensors()) {
            if (tensor.stored()) {
                data += tensor.totalElements() * (tensor.keptInFp32() ? 4 : 2);
                tensors += tensor.count();
            }
        }

        assertThat((run.fileBytes() - data) / tensors).isBetween(110L, 145L);
    }

    @Test
    void whatAnOptimizerFreezesIsNotInTheFile() {
        Run run = find(LORA_FA);
        long withoutA = Adapter.read(run.config()).on(MODEL).trainedTensors().stream()
                .filter(tensor -> tensor.name().contains("lora_B"))
                .mapToLong(AdapterTensor::totalElements)
                .sum();

        assertThat(withoutA).isEqualTo(run.trained());
    }

    @Test
    void shapesThatHangOnTheWeightsAreRefused() {
        assertThatThrownBy(() -> Adapter.read("{\"peft_type\": \"ADAMSS\", \"subspace_rank\": 2}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessage(
                        "adapter_config.json: subspace_rank = 2, permitted 1: the shapes of others hang on the values of the"
                                + " weights");
    }

    private static Run find(String experiment) {
        return runs().stream()
                .filter(run -> run.experiment().equals(experiment))
                .findFirst()
                .orElseThrow();
    }
}
