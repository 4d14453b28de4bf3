package dev.llmmem.metrics.bleu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.metrics.text.SacreTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What sacreBLEU 2.6.0 gives under CPython 3.11. */
class SacreBleuGoldensTest {

    @Test
    void tokenizersGiveTheSameTokens() {
        for (Map<String, @Nullable Object> row : Goldens.rows("tokenize_sacre.jsonl")) {
            String text = dev.llmmem.metrics.text.PythonText.stripEnd(Goldens.text(row.get("text")));
            for (SacreTokenizer tokenizer : SacreTokenizer.values()) {
                assertThat(tokenizer.tokenize(text))
                        .as("%s of %s", tokenizer, text)
                        .isEqualTo(row.get(tokenizer.signature()));
            }
        }
    }

    @Test
    void scoresAreEqual() {
        int scores = 0;
        int exact = 0;
        for (Map<String, @Nullable Object> row : Goldens.rows("bleu_sacre.jsonl")) {
            for (Object each : Goldens.list(row.get("runs"))) {
                Map<String, @Nullable Object> run = Goldens.map(each);
                SacreBleu bleu = scorer(Goldens.map(run.get("opt")));
                SacreBleuCorpus corpus = corpus(bleu, row);
                BleuScore score = corpus.result();
                scores++;
                if (check(row, run, score)) {
                    exact++;
                }
                assertThat(corpus.signature()).isEqualTo(run.get("signature"));
                assertThat(corpus.shortSignature()).isEqualTo(run.get("short_signature"));
                assertThat(score.format()).isEqualTo(run.get("format"));
                assertThat(score).hasToString(score.format());
            }
        }
        assertThat(exact).as("equal to the bit, of %d", scores).isGreaterThan(scores - scores / 500 - 1);
    }

    private static boolean check(
            Map<String, @Nullable Object> row, Map<String, @Nullable Object> run, BleuScore score) {
        String id = row.get("id") + " " + run.get("opt");
        assertThat(score.counts()).as(id).isEqualTo(run.get("counts"));
        assertThat(score.totals()).as(id).isEqualTo(run.get("totals"));
        assertThat(score.precisions()).as(id).isEqualTo(run.get("precisions"));
        assertThat((double) score.hypothesisLength()).as(id).isEqualTo(run.get("sys_len"));
        assertThat((double) score.referenceLength()).as(id).isEqualTo(run.get("ref_len"));
        double bleu = Goldens.number(run.get("score"));
        double penalty = Goldens.number(run.get("bp"));
        assertThat(Math.abs(score.score() - bleu)).as(id).isLessThanOrEqualTo(2e-15 * bleu);
        assertThat(Math.abs(score.brevityPenalty() - penalty)).as(id).isLessThanOrEqualTo(2e-15 * penalty);
        return score.score() == bleu && score.brevityPenalty() == penalty;
    }

    private static SacreBleu scorer(Map<String, @Nullable Object> options) {
        SacreBleu bleu = SacreBleu.standard();
        for (Map.Entry<String, @Nullable Object> option : options.entrySet()) {
            Object value = Objects.requireNonNull(option.getValue());
            bleu = switch (option.getKey()) {
                case "tokenize" -> bleu.withTokenizer(SacreTokenizer.bySignature((String) value));
                case "lowercase" -> bleu.withLowercase((Boolean) value);
                case "effective_order" -> bleu.withEffectiveOrder((Boolean) value);
                case "max_ngram_order" -> bleu.withMaxOrder(((Double) value).intValue());
                case "smooth_method" -> {
                    BleuSmoothing smoothing = smoothing((String) value);
                    Object number = options.get("smooth_value");
                    yield number == null
                            ? bleu.withSmoothing(smoothing)
                            : bleu.withSmoothing(smoothing, (Double) number);
                }
                case "smooth_value" -> bleu;
                default -> throw new AssertionError(option);
            };
        }
        return bleu;
    }

    private static BleuSmoothing smoothing(String name) {
        for (BleuSmoothing smoothing : BleuSmoothing.values()) {
            if (smoothing.signature().equals(name)) {
                return smoothing;
            }
        }
        throw new AssertionError(name);
    }

    private static SacreBleuCorpus corpus(SacreBleu bleu, Map<String, @Nullable Object> row) {
        SacreBleuCorpus corpus = bleu.corpus();
        if (row.containsKey("hypothesis")) {
            corpus.add(Goldens.text(row.get("hypothesis")), Goldens.list(row.get("references")));
            return corpus;
        }
        List<String> hypotheses = Goldens.list(row.get("hypotheses"));
        List<List<@Nullable String>> streams = Goldens.list(row.get("references"));
        int size = streams.stream().mapToInt(List::size).min().orElse(0);
        for (int i = 0; i < Math.min(size, hypotheses.size()); i++) {
            List<String> references = new ArrayList<>();
            for (List<@Nullable String> stream : streams) {
                String reference = stream.get(i);
                if (reference != null) {
                    references.add(reference);
                }
            }
            corpus.add(hypotheses.get(i), references);
        }
        return corpus;
    }
}
