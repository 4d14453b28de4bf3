package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.formats.TestData.Recorded;
import dev.llmmem.formats.TestData.Variant;
import dev.llmmem.model.ModelSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** However a valid configuration is changed, it is read, or refused as malformed; nothing else happens. */
class HuggingFaceProperties {

    private static final List<String> CONFIGS = configs();

    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "2",
            "3",
            "-1",
            "7",
            "64",
            "9999",
            "16777216",
            "268435456",
            "2147483647",
            "2147483648",
            "-9223372036854775808",
            "9223372036854775807",
            "99999999999999999999",
            "0.5",
            "1.0",
            "-0.0",
            "1e-300",
            "1e300",
            "true",
            "false",
            "null",
            "\"\"",
            "\"silu\"",
            "\"sliding_attention\"",
            "\"\\ud800\"",
            "[]",
            "[null]",
            "[[]]",
            "[0, 1, 2]",
            "[\"full_attention\"]",
            "[[[\"local\"], 3]]",
            "{}",
            "{\"a\": 1}",
            "{\"partial_rotary_factor\": 0.3}",
            "{\"model_type\": \"llama\"}");

    @Provide
    Arbitrary<String> configurations() {
        return Arbitraries.of(CONFIGS);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of(VALUES);
    }

    @Property(tries = 2000)
    void changedFieldsAreReadOrRefused(
            @ForAll @From("configurations") String config,
            @ForAll @IntRange(min = 0, max = 1000) int first,
            @ForAll @From("values") String firstValue,
            @ForAll @IntRange(min = 0, max = 1000) int second,
            @ForAll @From("values") String secondValue) {
        Map<String, String> fields = fields(config);
        change(fields, first, firstValue);
        change(fields, second, secondValue);

        assertReadOrRefused(text(fields));
    }

    @Property(tries = 1000)
    void missingFieldsAreReadOrRefused(
            @ForAll @From("configurations") String config, @ForAll List<@IntRange(min = 0, max = 60) Integer> missing) {
        Map<String, String> fields = fields(config);
        for (int index : missing) {
            List<String> names = new ArrayList<>(fields.keySet());
            if (index < names.size()) {
                fields.remove(names.get(index));
            }
        }

        assertReadOrRefused(text(fields));
    }

    @Property(tries = 1000)
    void changedBytesAreReadOrRefused(
            @ForAll @From("configurations") String config,
            @ForAll @IntRange(min = 0, max = 5000) int place,
            @ForAll char character,
            @ForAll @IntRange(min = 0, max = 3) int removed) {
        int start = place % config.length();
        int end = Math.min(config.length(), start + removed);

        assertReadOrRefused(config.substring(0, start) + character + config.substring(end));
    }

    @Property(tries = 500)
    void anyTextIsReadOrRefused(@ForAll String text) {
        assertReadOrRefused(text);
    }

    private static void assertReadOrRefused(String text) {
        try {
            ModelSpec model = HuggingFace.read(text);
            assertThat(model.parameterCount()).isPositive();
        } catch (MalformedInputException e) {
            assertThat(e.getMessage())
                    .startsWith("config.json")
                    .hasSizeLessThan(5_000)
                    .doesNotContain("\n");
        }
    }

    private static void change(Map<String, String> fields, int index, String value) {
        List<String> names = List.copyOf(fields.keySet());
        fields.put(names.get(index % names.size()), value);
    }

    private static Map<String, String> fields(String config) {
        Map<String, String> fields = new LinkedHashMap<>();
        Json.object(config, "config.json").forEach((name, value) -> fields.put(name, TestData.text(value)));
        return fields;
    }

    private static String text(Map<String, String> fields) {
        List<String> members = new ArrayList<>();
        fields.forEach((name, value) -> members.add("\"" + name + "\": " + value));
        return "{" + String.join(", ", members) + "}";
    }

    private static List<String> configs() {
        List<String> configs = new ArrayList<>();
        TestData.recorded().stream().map(Recorded::config).forEach(configs::add);
        TestData.variants().stream().map(Variant::config).forEach(configs::add);
        return configs;
    }
}
