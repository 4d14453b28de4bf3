package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.ModelSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random adapters of all types over small models, against what PEFT builds. */
class AdapterReferenceTest {

    private record Row(
            String id, String model, String adapter, String trained, String trainedDigest, String storedDigest) {
        boolean accepted() {
            return Character.isDigit(trained.charAt(0));
        }

        Adapter config() {
            return Adapter.read(adapter);
        }

        ModelSpec spec() {
            return HuggingFace.read(model);
        }

        /** The trained parameters, or empty where the adapter is refused. */
        Optional<Long> count() {
            try {
                return Optional.of(config().on(spec()).trainableCount());
            } catch (MalformedInputException e) {
                return Optional.empty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapters.tsv.gz", "adapters-held-out.tsv.gz"})
    void trainedParametersAreThoseOfPeft(String file) {
        for (Row row : rows(file)) {
            Optional<Long> count = row.count();
            if (row.accepted() && count.isPresent()) {
                assertThat(count).as(row.id()).hasValue(Long.parseLong(row.trained()));
                assertThat(digest(row.config().on(row.spec()).trainedTensors(), false))
                        .as("shapes of " + row.id())
                        .isEqualTo(row.trainedDigest());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "adapters.tsv.gz, 'lora-gpt_oss-363 lora-gpt_oss-410 lora-gpt_oss-5 lora-qwen3_moe-358 lora-qwen3_moe-362'",
        "adapters-held-out.tsv.gz, 'lora-gpt2-54 lora-gpt_oss-106 lora-gpt_oss-155 lora-gpt_oss-205 lora-gpt_oss-258 "
                + "lora-gpt_oss-262 lora-qwen3_moe-257'"
    })
    void onlyExpertsByPatternAndTokensOfSavedModulesAreRefusedThoughPeftKnowsThem(String file, String ids) {
        Set<String> refused = rows(file).stream()
                .filter(row -> row.accepted() && row.count().isEmpty())
                .map(Row::id)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(String.join(" ", refused)).isEqualTo(ids);
    }

    /** PEFT warns of an unused number of layers and fails while it words the warning, if the file was read. */
    @ParameterizedTest
    @CsvSource({
        "adapters.tsv.gz, p_tuning-gpt_neox-352",
        "adapters-held-out.tsv.gz, 'p_tuning-gpt2-148 p_tuning-gpt_oss-403 p_tuning-qwen2-46'"
    })
    void whatPeftRefusesIsRefused(String file, String butFor) {
        Set<String> accepted = rows(file).stream()
                .filter(row -> !row.accepted() && row.count().isPresent())
                .map(Row::id)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(String.join(" ", accepted)).isEqualTo(butFor);
    }

    @ParameterizedTest
    @CsvSource({"adapters.tsv.gz, 278", "adapters-held-out.tsv.gz, 282"})
    void storedTensorsAreThoseOfPeft(String file, int expected) {
        int compared = 0;
        for (Row row : rows(file)) {
            if (row.accepted() && row.count().isPresent() && isComparable(row)) {
                assertThat(digest(row.config().on(row.spec()).tensors(), true))
                        .as(row.id())
                        .isEqualTo(row.storedDigest());
                compared++;
            }
        }

        assertThat(compared).isEqualTo(expected);
    }

    private static boolean isComparable(Row row) {
        try {
            AdapterWeights unused = row.config().on(row.spec()).compare(new SafeTensors(8, List.of()));
            return !row.storedDigest().equals("-");
        } catch (MalformedInputException e) {
            return false;
        }
    }

    static String digest(List<AdapterTensor> tensors, boolean stored) {
        List<String> lines = new ArrayList<>();
        for (AdapterTensor tensor : tensors) {
            if (!stored || tensor.stored()) {
                for (int i = 0; i < tensor.count(); i++) {
                    int layer = tensor.layers().isEmpty() ? -1 : tensor.layers().get(i);
                    String name = stored ? tensor.name().replace("{i}", Integer.toString(layer)) : "";
                    String shape = tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(","));
                    lines.add(name + " " + shape + " " + (tensor.keptInFp32() ? "fp32" : "16"));
                }
            }
        }
        String text = lines.stream().sorted().collect(Collectors.joining("\n"));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Row> rows(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(AdapterReferenceTest.class.getResourceAsStream(file), file)),
                StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> line.split("\t", 6))
                    .map(cells -> new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
