package dev.llmmem.metrics.chrf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Example;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ChrFProperties {

    private static final ChrF CHRF = ChrF.withDefaults();

    private final SortedNGrams sorted = new SortedNGrams();

    @Property(tries = 1000)
    void matchersEqualTheTextbook(
            @ForAll @IntRange(max = 60) int firstSize,
            @ForAll @IntRange(max = 60) int secondSize,
            @ForAll @IntRange(min = 1, max = 400) int symbols,
            @ForAll @IntRange(min = 1, max = 12) int order,
            @ForAll Random random) {
        equal(symbols(firstSize, symbols, random), symbols(secondSize, symbols, random), symbols, order);
    }

    @Property(tries = 10)
    void matchersEqualTheTextbookOfLongTexts(
            @ForAll @IntRange(min = 1, max = 300) int symbols,
            @ForAll @IntRange(min = 1, max = 7) int order,
            @ForAll Random random) {
        equal(symbols(3000, symbols, random), symbols(2000, symbols, random), symbols, order);
    }

    /** Often repeats what was before, so that long n-grams recur. */
    private static int[] symbols(int size, int symbols, Random random) {
        int[] values = new int[size];
        for (int i = 0; i < size; i++) {
            values[i] = i > 8 && random.nextInt(4) > 0 ? values[i - 7] : random.nextInt(symbols);
        }
        return values;
    }

    private void equal(int[] first, int[] second, int symbols, int order) {
        long[] expected = matches(new TextbookChrF(), first, second, symbols, order);
        assertThat(matches(new ChainedNGrams(), first, second, symbols, order)).isEqualTo(expected);
        if (SortedNGrams.fits(symbols, order)) {
            assertThat(matches(sorted, first, second, symbols, order)).isEqualTo(expected);
        }
    }

    private static long[] matches(NGramMatcher matcher, int[] first, int[] second, int symbols, int order) {
        long[] matches = new long[order + 1];
        matcher.match(first, first.length, second, second.length, symbols, order, matches);
        return matches;
    }

    @Property
    void isHundredOfTheSame(@ForAll String text, @ForAll @IntRange(max = 3) int words) {
        ChrFScore score = CHRF.withWordOrder(words).score(text, text);
        assertThat(score.score()).isIn(0.0, 100.0);
        assertThat(score.counts()).allMatch(count -> count.hypothesis() == count.matches());
    }

    @Property
    void isWithinBounds(@ForAll String prediction, @ForAll String reference, @ForAll boolean epsilon) {
        assertThat(CHRF.withEpsilonSmoothing(epsilon)
                        .score(prediction, reference)
                        .score())
                .isBetween(0.0, 100.00000000000003);
    }

    @Property
    void isSymmetricWithBetaOne(@ForAll String prediction, @ForAll String reference) {
        ChrF symmetric = CHRF.withBeta(1);
        assertThat(symmetric.score(prediction, reference).score())
                .isEqualTo(symmetric.score(reference, prediction).score());
    }

    @Property(tries = 300)
    void corpusDependsOnNoOrder(@ForAll @Size(min = 1) List<List<String>> texts, @ForAll int cut, @ForAll long seed) {
        List<Example> examples = new ArrayList<>();
        for (List<String> some : texts) {
            examples.add(new Example("some text", some.isEmpty() ? List.of("same text") : some));
        }
        Accumulator<ChrFScore> whole = CHRF.corpus();
        examples.forEach(whole::add);
        Collections.shuffle(examples, new Random(seed));
        Accumulator<ChrFScore> first = CHRF.corpus();
        Accumulator<ChrFScore> second = CHRF.corpus();
        int middle = Math.floorMod(cut, examples.size());
        examples.subList(0, middle).forEach(first::add);
        examples.subList(middle, examples.size()).forEach(second::add);
        second.merge(first);
        assertThat(second.result()).isEqualTo(whole.result());
        assertThat(second.size()).isEqualTo(texts.size());
    }
}
