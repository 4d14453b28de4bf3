package dev.llmmem.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.metrics.GoldenRows;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TercomTokenizerTest {

    private static final TercomTokenizer PLAIN = TercomTokenizer.withDefaults();
    private static final TercomTokenizer NORMALIZED = PLAIN.withNormalization(true);

    @Test
    void givesTheReferencesTokens() throws IOException {
        Map<String, TercomTokenizer> tokenizers = Map.of(
                "ter", PLAIN,
                "ter-norm", NORMALIZED,
                "ter-nopunct", PLAIN.withPunctuation(false),
                "ter-norm-asian", NORMALIZED.withAsianSupport(true),
                "ter-nopunct-asian", PLAIN.withPunctuation(false).withAsianSupport(true),
                "ter-norm-nopunct-asian-case",
                        NORMALIZED.withPunctuation(false).withAsianSupport(true).withCaseSensitivity(true));
        List<Map<String, Object>> rows = GoldenRows.of(TercomTokenizerTest.class, "tokenize_tercom.jsonl.gz");
        assertThat(rows).hasSizeGreaterThan(200);
        for (Map<String, Object> row : rows) {
            String text = String.valueOf(row.get("text"));
            tokenizers.forEach((name, tokenizer) -> assertThat((Object) tokenizer.tokenize(text))
                    .as("%s of %s", name, text)
                    .isEqualTo(row.get(name)));
        }
    }

    @Test
    void onlyMakesSmallLettersByDefault() {
        assertThat(PLAIN.tokenize("The cat's mat, \u0130.\u3000")).containsExactly("the", "cat's", "mat,", "i\u0307.");
        assertThat(PLAIN.withCaseSensitivity(true).tokenize("The mat")).containsExactly("The", "mat");
    }

    @Test
    void normalizedTokensCanBeCutFurther() {
        assertThat(NORMALIZED.tokenize("&amp;amp;lt;")).containsExactly("&", "amp", ";", "lt", ";");
        assertThat(NORMALIZED.tokenize("a..b")).containsExactly("a", ".", ".", "b");
        assertThat(NORMALIZED.tokenize("1.2, 3-4's")).containsExactly("1.2", ",", "3", "-", "4", "'s");
        List<String> once = NORMALIZED.tokenize("&amp;quot;");
        assertThat(once).containsExactly("&", "quot", ";");
        assertThat(NORMALIZED.tokenize("a\n-b\nc")).containsExactly("ab", "c");
        assertThat(NORMALIZED.tokenize("x's's")).containsExactly("x's", "'s");
        assertThat(NORMALIZED.tokenize("x's 's")).containsExactly("x", "'s", "'s");
    }

    @Test
    void cutsChineseApart() {
        assertThat(NORMALIZED.withAsianSupport(true).tokenize("\u4F60\u597Dab\uFF0C\u304B\u306A"))
                .containsExactly("\u4F60", "\u597D", "ab", "\uFF0C", "\u304B\u306A");
        assertThat(PLAIN.withPunctuation(false).withAsianSupport(true).tokenize("\u4F60\u597D\u3002(a)"))
                .containsExactly("\u4F60\u597Da");
    }

    @Test
    void equalsByItsSettings() {
        assertThat(NORMALIZED)
                .isEqualTo(PLAIN.withNormalization(true))
                .hasSameHashCodeAs(PLAIN.withNormalization(true))
                .isNotEqualTo(PLAIN)
                .hasToString("tercom, case lc, norm yes, punct yes, asian no");
    }

    @Test
    void numbersTokensInOrderOfAppearance() {
        TokenNumbers numbers = new TokenNumbers();
        int[] found = new int[5];
        numbers.number(PLAIN.tokens("b a b \uD83D\uDE00 a"), found);
        assertThat(found).containsExactly(0, 1, 0, 2, 1);
        assertThat(numbers.size()).isEqualTo(3);
        numbers.clear();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            text.append(i).append(' ');
        }
        Tokens tokens = PLAIN.tokens(text + " 17");
        int[] many = new int[tokens.size()];
        numbers.number(tokens, many);
        assertThat(tokens.size()).isEqualTo(5001);
        assertThat(many[4999]).isEqualTo(4999);
        assertThat(many[5000]).isEqualTo(17);
    }

    @Test
    void wordsOfChrFLoseOneMark() {
        ChrFTokenizer words = ChrFTokenizer.instance();
        assertThat(words.tokenize("(hi) 'a x. .. . \uD83D\uDE00! \uD83D\uDE00 ab\u00A0c"))
                .containsExactly(
                        "(hi", ")", "'", "a", "x", ".", ".", ".", ".", "\uD83D\uDE00", "!", "\uD83D\uDE00", "ab", "c");
        assertThat(words).isEqualTo(ChrFTokenizer.instance()).hasToString("words of chrF++");
    }
}
