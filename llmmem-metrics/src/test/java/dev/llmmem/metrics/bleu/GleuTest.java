package dev.llmmem.metrics.bleu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.metrics.text.SacreTokenizer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GleuTest {

    @Test
    void scoresAsNltk() {
        for (Map<String, @Nullable Object> row : Goldens.rows("gleu.jsonl")) {
            int min = (int) Goldens.number(row.get("min"));
            int max = (int) Goldens.number(row.get("max"));
            assertThat(corpus(Gleu.standard(), row).score()).isEqualTo(Goldens.number(row.get("score")));
            assertThat(corpus(Gleu.standard().withOrders(min, max), row).score())
                    .isEqualTo(Goldens.number(row.get("other")));
        }
    }

    private static GleuScore corpus(Gleu gleu, Map<String, @Nullable Object> row) {
        GleuCorpus corpus = gleu.corpus();
        List<String> hypotheses = Goldens.list(row.get("hypotheses"));
        List<List<String>> references = Goldens.list(row.get("references"));
        for (int i = 0; i < hypotheses.size(); i++) {
            corpus.add(hypotheses.get(i), references.get(i));
        }
        return corpus.result();
    }

    @Test
    void takesTheBestReference() {
        Gleu gleu = Gleu.standard();
        GleuScore score = gleu.score("a cup of tea", "coffee", "a warm cup of tea");
        assertThat(score).hasToString("GLEU 0.5 (7 of 14)");
        assertThat(score.figures()).containsEntry("gleu", 0.5).containsEntry("ngrams", 14.0);
        assertThat(gleu.score("", "").score()).isZero();
        assertThat(gleu.score("a", List.of()).score()).isZero();
        assertThat(gleu.corpus().result().value()).isZero();
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gleu.standard().withOrders(0, 4))
                .withMessageContaining("0 to 4");
        assertThatIllegalArgumentException().isThrownBy(() -> Gleu.standard().withOrders(3, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new GleuScore(2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gleu.standard()
                        .corpus()
                        .merge(Gleu.standard()
                                .withTokenizer(SacreTokenizer.CHAR)
                                .corpus()));
    }
}
