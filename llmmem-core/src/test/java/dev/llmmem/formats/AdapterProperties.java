package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
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

/** However a valid configuration is changed, it is read and counted, or refused as malformed; nothing else happens. */
class AdapterProperties {

    private static final List<ModelSpec> MODELS = List.of(
            Models.get("meta-llama/Llama-3.2-3B"),
            HuggingFace.read("{\"model_type\": \"gpt2\", \"n_layer\": 2, \"n_embd\": 48}"),
            HuggingFace.read("{\"model_type\": \"qwen3_moe\", \"num_hidden_layers\": 2}"));

    private static final List<Map<String, String>> CONFIGS =
            AdapterRunsTest.plainRuns().map(run -> fields(run.config())).toList();

    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "2",
            "7",
            "-1",
            "64",
            "16777216",
            "2147483647",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999",
            "0.5",
            "1.0",
            "-0.0",
            "1e300",
            "true",
            "false",
            "null",
            "\"\"",
            "\"all-linear\"",
            "\"all\"",
            "\"lora_only\"",
            "\"q_proj\"",
            "\".*\"",
            "\"((.*)*)*x\"",
            "\"(\"",
            "\"[\"",
            "\"\\\\\"",
            "\"\\ud800\"",
            "\"LSTM\"",
            "[]",
            "[null]",
            "[[]]",
            "[0, 1, 2]",
            "[\"q_proj\", \"c_attn\"]",
            "[\"\"]",
            "[\".\"]",
            "[\"norm\"]",
            "[\"model\"]",
            "{}",
            "{\"a\": 1}",
            "{\"(\": 1}",
            "{\"q_proj\": 16}",
            "{\"embed_tokens\": [1]}",
            "{\"nblocks\": 0}");

    @Provide
    Arbitrary<Map<String, String>> configurations() {
        return Arbitraries.of(CONFIGS);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of(VALUES);
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of(Adapter.types());
    }

    @Property(tries = 1500)
    void changedFieldsAreReadOrRefused(
            @ForAll @From("configurations") Map<String, String> config,
            @ForAll @From("types") String type,
            @ForAll boolean retyped,
            @ForAll @IntRange(min = 0, max = 1000) int first,
            @ForAll @From("values") String firstValue,
            @ForAll @IntRange(min = 0, max = 1000) int second,
            @ForAll @From("values") String secondValue) {
        Map<String, String> fields = new LinkedHashMap<>(config);
        List<String> names = new ArrayList<>(fields.keySet());
        fields.put(names.get(first % names.size()), firstValue);
        fields.put(names.get(second % names.size()), secondValue);
        if (retyped) {
            fields.put("peft_type", "\"" + type + "\"");
        }

        assertReadOrRefused(text(fields));
    }

    @Property(tries = 500)
    void changedBytesAreReadOrRefused(
            @ForAll @From("configurations") Map<String, String> config,
            @ForAll @IntRange(min = 0, max = 5000) int place,
            @ForAll char character,
            @ForAll @IntRange(min = 0, max = 3) int removed) {
        String text = text(config);
        int start = place % text.length();
        int end = Math.min(text.length(), start + removed);

        assertReadOrRefused(text.substring(0, start) + character + text.substring(end));
    }

    @Property(tries = 300)
    void anyTextIsReadOrRefused(@ForAll String text) {
        assertReadOrRefused(text);
    }

    @Property(tries = 200)
    void higherRanksTrainMore(@ForAll @IntRange(min = 1, max = 512) int rank) {
        ModelSpec model = MODELS.get(0);
        String config = "{\"peft_type\": \"LORA\", \"r\": %d, \"target_modules\": \"all-linear\"}";

        assertThat(Adapter.read(String.format(java.util.Locale.ROOT, config, rank + 1))
                        .on(model)
                        .trainableCount())
                .isGreaterThan(Adapter.read(String.format(java.util.Locale.ROOT, config, rank))
                        .on(model)
                        .trainableCount());
    }

    private static void assertReadOrRefused(String text) {
        try {
            Adapter adapter = Adapter.read(text);
            for (ModelSpec model : MODELS) {
                assertCountedOrRefused(adapter, model);
            }
        } catch (MalformedInputException e) {
            assertClear(e);
        }
    }

    private static void assertCountedOrRefused(Adapter adapter, ModelSpec model) {
        try {
            assertThat(adapter.on(model).trainableCount()).isNotNegative();
            assertThat(adapter.on(model).strategy()).isNotNull();
        } catch (MalformedInputException e) {
            assertClear(e);
        }
    }

    private static void assertClear(MalformedInputException e) {
        assertThat(e.getMessage())
                .startsWith("adapter_config.json")
                .hasSizeLessThan(5_000)
                .doesNotContain("\n");
    }

    private static Map<String, String> fields(String config) {
        Map<String, String> fields = new LinkedHashMap<>();
        Json.object(config, "config").forEach((name, value) -> fields.put(name, json(value)));
        return fields;
    }

    private static String json(Object value) {
        if (value instanceof String text) {
            return "\"" + text + "\"";
        }
        if (value instanceof List<?> list) {
            return "["
                    + String.join(
                            ", ", list.stream().map(AdapterProperties::json).toList()) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, each) -> members.add("\"" + name + "\": " + json(each)));
            return "{" + String.join(", ", members) + "}";
        }
        return String.valueOf(value);
    }

    private static String text(Map<String, String> fields) {
        List<String> members = new ArrayList<>();
        fields.forEach((name, value) -> members.add("\"" + name + "\": " + value));
        return "{" + String.join(", ", members) + "}";
    }
}
