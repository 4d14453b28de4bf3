package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Workload;
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

    private static final List<String> NOT_MODELLED = List.of(
            "tied adapters are not modelled",
            "repeated layers are not modelled",
            "PEFT adapts parameters, here",
            "trainable_token_indices",
            "a list of names where layers_to_transform is set",
            "permitted modules that are not adapted or saved",
            "permitted modules of the kinds");

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

        /** Why it is refused. */
        Optional<String> refusal() {
            try {
                long unused = config().on(spec()).trainableCount();
                return Optional.empty();
            } catch (MalformedInputException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }

        /** What an estimate trains, or empty where estimates do not model adapter or model. */
        Optional<Long> estimated() {
            try {
                return Optional.of(MemoryEstimate.of(Workload.builder()
                                .model(spec())
                                .precision(Precision.BF16)
                                .strategy(config().on(spec()).strategy())
                                .batch(1)
                                .sequence(8)
                                .build())
                        .trainedParameters());
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adapters.tsv.gz",
                "adapters-held-out.tsv.gz",
                "adapters-choices.tsv.gz",
                "adapters-choices-held-out.tsv.gz"
            })
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
        "adapters.tsv.gz, 1",
        "adapters-held-out.tsv.gz, 1",
        "adapters-choices.tsv.gz, 25",
        "adapters-choices-held-out.tsv.gz, 41"
    })
    void whatIsRefusedThoughPeftKnowsItHasOneOfAFewReasons(String file, int expected) {
        List<String> refusals = rows(file).stream()
                .filter(Row::accepted)
                .flatMap(row -> row.refusal().stream())
                .toList();

        assertThat(refusals)
                .hasSize(expected)
                .allMatch(refusal -> NOT_MODELLED.stream().anyMatch(refusal::contains));
    }

    /** PEFT warns of an unused number of layers and fails while it words the warning, if the file was read. */
    @ParameterizedTest
    @CsvSource({
        "adapters.tsv.gz, p_tuning-gpt_neox-352",
        "adapters-held-out.tsv.gz, 'p_tuning-gpt2-148 p_tuning-gpt_oss-403 p_tuning-qwen2-46'",
        "adapters-choices.tsv.gz, ''",
        "adapters-choices-held-out.tsv.gz, ''"
    })
    void whatPeftRefusesIsRefused(String file, String butFor) {
        Set<String> accepted = rows(file).stream()
                .filter(row -> !row.accepted() && row.count().isPresent())
                .map(Row::id)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(String.join(" ", accepted)).isEqualTo(butFor);
    }

    @ParameterizedTest
    @CsvSource({
        "adapters.tsv.gz, 282",
        "adapters-held-out.tsv.gz, 288",
        "adapters-choices.tsv.gz, 275",
        "adapters-choices-held-out.tsv.gz, 262"
    })
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

    @ParameterizedTest
    @CsvSource({
        "adapters.tsv.gz, 42",
        "adapters-held-out.tsv.gz, 40",
        "adapters-choices.tsv.gz, 61",
        "adapters-choices-held-out.tsv.gz, 44"
    })
    void estimatesTrainWhatPeftTrains(String file, int expected) {
        int estimated = 0;
        for (Row row : rows(file)) {
            Optional<Long> trained = row.accepted() ? row.estimated() : Optional.empty();
            if (trained.isPresent()) {
                assertThat(trained).as(row.id()).hasValue(Long.parseLong(row.trained()));
                estimated++;
            }
        }

        assertThat(estimated).isEqualTo(expected);
    }

    private static boolean isComparable(Row row) {
        try {
            AdapterWeights unused = row.config().on(row.spec()).compare(new SafeTensors(8, List.of()));
            return !row.storedDigest().equals("-");
        } catch (MalformedInputException e) {
            return false;
        }
    }

    private static String digest(List<AdapterTensor> tensors, boolean stored) {
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
