package dev.llmmem.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PorterStemmerTest {

    /** What {@code PorterStemmer().stem(word)} of NLTK 3.9 gives. */
    @ParameterizedTest
    @CsvSource({
        "skies, sky",
        "dying, die",
        "news, news",
        "News, new",
        "ties, tie",
        "tied, tie",
        "flies, fli",
        "spied, spi",
        "spy, spi",
        "enjoy, enjoy",
        "agreed, agre",
        "hopping, hop",
        "caresses, caress",
        "yyying, yy",
        "Sandakan, sandakan",
        "Gilmer's, gilmer'"
    })
    void stemsAsNltk(String word, String stem) {
        assertThat(PorterStemmer.stem(word)).isEqualTo(stem);
    }

    @Test
    void leavesShortWords() {
        assertThat(PorterStemmer.stem("")).isEmpty();
        assertThat(PorterStemmer.stem("IS")).isEqualTo("is");
        assertThat(PorterStemmer.stem("\uD83D\uDE00s")).isEqualTo("\uD83D\uDE00s");
        assertThat(PorterStemmer.stem("\uD83D\uDE00\uD83D\uDE01ing")).isEqualTo("\uD83D\uDE00\uD83D\uDE01ing");
    }

    @Test
    void takesLinearTime() {
        assertThat(PorterStemmer.stem("y".repeat(3_000_001) + "ing"))
                .isEqualTo("y".repeat(2_999_999) + "i"); // two y are a double consonant if the second is one
        assertThat(PorterStemmer.stem("alli".repeat(1_000_000))).hasSizeLessThan(4_000_000);
    }

    @Property
    void neverLengthens(@ForAll @StringLength(max = 12) @CharRange(from = 'a', to = 'z') String word) {
        int[] points = word.codePoints().toArray();
        int length = PorterStemmer.stem(points, points.length);
        assertThat(length).isLessThanOrEqualTo(word.length());
        assertThat(new String(points, 0, length)).isEqualTo(PorterStemmer.stem(word));
    }

    @Test
    void refusesLengthsBeyondTheWord() {
        for (int length : new int[] {-1, 4}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PorterStemmer.stem(new int[3], length))
                    .withMessage("length is " + length + ", but must be 0 to 3");
        }
    }
}
