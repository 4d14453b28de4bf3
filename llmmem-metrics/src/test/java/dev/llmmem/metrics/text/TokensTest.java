package dev.llmmem.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {

    @Test
    void areSlicesOfOneArray() {
        Tokens tokens = Tokens.of(List.of("to", "be", "\uD83D\uDE00"));
        assertThat(tokens.size()).isEqualTo(3);
        assertThat(tokens.get(1)).isEqualTo("be");
        assertThat(tokens.start(1)).isEqualTo(2);
        assertThat(tokens.end(1)).isEqualTo(4);
        assertThat(tokens.unit(3)).isEqualTo('e');
        assertThat(tokens.asList()).containsExactly("to", "be", "\uD83D\uDE00");
        assertThat(tokens).hasToString("[to, be, \uD83D\uDE00]");
    }

    @Test
    void areEqualByTheirTokens() {
        assertThat(Tokens.of(List.of("ab", "c")))
                .isEqualTo(Tokens.of(List.of("ab", "c")))
                .hasSameHashCodeAs(Tokens.of(List.of("ab", "c")))
                .isNotEqualTo(Tokens.of(List.of("a", "bc")));
    }

    @Test
    void haveNoTokenBeyondTheLast() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Tokens.of(List.of("a")).get(1));
        assertThat(Tokens.of(List.of()).size()).isZero();
    }
}
