package dev.llmmem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.model.architecture.Architectures;
import dev.llmmem.model.architecture.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruningTest {

    private static final ModelSpec LLAMA = Models.get("meta-llama/Llama-3.1-8B");

    /** A small model of a type, of eight layers, twelve heads on four, 96 rows. */
    private static ModelSpec model(String type, int layers, int heads, int keyValueHeads, int rows) {
        Map<String, @Nullable Object> fields = new HashMap<>(Map.of(
                "model_type",
                type,
                "hidden_size",
                48L,
                "intermediate_size",
                64L,
                "num_attention_heads",
                (long) heads,
                "num_key_value_heads",
                (long) keyValueHeads,
                "head_dim",
                4L,
                "num_hidden_layers",
                (long) layers,
                "vocab_size",
                (long) rows));
        fields.put("tie_word_embeddings", false);
        return Architectures.describe(Fields.of(fields));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3", "mistral", "gemma", "glm4", "phi3", "granite", "gpt_oss"})
    void headsAreThoseOfASmallerConfiguration(String type) {
        ModelSpec before = model(type, 8, 12, 4, 96);

        Pruning pruning = Pruning.keepHeads(before, 3);

        assertThat(pruning.model().inventory())
                .isEqualTo(model(type, 8, 9, 3, 96).inventory());
        assertThat(pruning.model().layers()).isEqualTo(model(type, 8, 9, 3, 96).layers());
        assertThat(pruning.savedParameters())
                .isEqualTo(before.parameterCount() - pruning.model().parameterCount())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "gemma", "mistral", "gpt_oss"})
    void rowsAreThoseOfASmallerConfiguration(String type) {
        ModelSpec smaller =
                model(type, 8, 12, 4, 50).toBuilder().storedExtras(List.of()).build();

        assertThat(Pruning.cutVocabulary(model(type, 8, 12, 4, 96), 50).model()).isEqualTo(smaller);
    }

    @Test
    void layersAreThoseOfASmallerConfiguration() {
        Pruning pruning = Pruning.dropLayers(model("llama", 8, 12, 4, 96), List.of(2, 5, 7));

        assertThat(pruning.model().layers())
                .isEqualTo(model("llama", 5, 12, 4, 96).layers());
        assertThat(pruning.model().parameterCount())
                .isEqualTo(model("llama", 5, 12, 4, 96).parameterCount());
    }

    @Test
    void tiedTablesAndOldNamesAreCutToo() {
        ModelSpec gpt = Models.get("openai-community/gpt2");

        Pruning rows = Pruning.cutVocabulary(gpt, 50_000);
        Pruning heads = Pruning.keepHeads(gpt, 6);

        assertThat(rows.savedParameters()).isEqualTo(257L * 768);
        // of each layer: half of 768 x 2304 and its bias, half of 768 x 768
        assertThat(heads.savedParameters()).isEqualTo(12L * (768 * 1152 + 1152 + 384 * 768));
    }

    @Test
    void aTableIsCutAsOftenAsOneLikes() {
        // after the first cut the vocabulary is as wide as OPT-350m's narrow tables, whose matrices must stay
        Pruning first = Pruning.cutVocabulary(Models.get("facebook/opt-350m"), 512);
        Pruning second = Pruning.cutVocabulary(first.model(), 256);

        assertThat(second.savedParameters()).isEqualTo(256L * 512);
        assertThat(first.model().parameters().of(ParameterGroup.HEAD)).isZero();
    }

    @Test
    void showsWhatIsSaved() {
        Pruning pruning = Pruning.dropLayers(LLAMA, List.of(24, 25, 26, 27));

        assertThat(pruning.savedParameters()).isEqualTo(872_448_000L);
        assertThat(pruning).hasToString("8030261248 - 872448000 = 7157813248 parameters (-10.9 %)");
        assertThat(Pruning.dropLayers(LLAMA, List.of()).savedShare()).isZero();
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.dropLayers(LLAMA, List.of(32)))
                .withMessage("layer is 32, but must be an index of 0 to 31, each once");
        assertThatIllegalArgumentException().isThrownBy(() -> Pruning.dropLayers(LLAMA, List.of(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Pruning.dropLayers(LLAMA, List.of(3, 3)));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Pruning.dropLayers(LLAMA, IntStream.range(0, 32).boxed().toList()))
                .withMessage("layers is all 32, but at least 1 layer must be left");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.keepHeads(LLAMA, 9))
                .withMessage("keyValueHeads is 9, but must be 1 to the layer's 8 heads");
        assertThatIllegalArgumentException().isThrownBy(() -> Pruning.keepHeads(LLAMA, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.keepHeads(Models.get("deepseek-ai/DeepSeek-V2-Lite"), 2))
                .withMessageContaining("Latent");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.cutVocabulary(LLAMA, 128_257))
                .withMessage("rows is 128257, but must be 1 to the vocabulary's 128256");
        assertThatIllegalArgumentException().isThrownBy(() -> Pruning.cutVocabulary(LLAMA, 0));
    }
}
