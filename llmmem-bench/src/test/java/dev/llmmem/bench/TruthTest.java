package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.llmmem.memory.MemoryEstimate;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The estimates against what PyTorch itself allocates: what is modelled is exact to the byte. */
class TruthTest {

    /** The model types of which every case is estimated that asks for nothing of {@link #REFUSED}. */
    static final Set<String> MODELLED = MemoryEstimate.modelTypes();

    /** The features of a case that are refused for every model, in the words of the refusal. */
    static final Set<String> REFUSED = Set.of("parallel");

    private static final List<OracleRow> ROWS = Stream.of(
                    "oracle", "drawn", "families", "runtime", "optimizers", "savers", "strategies")
            .flatMap(name -> read(name).stream())
            .toList();

    static List<OracleRow> modelled() {
        return ROWS.stream()
                .filter(row -> MODELLED.contains(row.modelType())
                        && refusedFeatures(row.oracle()).isEmpty())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modelled")
    void peaksAreExact(OracleRow row) {
        Figure peak = comparison(row).peak();
        assertThat(peak.estimate()).as(row.toString()).isEqualTo(peak.truth());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modelled")
    void phasesAreExact(OracleRow row) {
        assertThat(comparison(row).phases())
                .as(row.toString())
                .isNotEmpty()
                .allSatisfy((phase, figure) -> assertThat(figure.estimate()).isEqualTo(figure.truth()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modelled")
    void breakdownsAreExact(OracleRow row) {
        Map<String, Figure> alive = new HashMap<>(comparison(row).alive());
        if (takesStatesForTemporaries(row.oracle())) {
            Figure states = alive.getOrDefault("optimizer", new Figure(0, 0));
            alive.merge("step", states, (a, b) -> new Figure(a.truth() + b.truth(), a.estimate() + b.estimate()));
            alive.remove("optimizer");
        }
        assertThat(alive)
                .as(row.toString())
                .isNotEmpty()
                .allSatisfy((category, figure) -> assertThat(figure.estimate()).isEqualTo(figure.truth()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modelled")
    void trainedParametersAreExact(OracleRow row) {
        assumeThat(row.oracle().path("task").asString("")).isEqualTo("train");
        Outcome outcome = AccuracyCommand.outcome(row);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Estimated.class,
                        estimated -> assertThat(
                                        estimated.comparison().estimate().trainedParameters())
                                .as(row.toString())
                                .isEqualTo(row.trainable()));
    }

    @Test
    void allModelTypesOccur() {
        // A gemma3 with a text_config inside is a gemma3_text beside a vision tower; no row has one.
        Set<String> occurring = new TreeSet<>(MODELLED);
        occurring.remove("gemma3");
        assertThat(modelled().stream().map(OracleRow::modelType)).containsAll(occurring);
    }

    @Test
    void whatIsNotModelledIsRefusedByName() {
        Set<String> seen = new TreeSet<>();
        for (OracleRow row : ROWS) {
            Set<String> features = refusedFeatures(row.oracle());
            if (MODELLED.contains(row.modelType()) && !features.isEmpty()) {
                assertThat(AccuracyCommand.outcome(row)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                    assertThat(features).as(row.place()).contains(refused.reason());
                    seen.add(refused.reason());
                });
            }
        }
        assertThat(seen).isEqualTo(new TreeSet<>(REFUSED));
    }

    @Test
    void everyModelTypeOfTheRowsIsModelled() {
        assertThat(ROWS.stream().map(OracleRow::modelType)).isSubsetOf(MODELLED);
    }

    /** Everything in {@link #REFUSED} that the case asks for. */
    private static Set<String> refusedFeatures(JsonNode oracle) {
        JsonNode peft = oracle.path("peft");
        Set<String> features = new TreeSet<>(oracle.propertyNames());
        features.add("optimizer " + oracle.path("optimizer").asString(""));
        features.add("peft " + peft.path("type").asString(""));
        if (peft.path("use_dora").asBoolean(false)) {
            features.add("DoRA");
        }
        features.retainAll(REFUSED);
        return features;
    }

    /**
     * Whether the oracle takes states for temporaries, so that only both together can be compared: scalars that Adafactor
     * keeps, and projections that GaLore has just renewed.
     */
    private static boolean takesStatesForTemporaries(JsonNode oracle) {
        String optimizer = oracle.path("optimizer").asString("");
        boolean renewing = oracle.path("optimizer_options").path("gap").asInt(0) == 1;
        return optimizer.equals("adafactor") || (optimizer.equals("galore") && renewing);
    }

    private static Comparison comparison(OracleRow row) {
        Outcome outcome = AccuracyCommand.outcome(row);
        assertThat(outcome).isInstanceOf(Outcome.Estimated.class);
        return ((Outcome.Estimated) outcome).comparison();
    }

    private static List<OracleRow> read(String name) {
        URL url = Objects.requireNonNull(TruthTest.class.getResource("/truth/" + name + ".jsonl.gz"));
        try {
            Path rows = Path.of(url.toURI());
            return OracleRow.read(rows, rows.resolveSibling("configs"));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
