package dev.llmmem.metrics.bleu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What NLTK of 2024 gives under CPython 3.11. */
class NltkBleuGoldensTest {

    @Test
    void scoresAreEqual() {
        int scores = 0;
        int exact = 0;
        for (Map<String, @Nullable Object> row : Goldens.rows("bleu_nltk.jsonl")) {
            for (Object each : Goldens.list(row.get("results"))) {
                Map<String, @Nullable Object> result = Goldens.map(each);
                NltkBleuCorpus corpus = corpus(scorer(result), row);
                if (result.containsKey("error")) {
                    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(corpus::result);
                    continue;
                }
                List<Double> expected = result.containsKey("weights_list")
                        ? Goldens.list(result.get("score"))
                        : List.of(Goldens.number(result.get("score")));
                NltkBleuScore score = corpus.result();
                assertThat(score.scores()).hasSameSizeAs(expected);
                for (int i = 0; i < expected.size(); i++) {
                    scores++;
                    exact += check(row.get("id") + " " + result, score.scores().get(i), expected.get(i)) ? 1 : 0;
                }
                if (result.containsKey("warnings")) {
                    assertThat((double) score.unmatchedOrders()).isEqualTo(result.get("warnings"));
                }
            }
        }
        assertThat(exact).as("equal to the bit, of %d", scores).isGreaterThan(scores - scores / 100);
    }

    private static boolean check(String id, double score, double expected) {
        // scores that ought to be 0 have the exponent of a sum near -700, of which one unit in the last place is 1e-13
        double tolerance = expected < 1e-70 ? 2e-13 : 2e-15;
        assertThat(Math.abs(score - expected)).as(id).isLessThanOrEqualTo(tolerance * expected);
        return score == expected;
    }

    private static NltkBleu scorer(Map<String, @Nullable Object> result) {
        String method = Goldens.text(result.get("smoothing"));
        NltkSmoothing smoothing =
                method.equals("none") ? NltkSmoothing.NONE : NltkSmoothing.of(Integer.parseInt(method.substring(6)));
        if (result.get("epsilon") != null) {
            smoothing = smoothing
                    .withEpsilon(Goldens.number(result.get("epsilon")))
                    .withAlpha(Goldens.number(result.get("alpha")))
                    .withK(Goldens.number(result.get("k")));
        }
        List<List<Double>> weights = result.containsKey("weights_list")
                ? Goldens.list(result.get("weights_list"))
                : List.of(Goldens.list(result.get("weights")));
        return NltkBleu.standard()
                .withWeightVectors(weights)
                .withSmoothing(smoothing)
                .withAutoReweigh(Boolean.TRUE.equals(result.get("auto_reweigh")));
    }

    private static NltkBleuCorpus corpus(NltkBleu bleu, Map<String, @Nullable Object> row) {
        NltkBleuCorpus corpus = bleu.corpus();
        if (row.containsKey("hypothesis")) {
            corpus.addTokens(Goldens.list(row.get("hypothesis")), Goldens.list(row.get("references")));
            return corpus;
        }
        List<List<String>> hypotheses = Goldens.list(row.get("hypotheses"));
        List<List<List<String>>> references = Goldens.list(row.get("list_of_references"));
        for (int i = 0; i < hypotheses.size(); i++) {
            corpus.addTokens(hypotheses.get(i), references.get(i));
        }
        return corpus;
    }
}
