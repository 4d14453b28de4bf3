package dev.llmmem.metrics.chrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Example;
import dev.llmmem.metrics.GoldenRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChrFTest {

    private static final ChrF CHRF = ChrF.withDefaults();

    /** Rows of the reference's outputs; every figure, count, name, signature and text is the same. */
    @Test
    void givesTheReferencesNumbers() throws IOException {
        int runs = 0;
        for (Map<String, Object> row : GoldenRows.of(ChrFTest.class, "chrf.jsonl.gz")) {
            for (Map<String, Object> run : GoldenRows.maps(row, "runs")) {
                ChrFScore score = score(metric(GoldenRows.map(run, "opt")), row);
                assertThat(score.score()).as("%s", row).isEqualTo(GoldenRows.number(run, "score"));
                assertThat(score.name()).isEqualTo(run.get("name"));
                List<Long> counts = new ArrayList<>();
                score.counts().forEach(of -> counts.addAll(List.of(of.hypothesis(), of.reference(), of.matches())));
                assertThat((Object) counts).isEqualTo(run.get("stats"));
                assertThat(score.signature()).isEqualTo(run.get("signature"));
                assertThat(score).hasToString((String) run.get("format"));
                runs++;
            }
        }
        assertThat(runs).isGreaterThan(600);
    }

    private static ChrFScore score(ChrF metric, Map<String, Object> row) {
        List<Example> examples = GoldenRows.examples(row);
        if (row.containsKey("hypothesis")) {
            return metric.score(examples.get(0).prediction(), examples.get(0).references());
        }
        return examples.stream().collect(metric.collector());
    }

    private static ChrF metric(Map<String, Object> options) {
        return CHRF.withCharacterOrder(number(options, "char_order", 6))
                .withWordOrder(number(options, "word_order", 0))
                .withBeta(number(options, "beta", 2))
                .withLowercase(options.get("lowercase") == Boolean.TRUE)
                .withWhitespace(options.get("whitespace") == Boolean.TRUE)
                .withEpsilonSmoothing(options.get("eps_smoothing") == Boolean.TRUE);
    }

    private static int number(Map<String, Object> options, String name, int value) {
        return options.containsKey(name) ? (int) GoldenRows.number(options, name) : value;
    }

    @Test
    void scoresTexts() {
        String happy = "I am very happy to say that I am drinking a warm cup of tea.";
        ChrFScore score = CHRF.score(happy, "I am very happy that I am drinking a cup of tea.");
        assertThat(score.value()).isEqualTo(85.00464381058447);
        assertThat(score).hasToString("chrF2 = 85.00");
        assertThat(score.figures()).containsExactly(Map.entry("chrF2", 85.00464381058447));
        assertThat(score.counts()).hasSize(6).startsWith(new NGramCounts(46, 37, 37));
        assertThat(ChrF.plusPlus().score(happy, "I am very happy that I am drinking a cup of tea."))
                .hasToString("chrF2++ = 85.62");
    }

    @Test
    void countsCodePoints() {
        ChrFScore score = CHRF.score("\uD83D\uDE00\uD800", "\uD83D\uDE00 \uD83D");
        assertThat(score.counts().get(0)).isEqualTo(new NGramCounts(2, 2, 1));
        assertThat(score.counts().get(2)).isEqualTo(new NGramCounts(0, 0, 0));
    }

    @Test
    void smoothsAsTheReference() {
        ChrF smoothed = CHRF.withEpsilonSmoothing(true);
        assertThat(smoothed.score("", "").score()).isEqualTo(1.0000000000000002e-14);
        assertThat(smoothed.score("a", "a")).hasToString("chrF2 = 16.67");
        assertThat(CHRF.score("", "").score()).isZero();
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHRF.withCharacterOrder(65))
                .withMessage("characterOrder is 65, but must be 0 to 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHRF.withBeta(-1))
                .withMessage("beta is -1, but must be 0 to 1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHRF.withCharacterOrder(0))
                .withMessage("characterOrder and wordOrder are 0, but one must be 1 to 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHRF.score("a", List.of()))
                .withMessage("references are 0, but must be 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHRF.score(new double[3]))
                .withMessage("sums are 3, but must be 18");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CHRF.corpus().merge(ChrF.plusPlus().corpus()))
                .withMessageStartingWith("other is chrF2++ (nc 6, nw 2, case mixed, space no, eff yes) of 0 examples");
        assertThatIllegalStateException()
                .isThrownBy(() -> CHRF.corpus().result())
                .withMessage("there are no examples, but chrF2 needs 1");
    }

    @Test
    void saysWhenReferencesVary() {
        ChrFScore score =
                Stream.of(Example.of("a", "a"), Example.of("b", "a", "b")).collect(CHRF.collector());
        assertThat(score.signature()).startsWith("nrefs:var|");
        assertThat(CHRF.statistics("ab", List.of("a", "ab"))).startsWith(2, 2, 2, 1, 1, 1, 0);
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        Accumulator<ChrFScore> corpus = CHRF.corpus();
        corpus.add(Example.of("a b c", "a c"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(corpus);
            out.writeObject(CHRF);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Accumulator<?> copy = (Accumulator<?>) in.readObject();
            assertThat(copy.result()).isEqualTo(corpus.result());
            assertThat(in.readObject()).isEqualTo(CHRF).hasSameHashCodeAs(CHRF).hasToString(CHRF.toString());
        }
    }

    @Test
    @Timeout(120)
    void endsOnLongTexts() {
        String same = "a".repeat(2_000_000);
        assertThat(ChrF.plusPlus().score(same, same + "b").score()).isBetween(85.71, 85.72);
        StringBuilder all = new StringBuilder("\uDC00\uD800 ");
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += 3) {
            all.appendCodePoint(point);
        }
        assertThat(ChrF.plusPlus()
                        .withLowercase(true)
                        .score(all.toString(), all.toString())
                        .score())
                .isEqualTo(100.0);
    }
}
