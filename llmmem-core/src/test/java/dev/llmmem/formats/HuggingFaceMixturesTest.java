package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.formats.TestData.Recorded;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Flops;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.ParameterGroup;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.StoredExtra.Cause;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What checkpoints of mixtures hold besides, to the last element, and what their layers keep per token. */
class HuggingFaceMixturesTest {

    private static final Map<String, Recorded> RECORDED =
            TestData.recorded().stream().collect(Collectors.toMap(Recorded::name, Function.identity()));

    private static ModelSpec read(String name) {
        return HuggingFace.read(Objects.requireNonNull(RECORDED.get(name), name).config());
    }

    /** The differences are those between the count of the Hub and that of transformers. */
    @ParameterizedTest
    @CsvSource({
        "zai-org__GLM-4.5, 5539976512, ROUTER_CORRECTION TOKEN_PREDICTION TOKEN_PREDICTION_COPY",
        "zai-org__GLM-4.7-Flash, 1278097600, ROUTER_CORRECTION TOKEN_PREDICTION TOKEN_PREDICTION_COPY",
        "zai-org__GLM-5, 9952939776, ROUTER_CORRECTION TOKEN_PREDICTION",
        "zai-org__GLM-5.1, 9952939776, ROUTER_CORRECTION TOKEN_PREDICTION",
    })
    void differencesAreSumsOfExtras(String name, long difference, String causes) {
        ModelSpec model = read(name);

        assertThat(extras(model, causes)).isEqualTo(difference);
        assertThat(model.describe()).contains("a published count may include");
    }

    /** Those in FP8 have a scale for each tile of 128 by 128 besides, in the layers that predict too. */
    @ParameterizedTest
    @CsvSource({
        "deepseek-ai__DeepSeek-V3, 13504981648, ROUTER_CORRECTION TOKEN_PREDICTION TOKEN_PREDICTION_COPY",
        "deepseek-ai__DeepSeek-R1, 13504981648, ROUTER_CORRECTION TOKEN_PREDICTION TOKEN_PREDICTION_COPY",
        "deepseek-ai__DeepSeek-V3.2, 13518992160, ROUTER_CORRECTION TOKEN_PREDICTION TOKEN_PREDICTION_COPY",
        "zai-org__GLM-5-FP8, 9998824800, ROUTER_CORRECTION TOKEN_PREDICTION",
        "MiniMaxAI__MiniMax-M2.5, 13895936, ROUTER_CORRECTION",
        "MiniMaxAI__MiniMax-M2.7, 13895936, ROUTER_CORRECTION",
    })
    void differencesOfQuantizedFilesAreExtrasAndScales(String name, long difference, String causes) {
        ModelSpec model = read(name);
        List<Layer> layers = model.layers();
        long scales = layers.stream().mapToLong(HuggingFaceMixturesTest::scales).sum();
        if (causes.contains("TOKEN_PREDICTION")) {
            scales += scales(layers.get(layers.size() - 1));
        }

        assertThat(extras(model, causes) + scales).isEqualTo(difference);
    }

    @Test
    void mimoIsExplainedButForItsScales() {
        ModelSpec model = read("XiaomiMiMo__MiMo-V2-Flash");

        // Of 1006549568 elements 18717312 are left for scales, whose tiles no file here states.
        assertThat(extras(model, "ROUTER_CORRECTION TOKEN_PREDICTION")).isEqualTo(1006549568L - 18717312L);
        assertThat(model.cacheElementsPerToken()).isEqualTo(9 * 4 * (192 + 128) + 39 * 8 * (192 + 128));
        assertThat(model.cacheElementsPerTokenBeyondWindows()).isEqualTo(9 * 4 * (192 + 128));
    }

