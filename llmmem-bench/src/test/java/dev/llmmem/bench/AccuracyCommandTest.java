package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class AccuracyCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PEAK = TinyRows.inference().peak().value();
    /** Of which the peak is 25 % more: 100 (P - 0.8 P) / 0.8 P. */
    private static final long FOUR_FIFTHS = PEAK / 5 * 4;

    private static final String CASE_OF_TRAINING = """
            "task":"train","weights":"fp32","autocast":"bf16","batch":1,"sequence":16""";

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void writeRows() throws IOException {
        assertThat(PEAK % 5).as("the rows below divide the peak by 5").isZero();
        file = folder.resolve("rows.jsonl");
        Files.writeString(
                file,
                TinyRows.row("exact", TinyRows.CONFIG, TinyRows.INFERENCE, PEAK)
                        + "\n"
                        + TinyRows.row("too-high", "\"tiny.json\"", TinyRows.INFERENCE, FOUR_FIFTHS)
                        + TinyRows.row("split", TinyRows.CONFIG, CASE_OF_TRAINING + ",\"parallel\":{\"shard\":2}", 1)
                        + TinyRows.row("rwkv", "{\"model_type\":\"rwkv\"}", CASE_OF_TRAINING, 1)
                        + "{\"id\":\"failed\",\"case\":{\"config\":{}},\"error\":\"out of luck\"}\n");
        Files.createDirectories(folder.resolve("configs"));
        Files.writeString(folder.resolve("configs/tiny.json"), TinyRows.CONFIG);
    }

    @Test
    void printsCountsAndErrors() {
        Cli cli = Cli.run("accuracy", file.toString());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.code()).isZero();
        assertThat(cli.out().replaceAll("permitted one of .*", "permitted ...")).isEqualTo("""
                    5  rows
                    2  estimated
                    2  refused
                    1    config.json: model_type = "rwkv", permitted ...
                    1    parallel
                    1  skipped: the oracle could not run them

                absolute error of the peak     rows  estimated      mean    median       p95       max  <= 0.1 %  <= 1 %
                all                               4          2  12.500 %  12.500 %  25.000 %  25.000 %    50.0 %  50.0 %
                prefill/inference/bf16/single     2          2  12.500 %  12.500 %  25.000 %  25.000 %    50.0 %  50.0 %
                model/llama                       3          2  12.500 %  12.500 %  25.000 %  25.000 %    50.0 %  50.0 %
                """);
    }

    @Test
    void printsOneJsonObject() {
        Cli cli = Cli.run("accuracy", "--json", file.toString());
        assertThat(cli.code()).isZero();
        assertThat(cli.out()).endsWith("}" + System.lineSeparator()).hasLineCount(1);
        JsonNode report = JSON.readTree(cli.out());
        assertThat(List.copyOf(report.propertyNames()))
                .containsExactly("rows", "estimated", "refused", "skipped", "peak", "groups");
        assertThat(report.path("rows").asInt()).isEqualTo(5);
        assertThat(report.path("estimated").asInt()).isEqualTo(2);
        assertThat(report.path("refused").path("parallel").asInt()).isOne();
        assertThat(report.path("refused").size()).isEqualTo(2);
        assertThat(report.path("skipped").asInt()).isOne();
        assertThat(report.path("peak")).isEqualTo(JSON.readTree("""
                {"meanAbsPct":12.5,"medianAbsPct":12.5,"p95AbsPct":25.0,"maxAbsPct":25.0,
                 "within01Pct":50.0,"within1Pct":50.0}
                """));
        assertThat(List.copyOf(report.path("groups").propertyNames()))
                .containsExactly(
                        "prefill/inference/bf16/single",
                        "train/full/fp32+bf16-autocast/fsdp",
                        "train/full/fp32+bf16-autocast/single",
                        "model/llama",
                        "model/rwkv");
        assertThat(report.path("groups").path("model/llama")).isEqualTo(JSON.readTree("""
                {"rows":3,"estimated":2,"meanAbsPct":12.5,"medianAbsPct":12.5,"p95AbsPct":25.0,"maxAbsPct":25.0,
                 "within01Pct":50.0,"within1Pct":50.0}
                """));
        assertThat(report.path("groups").path("model/rwkv")).isEqualTo(JSON.readTree("""
                {"rows":1,"estimated":0,"meanAbsPct":null,"medianAbsPct":null,"p95AbsPct":null,"maxAbsPct":null,
                 "within01Pct":null,"within1Pct":null}
                """));
    }

    @Test
    void tellsRowsInText() {
        String out = Cli.run("accuracy", file.toString(), "--rows").out();
        long more = PEAK - FOUR_FIFTHS;
        assertThat(out.lines().map(line -> line.strip().replaceAll("  +", " ")))
                .contains(
                        "exact (llama, prefill/inference/bf16/single)",
                        "peak " + PEAK + " " + PEAK + " +0 +0.000",
                        "too-high (llama, prefill/inference/bf16/single)",
                        "peak " + FOUR_FIFTHS + " " + PEAK + " +" + more + " +25.000",
                        "phase forward " + FOUR_FIFTHS + " " + PEAK + " +" + more + " +25.000",
                        "split (llama, train/full/fp32+bf16-autocast/fsdp) refused: parallel",
                        "failed skipped",
                        "5 rows");
        // Where the row has nothing, there is no relative error.
        assertThat(out).containsPattern("alive inputs +0 +512 +\\+512 +-\n");
    }

    @Test
    void tellsRowsInJson() {
        JsonNode rows = JSON.readTree(
                        Cli.run("accuracy", file.toString(), "--rows", "--json").out())
                .path("details");
        assertThat(rows.size()).isEqualTo(5);
        JsonNode high = rows.path(1);
        assertThat(high.path("id").asString()).isEqualTo("too-high");
        assertThat(high.path("modelType").asString()).isEqualTo("llama");
        assertThat(high.path("group").asString()).isEqualTo("prefill/inference/bf16/single");
        assertThat(high.path("peak").path("observed").asLong()).isEqualTo(FOUR_FIFTHS);
        assertThat(high.path("peak").path("estimated").asLong()).isEqualTo(PEAK);
        assertThat(high.path("phases").path("forward")).isEqualTo(high.path("peak"));
        assertThat(high.path("alive").path("frozen").path("observed").asLong()).isEqualTo(FOUR_FIFTHS);
        assertThat(rows.path(2).path("refused").asString()).isEqualTo("parallel");
        assertThat(rows.path(4).path("skipped").asBoolean()).isTrue();
    }

    @Test
    void unpacksFilesAndAddsThemUp() throws IOException {
        Path packed = folder.resolve("rows.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(Files.readAllBytes(file));
        }
        assertThat(Cli.run("accuracy", packed.toString(), file.toString()).out())
                .startsWith("   10  rows\n");
    }

    @Test
    void looksForConfigurationsWhereItIsTold() throws IOException {
        Path other = Files.createDirectories(folder.resolve("elsewhere"));
        Files.move(folder.resolve("configs/tiny.json"), other.resolve("tiny.json"));
        assertThat(Cli.run("accuracy", file.toString(), "--configs", other.toString())
                        .code())
                .isZero();

        Cli cli = Cli.run("accuracy", file.toString());
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err())
                .startsWith("accuracy: " + file + ", line 3: ")
                .contains("tiny.json")
                .hasLineCount(1);
    }

    @Test
    void saysWhichLineIsMalformed() throws IOException {
        assertThat(complaint("{\"id\":\"a\",\n")).startsWith("accuracy: " + file + ", line 2: Unexpected end-of-input");
        assertThat(complaint("[]\n")).isEqualTo("accuracy: " + file + ", line 2: no object with a case");
        assertThat(complaint("{\"case\":{\"config\":[]}}\n")).startsWith("accuracy: " + file + ", line 2: ");
        assertThat(complaint("{\"case\":{\"config\":{},\"override\":7}}\n"))
                .startsWith("accuracy: " + file + ", line 2: ");
        assertThat(complaint(TinyRows.row("a", TinyRows.CONFIG, TinyRows.INFERENCE, -1)))
                .isEqualTo("accuracy: " + file + ", line 2: peak_bytes = -1, permitted [1, 9223372036854775807] bytes");
        assertThat(complaint(TinyRows.row("a", TinyRows.CONFIG, "\"task\":\"prefill\",\"weights\":\"bf16\"", 1)))
                .startsWith("accuracy: " + file + ", line 2: ");
        assertThat(complaint("{\"case\":{\"config\":" + TinyRows.CONFIG + "," + TinyRows.INFERENCE + "}}\n"))
                .startsWith("accuracy: " + file + ", line 2: peak_bytes = ");
    }

    @Test
    void complainsAboutAMissingFile() {
        Cli cli = Cli.run("accuracy", folder.resolve("none.jsonl").toString());
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err()).contains("none.jsonl").hasLineCount(1);
    }

    @Test
    void complainsAboutWrongArguments() {
        Cli cli = Cli.run("accuracy");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err())
                .startsWith("accuracy: no file of rows is given\nUsage: java -jar llmmem-bench.jar accuracy FILE");
        assertThat(Cli.run("accuracy", "--help")).returns(0, Cli::code).returns("", Cli::err);
    }

    /** What is said of a file with one good line before the given text. */
    private String complaint(String text) throws IOException {
        Files.write(
                file,
                (TinyRows.row("good", TinyRows.CONFIG, TinyRows.INFERENCE, PEAK) + text)
                        .getBytes(StandardCharsets.UTF_8));
        Cli cli = Cli.run("accuracy", file.toString());
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out()).isEmpty();
        return cli.err().strip();
    }
}
