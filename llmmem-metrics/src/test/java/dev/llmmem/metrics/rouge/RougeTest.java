package dev.llmmem.metrics.rouge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Example;
import dev.llmmem.metrics.text.UnicodeTokenizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RougeTest {

    private static final Rouge ROUGE = Rouge.of(RougeType.ROUGE_1, RougeType.ROUGE_2, RougeType.ROUGE_L);

    @Test
    void scoresAnExample() {
        RougeScores scores = ROUGE.score("It is very cold outside.", "It is cold outside.");
        assertThat(scores.get(RougeType.ROUGE_1)).isEqualTo(new RougeScore(0.8, 1.0, 0.888888888888889));
        assertThat(scores.get(RougeType.ROUGE_2).precision()).isEqualTo(0.5);
        assertThat(scores.get(RougeType.ROUGE_2).recall()).isCloseTo(2.0 / 3, within(1e-16));
        assertThat(scores.value()).isEqualTo(0.888888888888889);
        assertThat(scores.figures()).containsOnlyKeys("rouge1", "rouge2", "rougeL");
        assertThat(Rouge.of(RougeType.ROUGE_1).score("a", "a"))
                .hasToString("rouge1: precision 1.0, recall 1.0, f1 1.0");
    }

    @Test
    void isZeroWithoutTokens() {
        for (String empty : List.of("", " \n.", "\u4E2D\u6587", "\uD800")) {
            assertThat(ROUGE.score(empty, empty).figures().values()).containsOnly(0.0);
            assertThat(ROUGE.score(empty, "a b").figures().values()).containsOnly(0.0);
            assertThat(ROUGE.score("a b", empty).figures().values()).containsOnly(0.0);
        }
    }

    @Test
    void cutsLinesAtLineFeedsOnly() {
        Rouge sum = Rouge.of(RougeType.ROUGE_LSUM);
        assertThat(sum.score("b\na", "a\nb").value()).isEqualTo(1.0);
        assertThat(sum.score("b\ra", "a\u2028b").value()).isEqualTo(0.5);
    }

    @Test
    void takesTheBestReferenceOfEachType() {
        RougeScores scores = ROUGE.score("a b c d", "d c b a", "a b x y");
        assertThat(scores.get(RougeType.ROUGE_1).f1()).isEqualTo(1.0);
        assertThat(scores.get(RougeType.ROUGE_L).f1()).isEqualTo(0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROUGE.score("a"))
                .withMessage("references are 0, but must be at least 1");
    }

    @Test
    void scoresOtherScriptsWithAnotherTokenizer() {
        Rouge unicode = ROUGE.withTokenizer(UnicodeTokenizer.standard());
        assertThat(ROUGE.score("Привет, мир", "привет мир").value()).isZero();
        assertThat(unicode.score("Привет, мир", "привет мир").value()).isEqualTo(1.0);
        assertThat(unicode).isNotEqualTo(ROUGE).hasToString("ROUGE (rouge1, rouge2, rougeL; words of any script)");
        assertThat(unicode.withStemmer(false)).isEqualTo(ROUGE).hasSameHashCodeAs(ROUGE);
    }

    @Test
    void knowsTypesByName() {
        for (RougeType type : RougeType.values()) {
            assertThat(RougeType.fromName(type.referenceName())).isEqualTo(type);
        }
        assertThat(RougeType.find("rouge0")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RougeType.fromName("rouge10"))
                .withMessageStartingWith("name is rouge10, but must be one of rouge1, ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROUGE.score("a", "a").get(RougeType.ROUGE_9));
        assertThatIllegalArgumentException().isThrownBy(Rouge::of);
        assertThatIllegalArgumentException().isThrownBy(() -> Rouge.of(RougeType.ROUGE_L, RougeType.ROUGE_L));
    }

    @Test
    void corpusIsTheMean() {
        Accumulator<RougeScores> corpus = ROUGE.corpus();
        assertThatIllegalStateException().isThrownBy(corpus::result);
        corpus.add("a", List.of("a"));
        corpus.add("a", List.of("b"));
        assertThat(corpus.result().get(RougeType.ROUGE_1)).isEqualTo(new RougeScore(0.5, 0.5, 0.5));
        assertThat(corpus).hasToString("ROUGE (rouge1, rouge2, rougeL; runs of a-z0-9) of 2 examples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> corpus.merge(ROUGE.withStemmer(true).corpus()));
        assertThatIllegalArgumentException().isThrownBy(() -> corpus.add("a", List.of()));
        assertThat(corpus.size()).isEqualTo(2);
        corpus.merge(corpus);
        assertThat(corpus.size()).isEqualTo(4);
        assertThat(corpus.result().value()).isEqualTo(0.5);
    }

    @Test
    void collectsInParallel() {
        List<Example> examples = IntStream.range(0, 2000)
                .mapToObj(i -> Example.of("word" + i % 7 + " of word" + i % 11, "a word" + i % 5 + " of words" + i))
                .toList();
        Rouge rouge = Rouge.standard().withStemmer(true);
        assertThat(examples.parallelStream().collect(rouge.collector()))
                .isEqualTo(examples.stream().collect(rouge.collector()));
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        Rouge rouge = Rouge.standard().withStemmer(true);
        assertThat(copy(rouge)).isEqualTo(rouge).hasToString(rouge.toString());
        Accumulator<RougeScores> corpus = rouge.corpus();
        corpus.add("running", List.of("runs"));
        Accumulator<RougeScores> copied = copy(corpus);
        copied.merge(corpus);
        assertThat(copied.result()).isEqualTo(corpus.result());
        assertThat(copied.size()).isEqualTo(2);
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(object);
        return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }

    @Test
    void bootstrapRefusesWhatItCannotDo() {
        RougeBootstrap bootstrap = RougeBootstrap.seeded(1).withSamples(10);
        assertThatIllegalArgumentException().isThrownBy(() -> RougeBootstrap.seeded(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.withSamples(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.withConfidence(Double.NaN))
                .withMessage("confidence is NaN, but must be 0 to 1");
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.aggregate(List.of()));
        RougeScores one = Rouge.of(RougeType.ROUGE_1).score("a", "a");
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.aggregate(List.of(one, ROUGE.score("a", "a"))));
        assertThat(bootstrap.aggregate(List.of(one)))
                .hasToString("rouge1: f1 1.0 (1.0 to 1.0)")
                .extracting(RougeIntervals::figures)
                .hasToString("{rouge1=1.0, rouge1 low=1.0, rouge1 high=1.0}");
        assertThat(bootstrap).hasToString("bootstrap (seed 1, 10 samples, confidence 0.95)");
    }
}
