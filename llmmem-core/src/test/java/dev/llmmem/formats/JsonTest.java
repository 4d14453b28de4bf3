package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void valuesBecomePlainOnes() {
        Map<String, ?> object = Json.object("""
                {"a": [1, -2.5, 1e2, true, null, "t\\u00e9xt"], "b": {"c": 9223372036854775808}, "d": 9223372036854775807}
                """, "test");

        assertThat((List<?>) object.get("a")).satisfies(list -> {
            assertThat(list.subList(0, 4)).isEqualTo(List.of(1L, -2.5, 100.0, true));
            assertThat(list.get(4)).isNull();
            assertThat(list.get(5)).isEqualTo("téxt");
        });
        assertThat(object.get("b")).isEqualTo(Map.of("c", BigInteger.TWO.pow(63)));
        assertThat(object.get("d")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void placesAreNamed() {
        assertThatThrownBy(() -> Json.object("{\n  \"a\": 1,\n  \"b\": tru\n}", "file"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("file, line 3, column ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"text\"",
                "[]",
                "[{}]",
                "{",
                "}",
                "{}{}",
                "{} 1",
                "{}]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":[1",
                "{\"a\":\"b",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":0x10}",
                "{\"a\":nan}",
                "{\"a\":+Infinity}",
                "{\"a\":INF}",
                "{\"a\":1e999}",
                "{\"a\":1e999999999999}",
                "{\"a\":-1e400}",
                "{\"a\":True}",
                "{\"a\":None}",
                "{\"a\":1/*c*/}",
                "{\"a\":1}//c",
                "#c\n{}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":1,\"a\":2}",
                "{\"o\":{\"a\":1,\"a\":1}}",
                "\ufeff{}"
            })
    void whatIsNoJsonObjectIsRefused(String text) {
        assertThatThrownBy(() -> Json.object(text, "file"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("file")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500).doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource({"64, true", "65, false"})
    void depthIsBounded(int depth, boolean permitted) {
        String text = "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
        assertPermitted(text, permitted);
    }

    @ParameterizedTest
    @CsvSource({"100, true", "101, false"})
    void numbersAreBounded(int digits, boolean permitted) {
        assertPermitted("{\"a\":" + "9".repeat(digits) + "}", permitted);
    }

    @ParameterizedTest
    @CsvSource({"1000000, true", "1048577, false"})
    void stringsAreBounded(int length, boolean permitted) {
        assertPermitted("{\"a\":\"" + "x".repeat(length) + "\"}", permitted);
    }

    @ParameterizedTest
    @CsvSource({"10000, true", "20000, false"})
    void namesAreBounded(int length, boolean permitted) {
        assertPermitted("{\"" + "x".repeat(length) + "\":1}", permitted);
    }

    @ParameterizedTest
    @CsvSource({"999999, true", "1000000, false"})
    void valuesAreBounded(int elements, boolean permitted) {
        assertPermitted("{\"a\":[1" + ",1".repeat(elements - 1) + "]}", permitted);
    }

    @Test
    void lengthIsBounded() throws IOException {
        byte[] permitted = new byte[Json.MOST_BYTES];
        Arrays.fill(permitted, (byte) ' ');
        permitted[0] = '{';
        permitted[1] = '}';
        assertThat(Json.object(new ByteArrayInputStream(permitted), "file")).isEmpty();

        byte[] longer = Arrays.copyOf(permitted, permitted.length + 1);
        longer[permitted.length] = ' ';
        assertThatThrownBy(() -> Json.object(new ByteArrayInputStream(longer), "file"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessage("file: the text has more than 16777216 bytes, permitted [0, 16777216] bytes");
        assertThatThrownBy(() -> Json.object(new String(longer, StandardCharsets.US_ASCII), "file"))
                .isInstanceOf(MalformedInputException.class);
    }

    private static void assertPermitted(String text, boolean permitted) {
        if (permitted) {
            assertThat(Json.object(text, "file")).hasSize(1);
        } else {
            assertThatThrownBy(() -> Json.object(text, "file")).isInstanceOf(MalformedInputException.class);
        }
    }

    /** What Python's json module writes for a double that JSON has no number for. */
    @Test
    void pythonsWordsAreNumbers() {
        assertThat(Json.object("{\"a\": [NaN, Infinity, -Infinity]}", "words").get("a"))
                .isEqualTo(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    }
}
