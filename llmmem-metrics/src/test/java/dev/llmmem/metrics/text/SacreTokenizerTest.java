package dev.llmmem.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SacreTokenizerTest {

    private static final String[][] MTEVAL = {
        {"([{-~\\[-` -&(-+:-@/])", " $1 "},
        {"([^0-9])([.,])", "$1 $2 "},
        {"([.,])([^0-9])", " $1 $2"},
        {"([0-9])(-)", "$1 $2 "}
    };

    private static final String[][] INTL = {
        {"(\\P{N})(\\p{P})", "$1 $2 "}, {"(\\p{P})(\\P{N})", " $1 $2"}, {"(\\p{S})", " $1 "}
    };

    private static List<String> substituted(String line, String[][] substitutions) {
        String text = line;
        for (String[] each : substitutions) {
            text = Pattern.compile(each[0], Pattern.DOTALL).matcher(text).replaceAll(each[1]);
        }
        return PythonText.split(text);
    }

    private static List<String> plain13a(String text) {
        String line = text.replace("<skipped>", "")
                .replace("-\n", "")
                .replace("\n", " ")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
        return substituted(" " + line + " ", MTEVAL);
    }

    private static List<String> plainZh(String text) {
        StringBuilder line = new StringBuilder();
        PythonText.strip(text).codePoints().forEach(c -> {
            boolean chinese =
                    (c >= 0x4E00 && c <= 0x9FBB) || (c >= 0x2001 && c <= 0x2A6D) || (c >= 0x3000 && c <= 0x303F);
            line.append(chinese ? " " : "").appendCodePoint(c).append(chinese ? " " : "");
        });
        return substituted(line.toString(), MTEVAL);
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of(
                        ".",
                        ",",
                        "..",
                        "-",
                        "-\n",
                        "1",
                        "2",
                        "a",
                        "Z",
                        " ",
                        "\t",
                        "'",
                        "&amp;",
                        "&lt;",
                        "<skipped>",
                        "\u00A0",
                        "\u2014",
                        "\u20AC",
                        "\u0661",
                        "\u4E2D",
                        "\u3002",
                        "\uD83D\uDE00",
                        "\uD800",
                        "!",
                        "(",
                        "~",
                        "/")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Property
    void onePassIsTheSubstitutions(@ForAll("lines") String line) {
        assertThat(SacreTokenizer.THIRTEEN_A.tokenize(line)).isEqualTo(plain13a(line));
        assertThat(SacreTokenizer.ZH.tokenize(line)).isEqualTo(plainZh(line));
        assertThat(SacreTokenizer.INTL.tokenize(line)).isEqualTo(substituted(line, INTL));
        assertThat(SacreTokenizer.NONE.tokenize(line)).isEqualTo(PythonText.split(line));
    }

    @Property
    void anyTextHasTokensWithoutSpaces(@ForAll String text) {
        for (SacreTokenizer tokenizer : SacreTokenizer.values()) {
            for (String token : tokenizer.tokenize(text)) {
                assertThat(token).isNotEmpty();
                assertThat(PythonText.split(token)).containsExactly(token);
            }
        }
        assertThat(String.join("", SacreTokenizer.CHAR.tokenize(text)))
                .isEqualTo(String.join("", PythonText.split(text)));
    }

    /** What sacreBLEU 2.6.0 prints. */
    @Test
    void splitsAsSacreBleu() {
        assertThat(SacreTokenizer.THIRTEEN_A.tokenize("In 2023.")).containsExactly("In", "2023", ".");
        assertThat(SacreTokenizer.INTL.tokenize("In 2023.")).containsExactly("In", "2023.");
        assertThat(SacreTokenizer.THIRTEEN_A.tokenize("&amp;lt; &amp;quot;")).containsExactly("<", "&", "quot", ";");
        assertThat(SacreTokenizer.THIRTEEN_A.tokenize("1,000-2.5 it's a-b"))
                .containsExactly("1,000", "-", "2.5", "it's", "a-b");
        assertThat(SacreTokenizer.ZH.tokenize("\u2000x\u2026y\uD840\uDC00"))
                .containsExactly("x", "\u2026", "y\uD840\uDC00");
    }

    /** Unicode 14 to 17 added these: punctuation, a digit and a symbol; and a symbol of 18. */
    @Test
    void knowsUnicode17() {
        assertThat(SacreTokenizer.INTL.tokenize("a\u2E53b")).containsExactly("a", "\u2E53", "b");
        assertThat(SacreTokenizer.INTL.tokenize("a\u20C1b")).containsExactly("a", "\u20C1", "b");
        assertThat(SacreTokenizer.INTL.tokenize("1.\uD803\uDD40")).containsExactly("1.\uD803\uDD40");
        assertThat(SacreTokenizer.INTL.tokenize("a\u20C2b")).containsExactly("a\u20C2b");
    }

    @Test
    void isFoundByName() {
        assertThat(SacreTokenizer.bySignature("13a"))
                .isSameAs(SacreTokenizer.THIRTEEN_A)
                .hasToString("13a");
        assertThat(SacreTokenizer.forLanguage("zh")).isSameAs(SacreTokenizer.ZH);
        assertThat(SacreTokenizer.forLanguage("de")).isSameAs(SacreTokenizer.THIRTEEN_A);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SacreTokenizer.bySignature("spm"))
                .withMessage("signature is spm, but must be one of none, 13a, intl, char, zh");
        assertThatIllegalArgumentException().isThrownBy(() -> SacreTokenizer.forLanguage("ja"));
    }
}
