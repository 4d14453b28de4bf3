package dev.llmmem.metrics.rouge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Texts that take quadratic time or memory if done plainly. The limits are generous: the machine may be busy. */
class RougeHostileTest {

    private static final int TOKENS = 100_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Rouge ROUGE = Rouge.of(RougeType.values()).withStemmer(true);

    private static String words(int seed, int words, String after) {
        Random random = new Random(seed);
        return IntStream.range(0, TOKENS)
                .mapToObj(i -> "w" + random.nextInt(words) + after)
                .collect(Collectors.joining());
    }

    private static RougeScores score(String prediction, String reference) {
        return Assertions.assertTimeout(LIMIT, () -> ROUGE.score(prediction, reference));
    }

    @Test
    void longTexts() {
        for (int words : new int[] {1, 2, 1000, Integer.MAX_VALUE}) {
            assertThat(score(words(1, words, " "), words(2, words, " ")).value())
                    .isBetween(0.0, 1.0);
        }
        assertThat(score(words(1, 1, " "), words(1, 1, " ") + "w0")
                        .get(RougeType.ROUGE_L)
                        .precision())
                .isEqualTo(1.0);
    }

    @Test
    void veryManyLines() {
        for (int words : new int[] {1, 50, Integer.MAX_VALUE}) {
            assertThat(score(words(1, words, "\n"), words(2, words, "\n")).value())
                    .isBetween(0.0, 1.0);
            assertThat(score(words(1, words, " the\n"), words(2, words, " the\n"))
                            .value())
                    .isBetween(0.0, 1.0);
        }
        String lines = words(1, 1 << 20, " the\n");
        assertThat(score(lines, lines).figures().values()).containsOnly(1.0);
    }

    @Test
    void oneTokenOfTenMegabytes() {
        String token = "y".repeat(10_000_000);
        assertThat(score(token, token).value()).isEqualTo(1.0);
        assertThat(score(token + "a", token).value()).isZero();
        assertThat(score("\n".repeat(10_000_000), "\uD800".repeat(1_000_000)).value())
                .isZero();
    }

    @Test
    void allCharacters() {
        StringBuilder all = new StringBuilder();
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            all.appendCodePoint(point);
        }
        // the runs of digits, capitals and small letters; the i of U+0130 and the k of U+212A
        assertThat(RougeTokenizer.plain().tokenize(all.toString()))
                .containsExactly("0123456789", "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", "i", "k");
        assertThat(score(all.toString(), all.toString()).value()).isEqualTo(1.0);
    }
}
