package dev.llmmem.metrics.bleu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Example;
import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.Score;
import dev.llmmem.metrics.statistics.ExactSum;
import dev.llmmem.metrics.text.Tokens;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BleuProperties {

    private static final List<Metric<? extends Score>> METRICS = List.of(
            SacreBleu.standard(),
            SacreBleu.ofSentences().withSmoothing(BleuSmoothing.ADD_K, 0.5).withLowercase(true),
            NltkBleu.standard(),
            NltkBleu.standard().withSmoothing(NltkSmoothing.of(5)),
            NltkBleu.standard().withSmoothing(NltkSmoothing.of(7)).withWeights(0.5, 0.5),
            Gleu.standard());

    /** Few different tokens, some of them alike in their last or first units, some long. */
    @Provide
    Arbitrary<List<String>> sentences() {
        return Arbitraries.of(
                        "a", "b", "`\u0100", "a\u0100", "\u0100", "\u0001\u0001", "longer than 7", "longer than 8")
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Example>> corpora() {
        Arbitrary<String> text = Arbitraries.of("a", "b", "c", "the", "cat.", "1,5")
                .list()
                .ofMinSize(1)
                .ofMaxSize(9)
                .map(words -> String.join(" ", words));
        return Combinators.combine(text, text.list().ofMinSize(1).ofMaxSize(3))
                .as(Example::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    private static Map<List<String>, Integer> grams(List<String> tokens, int order) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + order <= tokens.size(); i++) {
            counts.merge(tokens.subList(i, i + order), 1, Integer::sum);
        }
        return counts;
    }

    @Property
    void countsAsATextbookDoes(
            @ForAll("sentences") List<String> hypothesis,
            @ForAll("sentences") List<String> first,
            @ForAll("sentences") List<String> second) {
        for (List<List<String>> references : List.of(List.of(first), List.of(first, second))) {
            long[] fast = new long[6];
            NgramOverlap.add(
                    Tokens.of(hypothesis), references.stream().map(Tokens::of).toList(), fast, 0, 6);
            for (int n = 1; n <= 6; n++) {
                long matches = 0;
                for (Map.Entry<List<String>, Integer> gram :
                        grams(hypothesis, n).entrySet()) {
                    int most = 0;
                    for (List<String> reference : references) {
                        most = Math.max(most, grams(reference, n).getOrDefault(gram.getKey(), 0));
                    }
                    matches += Math.min(gram.getValue(), most);
                }
                assertThat(fast[n - 1]).isEqualTo(matches);
            }
        }
    }

    @Property
    void partsMergeIntoTheWhole(@ForAll("corpora") List<Example> examples, @ForAll byte cut) throws Exception {
        int middle = Math.floorMod(cut, examples.size() + 1);
        for (Metric<? extends Score> metric : METRICS) {
            mergesInto(metric, examples, middle);
        }
    }

    private static <S extends Score> void mergesInto(Metric<S> metric, List<Example> examples, int middle)
            throws IOException, ClassNotFoundException {
        Accumulator<S> whole = metric.corpus();
        examples.forEach(whole::add);
        Accumulator<S> first = metric.corpus();
        examples.subList(0, middle).forEach(first::add);
        Accumulator<S> second = metric.corpus();
        examples.subList(middle, examples.size()).forEach(second::add);
        first = copy(first);
        first.merge(second);
        assertThat(first.result()).isEqualTo(whole.result());
        assertThat(first.size()).isEqualTo(examples.size());
        assertThat(examples.stream().parallel().collect(metric.collector())).isEqualTo(whole.result());
    }

    @SuppressWarnings({"unchecked", "BanSerializableRead"})
    private static <T> T copy(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }

    @Property
    void orderDoesNotMatter(@ForAll("corpora") List<Example> examples, @ForAll int seed) {
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(seed));
        for (Metric<? extends Score> metric : List.of(SacreBleu.standard(), NltkBleu.standard(), Gleu.standard())) {
            Accumulator<? extends Score> one = metric.corpus();
            examples.forEach(one::add);
            Accumulator<? extends Score> other = metric.corpus();
            shuffled.forEach(other::add);
            assertThat((Object) one.result()).isEqualTo(other.result());
        }
    }

    @Property
    void scoresAreBoundedAndOneselfIsBest(@ForAll("corpora") List<Example> examples) {
        for (Example example : examples) {
            String text = example.prediction();
            BleuScore sacre = SacreBleu.ofSentences().score(example.prediction(), example.references());
            assertThat(sacre.score()).isBetween(0.0, 100.00000000000004);
            assertThat(SacreBleu.ofSentences().score(text, text).score()).isCloseTo(100, within(1e-12));
            assertThat(NltkBleu.standard().score(text, example.references()).score())
                    .isBetween(0.0, 1.0);
            assertThat(Gleu.standard().score(text, text).score()).isEqualTo(1);
            String reference = example.references().get(0);
            assertThat(Gleu.standard().score(text, reference))
                    .isEqualTo(Gleu.standard().score(reference, text));
        }
    }

    @Property
    void logarithmsAndPowersAreNear(@ForAll int seed) {
        Random random = new Random(seed);
        double x = Math.scalb(1 + random.nextDouble(), random.nextInt(2000) - 1000);
        isNear(Elementary.log(x), Math.log(x));
        double near = 1 + Math.scalb(random.nextDouble() - 0.5, -random.nextInt(50));
        isNear(Elementary.log(near), Math.log(near));
        double y = (random.nextDouble() - 0.5) * 1380;
        isNear(Elementary.exp(y), Math.exp(y));
    }

    private static void isNear(double actual, double near) {
        assertThat(Math.abs(actual - near)).as("%s and %s", actual, near).isLessThanOrEqualTo(Math.ulp(near));
    }

    @Property
    void fewTermsSumExactly(@ForAll int seed) {
        Random random = new Random(seed);
        double[] terms = new double[random.nextInt(12)];
        ExactSum exact = new ExactSum();
        for (int i = 0; i < terms.length; i++) {
            // few bits and close exponents now and then, for sums halfway between two doubles
            double fraction = random.nextBoolean() ? random.nextDouble() - 0.5 : random.nextInt(5) - 2;
            terms[i] = Math.scalb(fraction, random.nextInt(120) - 60);
            exact.add(terms[i]);
        }
        assertThat(FewTerms.sum(terms)).isEqualTo(exact.value() + 0.0);
    }

    /** The values of the DeepLearning.AI lecture, and sacreBLEU's of a two-word sentence. */
    @Test
    void lectureValues() {
        String reference = "I am very happy to say that I am drinking a warm cup of tea.";
        NltkBleu bleu = NltkBleu.standard();
        assertThat(bleu.score("I am very happy that I am drinking a cup of tea.", reference)
                        .score())
                .isEqualTo(0.4953319416460018);
        assertThat(bleu.score("I am very happy that I am drinking a warm cup of tea.", reference)
                        .score())
                .isEqualTo(0.729836014355472);
        assertThat(bleu.score("I am very happy to say that I am drinking a warm tea.", reference)
                        .score())
                .isEqualTo(0.7979042533838905);
        assertThat(SacreBleu.standard().score("a b", "a b").score()).isZero();
        assertThat(SacreBleu.ofSentences().score("a b", "a b").score()).isEqualTo(100.00000000000004);
    }

    @Test
    void refusesWhatItCannotScore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SacreBleu.standard().score("a", List.of()));
        assertThat(SacreBleu.standard().score("", List.of()).referenceLength()).isEqualTo(-1);
        assertThatIllegalStateException().isThrownBy(SacreBleu.standard().corpus()::result);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NltkBleu.standard().score("a", List.of()));
        assertThatIllegalStateException().isThrownBy(NltkBleu.standard().corpus()::result);
        NltkBleu six = NltkBleu.standard().withSmoothing(NltkSmoothing.of(6));
        assertThatIllegalArgumentException().isThrownBy(() -> six.score("a b", "a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> six.withWeights(1).score("a b c", "a b c"));
        assertThatIllegalArgumentException().isThrownBy(() -> NltkSmoothing.of(8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NltkSmoothing.of(6).withAlpha(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SacreBleu.standard().withMaxOrder(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SacreBleu.standard().withSmoothing(BleuSmoothing.EXP, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SacreBleu.standard().withSmoothing(BleuSmoothing.FLOOR, Double.NaN))
                .withMessage("value is NaN, but must be finite and at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SacreBleu.standard().signature(-2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SacreBleu.standard()
                        .corpus()
                        .merge(SacreBleu.ofSentences().corpus()));
    }

    @Test
    void longTextsTakeLinearTime() {
        String equal = "a ".repeat(100_000);
        assertThat(SacreBleu.standard().score(equal, equal).score()).isCloseTo(100, within(1e-12));
        String solid = "ab".repeat(5_000_000);
        assertThat(SacreBleu.ofSentences().score(solid, solid).hypothesisLength())
                .isEqualTo(1);
        StringBuilder hub = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            hub.append("x ").append(i).append(' ');
        }
        assertThat(NltkBleu.standard().score(hub.toString(), hub.toString()).score())
                .isEqualTo(1);
    }
}
