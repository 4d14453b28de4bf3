package dev.llmmem.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonTextTest {

    @Test
    void pythonHas29Spaces() {
        assertThat(IntStream.rangeClosed(0, 0xFFFF)
                        .filter(c -> PythonText.isSpace((char) c))
                        .toArray())
                .hasSize(29)
                .contains(0x1C, 0x1F, 0x85, 0xA0, 0x2007, 0x202F, 0x3000)
                .doesNotContain(0x200B, 0xFEFF, 0x180E, 0x0E, 0x1B);
    }

    @Test
    void splitsAndStripsAtThem() {
        assertThat(PythonText.split("\u2007a\u0085b c\u001C")).containsExactly("a", "b", "c");
        assertThat(PythonText.split(" \t")).isEmpty();
        assertThat(PythonText.strip("\u202F a b\u00A0")).isEqualTo("a b");
        assertThat(PythonText.stripEnd(" a\u3000")).isEqualTo(" a");
        assertThat(PythonText.strip("\n")).isEmpty();
    }

    /** What CPython 3.11 prints for {@code text.lower()}. */
    @ParameterizedTest
    @CsvSource({
        "\u03A3, \u03C3",
        "A\u03A3, a\u03C2",
        "A\u03A3B, a\u03C3b",
        "A-\u03A3, a-\u03C3",
        "A\u03A3., a\u03C2.",
        "A\u03A3.B, a\u03C3.b",
        "A\u03A3\u2019, a\u03C2\u2019",
        "\u0130X, i\u0307x",
        "\u212A, k",
        "\u2C2F, \u2C5F",
        "\uD801\uDD70, \uD801\uDD97",
        "\uD800A, \uD800a",
        "\u1C89, \u1C89",
        "plain, plain"
    })
    void lowersAsPython(String text, String lower) {
        assertThat(PythonText.lower(text)).isEqualTo(lower);
    }
}
