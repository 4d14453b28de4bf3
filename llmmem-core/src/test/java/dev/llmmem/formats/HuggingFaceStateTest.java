package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a layer keeps of a sequence and caches per token is what the caches of transformers 5.18 held after a pass. */
class HuggingFaceStateTest {

    static Stream<String> ran() {
        return TestData.lines("variants-recurrent.jsonl.gz").stream().filter(line -> !line.contains("\"states\":null"));
    }

    @ParameterizedTest
    @MethodSource("ran")
    void stateAndCacheAreThoseOfTransformers(String line) {
        Map<?, ?> row = Json.object(line, "variants-recurrent.jsonl.gz");
        ModelSpec model = HuggingFace.read(TestData.text(TestData.member(row, "config")));

        List<Object> states = new ArrayList<>();
        for (Layer layer : model.layers()) {
            states.add(
                    List.of(layer.attention().stateElements(), layer.attention().cacheElementsPerToken()));
        }
        assertThat(states).as(line).isEqualTo(TestData.member(row, "states"));
    }
}