    @Test
    void nothingIsPredictedWhereTheConfigurationSaysSo() {
        assertThat(read("moonshotai__Kimi-K2-Instruct").storedExtras())
                .containsExactly(new StoredExtra(
                        "model.layers.{i}.mlp.gate.e_score_correction_bias", 60 * 384L, Cause.ROUTER_CORRECTION));
        assertThat(HuggingFace.read("{\"model_type\": \"deepseek_v3\", \"num_mtp_layers\": 2}")
                        .storedExtras())
                .extracting(StoredExtra::name)
                .contains("model.layers.61-62", "model.layers.61-62.shared_head.head.weight");
    }

    @Test
    void indexersKeepAKeyPerTokenUnlessTheirPicksAreShared() {
        ModelSpec all = read("zai-org__GLM-5");
        ModelSpec some = read("zai-org__GLM-5.2");

        assertThat(all.cacheElementsPerToken()).isEqualTo(78 * (512 + 64 + 128));
        assertThat(some.cacheElementsPerToken()).isEqualTo(78 * (512 + 64) + 21 * 128);
        assertThat(some.describe()).contains("indexed");
    }

    @Test
    void olderTokensOfDeepSeekV4AreCompressed() {
        ModelSpec model = read("deepseek-ai__DeepSeek-V4-Flash");
        long older = 21 * (512 + 128) / 4 + 20 * 512 / 128;

        assertThat(model.cacheElementsPerToken()).isEqualTo(43 * 512 + older);
        assertThat(model.cacheElementsPerTokenBeyondWindows()).isEqualTo(older);
        assertThat(extras(model, "BUFFER")).isEqualTo(3 * 129_280 * 6);
        assertThat(extras(model, "ROUTER_CORRECTION")).isEqualTo(40 * 256);
    }

    @Test
    void layersOfSearchedModelsMayLackAttention() {
        String line = TestData.counts().stream()
                .filter(row -> row.contains("nemotron-nas"))
                .findFirst()
                .orElseThrow();
        Map<?, ?> row = Json.object(line, "counts");
        ModelSpec model = HuggingFace.read(TestData.text(TestData.member(row, "config")));

        assertThat(model.layers())
                .filteredOn(layer -> layer.attention() instanceof Attention.Absent)
                .hasSize(31)
                .allMatch(layer -> layer.find("input_layernorm.weight").isEmpty());
        assertThat(model.cacheElementsPerToken()).isEqualTo(49 * 2 * 8 * 128);
    }

    @Test
    void operationsMeetTheActiveExpertsHoweverTheyAreStacked() {
        for (String name : List.of("databricks__dbrx-base", "ibm-granite__granite-3.1-1b-a400m-instruct")) {
            ModelSpec model = read(name);
            long norms = model.parameters().of(ParameterGroup.NORM);

            // Of what a token meets, only norms are no products; a tied table is the head.
            Flops flops = Flops.forward(model, 1, Flops.Pairs.CAUSAL);
            assertThat(flops.projections() + flops.head())
                    .as(name)
                    .isEqualTo(2 * (model.parameters().activeWithoutEmbedding() - norms));
        }
    }

    private static long extras(ModelSpec model, String causes) {
        List<String> counted = List.of(causes.split(" "));
        return model.storedExtras().stream()
                .filter(extra -> counted.contains(extra.cause().name()))
                .mapToLong(StoredExtra::elements)
                .sum();
    }

    private static long scales(Layer layer) {
        long scales = 0;
        for (Parameter parameter : layer.parameters()) {
            List<Long> shape = parameter.shape();
            if (parameter.name().endsWith("experts.gate_up_proj")) {
                scales += shape.get(0) * 2 * tiles(shape.get(1) / 2) * tiles(shape.get(2));
            } else if (layer.feedForward() instanceof FeedForward.Experts
                    && parameter.kind() == Parameter.Kind.EXPERTS) {
                scales += shape.get(0) * tiles(shape.get(1)) * tiles(shape.get(2));
            } else if (parameter.isLinear() && !parameter.name().contains("weights_proj")) {
                scales += tiles(shape.get(0)) * tiles(shape.get(1));
            }
        }
        return scales;
    }

    private static long tiles(long elements) {
        return (elements + 127) / 128;
    }
}
