package dev.llmmem.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnicodeTokenizerTest {

    private static final UnicodeTokenizer TOKENIZER = UnicodeTokenizer.standard();

    @Test
    void findsWordsOfAnyScript() {
        assertThat(TOKENIZER.tokenize("Привет, МИР-2!")).containsExactly("привет", "мир", "2");
        assertThat(TOKENIZER.tokenize("caf\u00E9 cafe\u0301")).containsExactly("caf\u00E9", "caf\u00E9");
        assertThat(TOKENIZER.tokenize("हिन्दी भाषा")).containsExactly("हिन्दी", "भाषा");
        assertThat(TOKENIZER.tokenize("한국어 말")).containsExactly("한국어", "말");
        assertThat(TOKENIZER.tokenize("\uFF21\uFF22 \uFF11")).containsExactly("ab", "1");
    }

    @Test
    void cutsUnspacedScriptsIntoLetters() {
        assertThat(TOKENIZER.tokenize("中文abc字")).containsExactly("中", "文", "abc", "字");
        assertThat(TOKENIZER.tokenize("コーヒー")).containsExactly("コ", "ー", "ヒ", "ー");
        assertThat(TOKENIZER.tokenize("กี่คน")).containsExactly("กี่", "ค", "น");
        assertThat(TOKENIZER.tokenize("\uD842\uDFB7x")).containsExactly("\uD842\uDFB7", "x");
    }

    @Test
    void survivesAllCharacters() {
        StringBuilder all = new StringBuilder();
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            all.appendCodePoint(point);
        }
        assertThat(TOKENIZER.tokenize(all.toString())).isNotEmpty().doesNotContain("");
        assertThat(TOKENIZER.tokenize("\uD800a\uDC00\u0301")).containsExactly("a");
        assertThat(TOKENIZER.tokenize("")).isEmpty();
        assertThat(TOKENIZER).hasToString("words of any script");
    }
}
