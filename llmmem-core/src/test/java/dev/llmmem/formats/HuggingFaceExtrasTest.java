package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.TestData.Recorded;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.StoredExtra;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where more was published than there are parameters, some of the extras of the model are the difference. */
class HuggingFaceExtrasTest {

    @Test
    void differencesAreSumsOfExtras() {
        Map<String, Recorded> byName = new HashMap<>();
        TestData.recorded().forEach(recorded -> byName.put(recorded.name(), recorded));
        int checked = 0;
        for (String line : TestData.published()) {
            String[] row = line.split(",", 7);
            Recorded recorded = byName.get(row[0]);
            if (recorded == null || !isOfExtras(row[6])) {
                continue;
            }
            assertThat(sums(HuggingFace.read(recorded.config()))).as(line).contains(Long.parseLong(row[5]));
            checked++;
        }
        assertThat(checked).isGreaterThanOrEqualTo(20);
    }

    @ParameterizedTest
    @MethodSource("counted")
    void countsOfTypesWithoutClassAreThosePublished(String line) {
        Map<?, ?> row = Json.object(line, "counts");
        ModelSpec model = HuggingFace.read(TestData.text(TestData.member(row, "config")));

        assertThat(model.parameterCount()).isEqualTo(TestData.member(row, "total"));
        // One file holds frequencies in four bytes and is counted as bytes by two.
        if (row.get("published") instanceof Long published
                && !String.valueOf(row.get("agreement")).contains("bytes/2")) {
            assertThat(sums(model)).contains(published - model.parameterCount());
        }
    }

    static Stream<String> counted() {
        return TestData.counts().stream();
    }

    @ParameterizedTest
    @MethodSource("counted")
    void typesWithoutClassHaveNoDefaults(String line) {
        Map<?, ?> row = Json.object(line, "counts");
        Object type = TestData.member((Map<?, ?>) TestData.member(row, "config"), "model_type");

        assertThatThrownBy(() -> HuggingFace.read("{\"model_type\":\"" + type + "\"}"))
                .hasMessageContaining("hidden_size")
                .hasMessageContaining("this type has no default");
    }

    /** Other reasons are scales of quantized weights, masks of bits, and counts of other libraries. */
    private static boolean isOfExtras(String reason) {
        return reason.startsWith("explained: causal-mask")
                || reason.startsWith("explained: rotary inv_freq")
                || reason.startsWith("explained: position_ids")
                || reason.startsWith("explained: lm_head stored")
                || reason.equals("explained: MTP layer")
                || reason.startsWith("explained: MTP block");
    }

    private static Set<Long> sums(ModelSpec model) {
        Set<Long> sums = new TreeSet<>(Set.of(0L));
        for (StoredExtra extra : model.storedExtras()) {
            Set<Long> more = new TreeSet<>(sums);
            sums.forEach(sum -> more.add(sum + extra.elements()));
            sums = more;
        }
        return sums;
    }
}
