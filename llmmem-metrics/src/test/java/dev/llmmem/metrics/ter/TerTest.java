package dev.llmmem.metrics.ter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Example;
import dev.llmmem.metrics.GoldenRows;
import dev.llmmem.metrics.text.TercomTokenizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TerTest {

    private static final Ter TER = Ter.withDefaults();

    /** Rows of the reference's outputs; every figure, signature and text is the same. */
    @Test
    void givesTheReferencesNumbers() throws IOException {
        int runs = 0;
        for (Map<String, Object> row : GoldenRows.of(TerTest.class, "ter.jsonl.gz")) {
            for (Map<String, Object> run : GoldenRows.maps(row, "runs")) {
                Ter ter = TER.withTokenizer(tokenizer(GoldenRows.map(run, "opt")));
                TerScore score = score(ter, row);
                assertThat(score.score()).as("%s", row).isEqualTo(GoldenRows.number(run, "score"));
                assertThat(score.edits()).isEqualTo(run.get("num_edits"));
                assertThat(score.referenceLength()).isEqualTo(GoldenRows.number(run, "ref_length"));
                assertThat(score.signature()).isEqualTo(run.get("signature"));
                assertThat(score).hasToString((String) run.get("format"));
                runs++;
            }
        }
        assertThat(runs).isGreaterThan(500);
    }

    private static TerScore score(Ter ter, Map<String, Object> row) {
        List<Example> examples = GoldenRows.examples(row);
        if (row.containsKey("hypothesis")) {
            return ter.score(examples.get(0).prediction(), examples.get(0).references());
        }
        return examples.stream().collect(ter.collector());
    }

    private static TercomTokenizer tokenizer(Map<String, Object> options) {
        return TercomTokenizer.withDefaults()
                .withNormalization(options.get("normalized") == Boolean.TRUE)
                .withPunctuation(options.get("no_punct") != Boolean.TRUE)
                .withAsianSupport(options.get("asian_support") == Boolean.TRUE)
                .withCaseSensitivity(options.get("case_sensitive") == Boolean.TRUE);
    }

    @Test
    void countsShiftsAsOneEdit() {
        TerScore score = TER.score("on the mat sat the cat", "the cat sat on the mat");
        assertThat(score.edits()).isEqualTo(2);
        assertThat(score.figures())
                .containsExactlyEntriesOf(
                        new java.util.TreeMap<>(Map.of("TER", 100 * (2 / 6.0), "edits", 2.0, "referenceLength", 6.0)));
        assertThat(score.value()).isEqualTo(100 * (2 / 6.0));
        assertThat(score).hasToString("TER = 33.33");
    }

    @Test
    void dividesByTheMeanLength() {
        assertThat(TER.score("", "", "a"))
                .isEqualTo(
                        new TerScore(0, 0, 0.5, "nrefs:2|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0"));
        assertThat(TER.score("a", "").score()).isEqualTo(100);
        assertThat(TER.score("", "").score()).isZero();
        assertThat(TER.score(new double[] {3, 12})).isEqualTo(25);
        assertThat(TER.statistics("x a", List.of("a", "a b c"))).containsExactly(1, 2);
    }

    @Test
    void refusesWhatItCannotScore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TER.score("a", List.of()))
                .withMessage("references are 0, but must be 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TER.score(new double[3]))
                .withMessage("sums are 3, but must be 2");
        assertThatIllegalStateException()
                .isThrownBy(() -> TER.corpus().result())
                .withMessage("there are no examples, but TER needs 1");
        Accumulator<TerScore> other = TER.withTokenizer(
                        TercomTokenizer.withDefaults().withCaseSensitivity(true))
                .corpus();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TER.corpus().merge(other))
                .withMessage(
                        "other is TER (tercom, case mixed, norm no, punct yes, asian no) of 0 examples, but must be of"
                                + " TER (tercom, case lc, norm no, punct yes, asian no)");
    }

    @Test
    void saysWhenReferencesVary() {
        TerScore score =
                Stream.of(Example.of("a", "a"), Example.of("b", "a", "c")).collect(TER.collector());
        assertThat(score.signature()).startsWith("nrefs:var|");
        assertThat(score.edits()).isEqualTo(1);
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        Accumulator<TerScore> corpus = TER.corpus();
        corpus.add(Example.of("a b c", "a c"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(corpus);
            out.writeObject(TER);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Accumulator<?> copy = (Accumulator<?>) in.readObject();
            assertThat(copy.result()).isEqualTo(corpus.result());
            assertThat(copy.size()).isEqualTo(1);
            assertThat(in.readObject()).isEqualTo(TER).hasSameHashCodeAs(TER).hasToString(TER.toString());
        }
    }

    @Test
    @Timeout(120)
    void endsOnLongTexts() {
        String same = "a ".repeat(100_000);
        assertThat(TER.score(same, same + "b").edits()).isEqualTo(1);
        assertThat(TER.score("x".repeat(10_000_000), "y").edits()).isEqualTo(1);
        assertThat(TER.score("a b", "b ".repeat(100_000)).edits()).isEqualTo(99_999);
        assertThat(TER.score("b ".repeat(100_000), "a").edits()).isEqualTo(100_000);
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            numbers.append(i).append(' ');
        }
        assertThat(TER.score(numbers.toString(), "99999 " + numbers.substring(0, numbers.length() - 6))
                        .edits())
                .isEqualTo(2);
        assertThat(TER.score(numbers.toString(), numbers.toString().replace("50000 50001", "50001 50000"))
                        .edits())
                .isEqualTo(1);
    }

    @Test
    void takesAnyCharacter() {
        StringBuilder all = new StringBuilder("\uDC00\uD800 ");
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += 7) {
            all.appendCodePoint(point);
        }
        Ter everything = TER.withTokenizer(TercomTokenizer.withDefaults()
                .withNormalization(true)
                .withPunctuation(false)
                .withAsianSupport(true));
        assertThatNoException().isThrownBy(() -> everything.score(all.toString(), all + "\uD800"));
        assertThat(everything.tokenizer().asianSupport()).isTrue();
    }
}
