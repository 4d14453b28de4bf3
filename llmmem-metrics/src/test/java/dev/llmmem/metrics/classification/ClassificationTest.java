package dev.llmmem.metrics.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Goldens;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClassificationTest {

    @Test
    void equalsScikitLearn() {
        for (Goldens.Row row : Goldens.rows(ClassificationTest.class, "classification.jsonl.gz")) {
            ClassificationScore score = Classification.INSTANCE.corpus(
                    Goldens.list(row.get("predictions")), Goldens.list(row.get("truths")));
            assertThat(score.accuracy()).isEqualTo(row.get("accuracy"));
            assertThat(score.matthews()).isEqualTo(Goldens.number(row.get("matthews")), within(2e-16));
            double[] micro = {score.accuracy(), score.accuracy(), score.accuracy()};
            assertThat(micro).containsExactly(Goldens.doubles(row.get("micro")), within(2e-16));
            double[] macro = {
                score.macro(LabelScore::precision), score.macro(LabelScore::recall), score.macro(LabelScore::f1)
            };
            assertThat(macro).containsExactly(Goldens.doubles(row.get("macro")), within(4e-16));
            double[] weighted = {
                score.weighted(LabelScore::precision),
                score.weighted(LabelScore::recall),
                score.weighted(LabelScore::f1)
            };
            assertThat(weighted).containsExactly(Goldens.doubles(row.get("weighted")), within(4e-16));
            LabelScore one = score.of("1");
            assertThat(new double[] {one.precision(), one.recall(), one.f1()})
                    .containsExactly(Goldens.doubles(row.get("one")));
        }
    }

    @Test
    void equalsScipy() {
        for (Goldens.Row row : Goldens.rows(ClassificationTest.class, "correlation.jsonl.gz")) {
            double[] x = Goldens.doubles(row.get("x"));
            double[] y = Goldens.doubles(row.get("y"));
            if (row.get("pearson").equals("null")) {
                assertThat(Correlation.pearson(x, y)).isNaN();
                assertThat(Correlation.spearman(x, y)).isNaN();
            } else {
                assertThat(Correlation.pearson(x, y)).isEqualTo(Goldens.number(row.get("pearson")), within(5e-15));
                assertThat(Correlation.spearman(x, y)).isEqualTo(Goldens.number(row.get("spearman")), within(2e-15));
            }
        }
    }

    @Test
    void hasFiguresByName() {
        ClassificationScore score =
                Classification.INSTANCE.corpus(List.of("a", "b", "b", "a"), List.of("a", "b", "a", "a"));
        assertThat(score.figures()).containsEntry("accuracy", 0.75).containsKeys("macroF1", "weightedF1", "matthews");
        assertThat(score.value()).isEqualTo(0.75);
        assertThat(score.toString()).startsWith("accuracy 0.75, macro F1 0.73");
        assertThat(score.of("c")).isEqualTo(new LabelScore(0, 0, 0));
        assertThat(score.of("c").f1()).isZero();
        CorrelationScore correlation = Correlation.INSTANCE.corpus(List.of("1", "2.5", "3"), List.of("2", "4", "1e1"));
        assertThat(correlation.spearman()).isEqualTo(1);
        assertThat(correlation.figures()).containsOnlyKeys("pearson", "spearman");
    }

    @Property(tries = 200)
    void labelsMergeInAnyGrouping(
            @ForAll @NotEmpty @Size(max = 40) List<@IntRange(max = 15) Integer> pairs,
            @ForAll @IntRange(max = 39) int cut) {
        Accumulator<ClassificationScore> whole = Classification.INSTANCE.corpus();
        Accumulator<ClassificationScore> first = Classification.INSTANCE.corpus();
        Accumulator<ClassificationScore> second = Classification.INSTANCE.corpus();
        for (int i = 0; i < pairs.size(); i++) {
            String prediction = "" + pairs.get(i) % 4;
            List<String> truth = List.of("" + pairs.get(i) / 4);
            whole.add(prediction, truth);
            (i < cut ? first : second).add(prediction, truth);
        }
        second.merge(first);
        assertThat(second.result()).isEqualTo(whole.result());
        assertThat(second.size()).isEqualTo(pairs.size());
        assertThat(whole.result().matthews()).isBetween(-1.0, 1.0);
        whole.merge(whole);
        assertThat(whole.result().accuracy()).isEqualTo(second.result().accuracy());
    }

    @Property(tries = 200)
    void correlationsAreSymmetricAndOrderFree(
            @ForAll @Size(min = 2, max = 30) List<@DoubleRange(min = -1e300, max = 1e300) Double> values,
            @ForAll int seed) {
        double[] x = values.stream().mapToDouble(v -> v).toArray();
        List<Double> other = new java.util.ArrayList<>(values);
        Collections.shuffle(other, new java.util.Random(seed));
        double[] y = other.stream().mapToDouble(v -> v).toArray();
        double pearson = Correlation.pearson(x, y);
        assertThat(Correlation.pearson(y, x)).isEqualTo(pearson);
        assertThat(Correlation.spearman(y, x)).isEqualTo(Correlation.spearman(x, y));
        assertThat(Double.isNaN(pearson) || Math.abs(pearson) <= 1).isTrue();
        double self = Correlation.pearson(x, x);
        assertThat(Double.isNaN(self) || Math.abs(self - 1) < 1e-15).isTrue();
        Accumulator<CorrelationScore> forward = Correlation.INSTANCE.corpus();
        Accumulator<CorrelationScore> last = Correlation.INSTANCE.corpus();
        for (int i = 0; i < x.length; i++) {
            (i < 2 ? last : forward).add("" + x[i], List.of("" + y[i]));
        }
        forward.merge(last);
        assertThat(forward.result()).isEqualTo(new CorrelationScore(pearson, Correlation.spearman(x, y)));
    }

    @Test
    void refusesWhatHasNoScore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classification.INSTANCE.score("a", "b", "c"))
                .withMessage("references are 2, but must be 1");
        assertThatIllegalStateException()
                .isThrownBy(() -> Classification.INSTANCE.corpus().result())
                .withMessage("there is no score of no examples");
        assertThatIllegalStateException()
                .isThrownBy(() -> Correlation.INSTANCE.score("1", "2"))
                .withMessage("there is no correlation of 1 pairs, but of at least 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.INSTANCE.score("one", "2"))
                .withMessage("prediction is one, but must be a finite number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.pearson(new double[] {1, Double.NaN}, new double[2]))
                .withMessage("x is NaN, but must be finite");
        assertThat(Correlation.pearson(new double[] {1, 1}, new double[] {1, 2}))
                .isNaN();
        assertThat(Arrays.asList(Classification.INSTANCE, Correlation.INSTANCE))
                .hasToString("[classification, correlation]");
    }
}
