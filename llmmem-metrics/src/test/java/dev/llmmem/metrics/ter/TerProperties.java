package dev.llmmem.metrics.ter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Example;
import dev.llmmem.metrics.text.PythonText;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TerProperties {

    private static final Ter TER = Ter.withDefaults();

    /** Few different words, so that there are shifts; long enough to leave the beam. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(0, 25)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(50, 130)));
        return Combinators.combine(sizes, Arbitraries.integers().between(2, 60), Arbitraries.randoms())
                .as((size, words, random) -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < size; i++) {
                        text.append('w').append(random.nextInt(words)).append(' ');
                    }
                    return text.toString();
                });
    }

    /** A text and the same with blocks moved and words changed. */
    @Provide
    Arbitrary<Example> pairs() {
        return Combinators.combine(texts(), Arbitraries.integers().between(0, 6), Arbitraries.randoms())
                .as((text, changes, random) -> {
                    List<String> words = new java.util.ArrayList<>(PythonText.split(text));
                    for (int i = 0; i < changes && !words.isEmpty(); i++) {
                        int start = random.nextInt(words.size());
                        int length = Math.min(1 + random.nextInt(12), words.size() - start);
                        List<String> block = List.copyOf(words.subList(start, start + length));
                        words.subList(start, start + length).clear();
                        if (random.nextInt(4) > 0) {
                            words.addAll(random.nextInt(words.size() + 1), block);
                        }
                    }
                    return Example.of(text, String.join(" ", words));
                });
    }

    @Property(tries = 400)
    void equalsTheTextbookOnChangedTexts(@ForAll("pairs") Example pair) {
        equalsTheTextbook(pair.prediction(), pair.references().get(0));
        equalsTheTextbook(pair.references().get(0), pair.prediction());
    }

    @Property(tries = 200)
    void equalsTheTextbook(@ForAll("texts") String prediction, @ForAll("texts") String reference) {
        assertThat(TER.score(prediction, reference).edits())
                .isEqualTo(TextbookTer.edits(PythonText.split(prediction), PythonText.split(reference)));
    }

    @Property
    void isZeroOfTheSame(@ForAll String text) {
        assertThat(TER.score(text, text).score()).isZero();
    }

    @Property(tries = 300)
    void isWithinBounds(@ForAll("texts") String prediction, @ForAll("texts") String reference) {
        int words = PythonText.split(prediction).size();
        int others = PythonText.split(reference).size();
        assertThat(TER.score(prediction, reference).edits())
                .isBetween((long) Math.abs(words - others), (long) Math.max(words, others));
    }

    @Property(tries = 200)
    void mergesInAnyGrouping(@ForAll List<List<String>> texts, @ForAll int cut, @ForAll int other) {
        Accumulator<TerScore> whole = TER.corpus();
        Accumulator<TerScore> first = TER.corpus();
        Accumulator<TerScore> second = TER.corpus();
        Accumulator<TerScore> third = TER.corpus();
        int from = texts.isEmpty() ? 0 : Math.floorMod(cut, texts.size());
        int to = from + (texts.isEmpty() ? 0 : Math.floorMod(other, texts.size() - from));
        for (int i = 0; i < texts.size(); i++) {
            List<String> references = texts.get(i).isEmpty() ? List.of("a b") : texts.get(i);
            Example example = new Example("a b c", references);
            whole.add(example);
            (i < from ? first : i < to ? second : third).add(example);
        }
        second.merge(third);
        first.merge(second);
        assertThat(first.size()).isEqualTo(texts.size());
        if (!texts.isEmpty()) {
            assertThat(first.result()).isEqualTo(whole.result());
        }
    }
}
