package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class MeasuredCommandTest {

    private static final Path PUBLISHED = published();

    @TempDir
    private Path folder = Path.of("");

    private static Path published() {
        try {
            return Path.of(Objects.requireNonNull(MeasuredCommandTest.class.getResource("/measured/published.csv"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MeasuredRow row(String id) {
        return MeasuredRow.read(PUBLISHED).stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static MeasuredRow with(MeasuredRow row, String column, String value) {
        Map<String, String> columns = new java.util.HashMap<>(row.columns());
        columns.put(column, value);
        return new MeasuredRow(row.place(), columns);
    }

    /** Peaks of jobs whose loops and kernels are modelled. */
    @ParameterizedTest
    @CsvSource({
        "cift-007, 0.1",
        "cift-010, 0.1",
        "cift-013, 0.1",
        "cift-016, 0.1",
        "cift-031, 0.2",
        "fms-001, 0.1",
        "fms-005, 0.1",
        "fms-017, 0.1",
        "fms-033, 0.1",
        "fms-037, 0.1",
        "fms-057, 0.1",
        "fms-061, 0.1",
        "fms-075, 0.12",
        "fms-079, 0.12",
        "fms-091, 0.1",
        "fms-095, 0.1",
        "fms-123, 0.1",
        "fms-465, 0.1",
        "fms-469, 0.1",
        "fms-473, 0.1",
        "fms-477, 0.1",
        "qwensb-105, 0.1",
        "qwensb-173, 0.1"
    })
    void agreesWithGpus(String id, double percent) {
        MeasuredOutcome outcome = MeasuredOutcome.of(row(id));
        assertThat(outcome).isInstanceOf(MeasuredOutcome.Compared.class);
        assertThat(((MeasuredOutcome.Compared) outcome).errorPct()).isEqualTo(0, within(percent));
    }

    @Test
    void reportsCountsReasonsAndErrors() {
        Cli cli = Cli.run("measured", PUBLISHED.toString());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.code()).isZero();
        assertThat(cli.out())
                .startsWith("""
                           92  rows
                           82  compared
                            8  incomplete
                            8    the seq_len is not given
                            2  not modelled
                            1    model bert-large-uncased
                            1    model bigcode/octocoder

                        absolute error                                        rows     mean   median       p95       max
                        """)
                .contains("\nmax_reserved, can-i-finetune-this benchmark results      5  ");
    }

    @Test
    void printsOneJsonObject() {
        Cli cli = Cli.run("measured", "--json", "--rows", PUBLISHED.toString());
        assertThat(cli.code()).isZero();
        JsonNode report = new ObjectMapper().readTree(cli.out());
        assertThat(report.path("rows").asInt()).isEqualTo(92);
        assertThat(report.path("compared").asInt()).isEqualTo(82);
        assertThat(report.path("incomplete").path("the seq_len is not given").asInt())
                .isEqualTo(8);
        assertThat(report.path("groups")
                        .path("max_allocated")
                        .path("medianAbsPct")
                        .asDouble())
                .isPositive()
                .isLessThan(1.5);
        assertThat(report.path("details")).hasSize(92);
        assertThat(report.path("details").get(0).path("measuredGiB").asDouble()).isEqualTo(0.9279);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "micro_batch||the micro_batch is not given",
                "micro_batch|about 4|micro_batch is about 4",
                "grad_checkpointing|n/a|whether layers are checkpointed is not given",
                "optimizer||the optimizer is not given",
                "lora_targets||the targets of LoRA is not given",
                "weight_dtype||the format of the weights is not given",
                "framework_version|torch 2.4.1|the version of transformers is not given",
                "framework_version|transformers 4.48.1|the version of torch is not given",
                "what_was_measured|unnamed|what was measured is unnamed",
                "source|somebody|how somebody runs its jobs is not on record",
                "notes|AMBIGUOUS: no batch|marked as suspect or ambiguous by those who collected it"
            })
    void guessesNothing(String column, String value, String reason) {
        MeasuredRow changed = with(row("fms-033"), column, Objects.requireNonNullElse(value, ""));
        assertThat(MeasuredOutcome.of(changed)).isEqualTo(new MeasuredOutcome.Incomplete(changed, reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpus|2|several GPUs",
                "task|pretrain|task pretrain",
                "quantization|GPTQ 4-bit|quantization GPTQ 4-bit",
                "optimizer|lion|optimizer lion",
                "attention|xformers|attention xformers",
                "notes|config foak-fast-kernels; packed|kernels or preparation of foak-fast-kernels",
                "what_was_measured|allocated|what is allocated between steps"
            })
    void saysWhatIsNotModelled(String column, String value, String reason) {
        MeasuredRow changed = with(row("fms-033"), column, value);
        assertThat(MeasuredOutcome.of(changed)).isEqualTo(new MeasuredOutcome.NotModelled(changed, reason));
    }

    @Test
    void refusesOtherFiles() throws IOException {
        Path other = Files.writeString(folder.resolve("other.csv"), "id,model\nx,y\n");
        Cli lacking = Cli.run("measured", other.toString());
        assertThat(lacking.code()).isEqualTo(1);
        assertThat(lacking.err()).startsWith("measured: ").contains("row 1: no column attention, compute_dtype");

        Path absent = folder.resolve("absent.csv");
        assertThat(Cli.run("measured", absent.toString()).err()).contains("cannot read");

        List<String> lines = Files.readAllLines(PUBLISHED);
        Path number = Files.writeString(
                folder.resolve("number.csv"), lines.get(0) + "\n" + lines.get(1).replace("0.9279,GiB", "little,GiB"));
        assertThat(Cli.run("measured", number.toString()).err())
                .contains("measured_gib is \"little\", but must be a number");
        assertThat(Cli.run("measured").code()).isEqualTo(2);
    }
}
