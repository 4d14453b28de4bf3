package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.memory.MemoryEstimate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What is trained of whole models, as peft counts it. */
class TrainedParametersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<JsonNode> rows() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(
                        TrainedParametersTest.class.getResourceAsStream("/truth/trained.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            return lines.lines().map(JSON::readTree).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void areThoseOfPeft(JsonNode row) throws URISyntaxException {
        Path configs = Path.of(Objects.requireNonNull(TrainedParametersTest.class.getResource("/truth/configs"))
                .toURI());
        JsonNode oracle = row.path("case");
        MemoryEstimate estimate = MemoryEstimate.of(OracleCase.workload(oracle, OracleCase.config(oracle, configs)));
        assertThat(estimate.trainedParameters()).isEqualTo(row.path("trainable").asLong());
    }
}
