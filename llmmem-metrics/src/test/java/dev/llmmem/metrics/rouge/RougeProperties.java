package dev.llmmem.metrics.rouge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.metrics.Accumulator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RougeProperties {

    private static final List<RougeType> TYPES = List.of(RougeType.values());
    private static final Rouge ROUGE = Rouge.of(TYPES);

    private static final String[] WORDS = {
        "running",
        "runs",
        "Run",
        "dying",
        "die",
        "a",
        "an",
        "internationalization",
        "internationalizations",
        "counterrevolutionaries",
        "x1",
        "counterrevolutionary",
        "7",
        "caf\u00E9",
        "K",
        "\u212A",
        "\u0130s",
        "\uD800",
        "\u4E2D"
    };

    /** A text of some of the words, or of numbers below a limit. */
    private static String text(Random random, int length, int words, int lineEvery) {
        return IntStream.range(0, length)
                .mapToObj(i -> (words == 0 ? WORDS[random.nextInt(WORDS.length)] : "w" + random.nextInt(words))
                        + (lineEvery > 0 && random.nextInt(lineEvery) == 0 ? "\n" : " "))
                .collect(Collectors.joining());
    }

    @Property
    void isWhatTheDefinitionSays(
            @ForAll long seed,
            @ForAll @IntRange(max = 40) int length,
            @ForAll @IntRange(max = 8) int words,
            @ForAll @IntRange(max = 12) int lineEvery,
            @ForAll boolean stemmer) {
        check(seed, length, words, lineEvery, stemmer);
    }

    @Property(tries = 100)
    void isWhatTheDefinitionSaysOfLongTexts(
            @ForAll long seed,
            @ForAll @IntRange(min = 60, max = 400) int length,
            @ForAll @IntRange(min = 1, max = 300) int words,
            @ForAll @IntRange(max = 150) int lineEvery) {
        check(seed, length, words, lineEvery, false);
    }

    private static void check(long seed, int length, int words, int lineEvery, boolean stemmer) {
        Random random = new Random(seed);
        String prediction = text(random, length, words, lineEvery);
        String reference = text(random, random.nextInt(length + 1), words, lineEvery);
        Rouge rouge = ROUGE.withStemmer(stemmer);
        RougeScores scores = rouge.score(prediction, reference);
        for (RougeType type : TYPES) {
            assertThat(scores.get(type))
                    .as("%s of%n%s%nand%n%s", type, prediction, reference)
                    .isEqualTo(TextbookRouge.score(type, (RougeTokenizer) rouge.tokenizer(), prediction, reference));
        }
        assertThat(rouge.withTokenizer(text -> rouge.tokenizer().tokenize(text)).score(prediction, reference))
                .isEqualTo(scores);
    }

    /** Rows that are computed twice give the places of rows that are kept. */
    @Property(tries = 200)
    void checkpointsChangeNothing(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 400) int length,
            @ForAll @IntRange(min = 1, max = 30) int words,
            @ForAll @IntRange(min = 1, max = 60) int kept) {
        Random random = new Random(seed);
        Vocabulary vocabulary = new Vocabulary(false);
        TokenIds reference = new TokenIds();
        TokenIds generated = new TokenIds();
        vocabulary.read(text(random, length, words, 100), reference);
        vocabulary.read(text(random, random.nextInt(length) + 1, words, 100), generated);
        Pair pair = new Pair();
        pair.set(reference, generated, vocabulary.size());
        assertThat(new UnionLcs(kept).of(pair, reference, generated))
                .isEqualTo(new UnionLcs(LcsPath.KEPT_WORDS).of(pair, reference, generated));
    }

    @Property
    void isFullForEqualTextsAndSymmetric(
            @ForAll long seed,
            @ForAll @IntRange(min = 9, max = 90) int length,
            @ForAll @IntRange(min = 1, max = 9) int words) {
        Random random = new Random(seed);
        String first = text(random, length, words, 0);
        String second = text(random, length + 3, words, 0);
        RougeScores scores = ROUGE.score(first, second);
        RougeScores swapped = ROUGE.score(second, first);
        RougeScores equal = ROUGE.score(first, first);
        for (RougeType type : TYPES) {
            assertThat(equal.get(type)).isEqualTo(new RougeScore(1, 1, 1));
            assertThat(swapped.get(type).precision()).isEqualTo(scores.get(type).recall());
            assertThat(swapped.get(type).recall()).isEqualTo(scores.get(type).precision());
            assertThat(swapped.get(type).f1()).isEqualTo(scores.get(type).f1());
        }
    }

    @Property(tries = 200)
    void corpusIsTheSameInAnyOrderAndGrouping(
            @ForAll long seed,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 30) Integer> lengths,
            @ForAll byte cut) {
        Random random = new Random(seed);
        List<String[]> examples = new ArrayList<>();
        for (int length : lengths) {
            examples.add(new String[] {text(random, length, 6, 9), text(random, random.nextInt(30), 6, 9)});
        }
        RougeScores whole = corpus(examples).result();
        Collections.shuffle(examples, random);
        int middle = Math.floorMod(cut, examples.size());
        Accumulator<RougeScores> first = corpus(examples.subList(0, middle));
        Accumulator<RougeScores> second = corpus(examples.subList(middle, examples.size()));
        first.merge(second);
        assertThat(first.result()).isEqualTo(whole);
        assertThat(first.size()).isEqualTo(examples.size());
        assertThat(second.size()).isEqualTo(examples.size() - middle);
    }

    private static Accumulator<RougeScores> corpus(List<String[]> examples) {
        Accumulator<RougeScores> corpus = ROUGE.corpus();
        examples.forEach(example -> corpus.add(example[0], List.of(example[1])));
        return corpus;
    }
}
