package dev.llmmem.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterCountsTest {

    static Stream<String> ids() {
        return Models.ids().stream();
    }

    @ParameterizedTest
    @MethodSource("ids")
    void groupsSumToTheTotalAndEveryMatrixHasOne(String id) {
        ModelSpec model = Models.get(id);
        ParameterCounts counts = model.parameters();

        assertThat(counts.byGroup().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(counts.total())
                .isEqualTo(model.parameterCount());
        assertThat(counts.active()).isBetween(counts.activeWithoutEmbedding(), counts.total());
        for (Layer layer : model.layers()) {
            assertThat(layer.parameters().stream()
                            .filter(Parameter::isLinear)
                            .filter(parameter -> ParameterGroup.of(parameter, layer) == ParameterGroup.OTHER))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    // github.com/openai/gpt-oss README (3.6B, 5.1B), github.com/deepseek-ai/DeepSeek-V2 README (2.4B): without
    // embedding;
    // arXiv 2401.04088 (13B), github.com/allenai/OLMoE README (1.3B): with it
    @CsvSource({
        "openai/gpt-oss-20b, 4187440704, 3608307264",
        "openai/gpt-oss-120b, 5711982912, 5132849472",
        "deepseek-ai/DeepSeek-V2-Lite, 2661150208, 2451435008",
        "mistralai/Mixtral-8x7B-v0.1, 12879925248, 12748853248",
        "allenai/OLMoE-1B-7B-0924, 1282017280, 1178994688"
    })
    void activeParametersAreThoseThatArePublished(String id, long active, long without) {
        ParameterCounts counts = Models.get(id).parameters();

        assertThat(counts.active()).isEqualTo(active);
        assertThat(counts.activeWithoutEmbedding()).isEqualTo(without);
    }

    @Test
    void whatWidensNarrowEmbeddingsBelongsToThem() {
        // arXiv 2205.01068: tables of 512 for 50272 tokens, of 1024 for 2050 positions, and two matrices between
        assertThat(Models.get("facebook/opt-350m").parameters().of(ParameterGroup.EMBEDDING))
                .isEqualTo(50_272L * 512 + 2050 * 1024 + 2 * 512 * 1024);
    }

    @Test
    void towersAreCountedButNotActive() {
        ModelSpec text = Models.get("openai-community/gpt2");
        Parameter patch = new Parameter("vision.patch.weight", List.of(10L, 3L), Parameter.Kind.LINEAR);
        ModelSpec model = text.toBuilder()
                .towers(List.of(new Tower("vision", List.of(new Tower.Part(patch, 4)))))
                .build();

        assertThat(model.parameterCount()).isEqualTo(text.parameterCount() + 120);
        assertThat(model.parameters().byGroup()).containsEntry(ParameterGroup.TOWER, 120L);
        assertThat(model.parameters().active()).isEqualTo(text.parameterCount());
        assertThat(model.inventory()).containsEntry(patch, 4);
        assertThat(model.withoutTowers()).isEqualTo(text);
        assertThat(text.withoutTowers()).isSameAs(text);
    }
}
