package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.TestData.Recorded;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.model.ParameterGroup;
import dev.llmmem.model.Tower;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is special about models with towers: what the towers weigh, what is left without them, and what is refused. */
class HuggingFaceTowersTest {

    private static final Map<String, Recorded> RECORDED =
            TestData.recorded().stream().collect(Collectors.toMap(Recorded::name, Function.identity()));

    static List<String> published() {
        return TestData.lines("published-towers.csv").stream().skip(1).toList();
    }

    @ParameterizedTest
    @MethodSource("published")
    void towersAreWhatIsNotText(String line) {
        String[] row = line.split(",", 7);
        ModelSpec model = read(row[0]);

        long towers = Long.parseLong(row[4]);
        assertThat(model.parameters().of(ParameterGroup.TOWER)).isEqualTo(towers);
        assertThat(model.withoutTowers().parameterCount()).isEqualTo(model.parameterCount() - towers);
        assertThat(model.withoutTowers().layers()).isEqualTo(model.layers());
        assertThat(model.parameters().of(ParameterGroup.OTHER)).isLessThan(model.parameterCount() / 100_000);
    }

    @Test
    void bundledModelsComeWhole() {
        ModelSpec whole = Models.get("google/gemma-3-27b-it");

        assertThat(whole.inventory()).isEqualTo(read("google__gemma-3-27b-it").inventory());
        assertThat(whole.towers()).extracting(Tower::name).containsExactly("vision");
        assertThat(whole.towers().get(0).parameterCount()).isEqualTo(423_060_336);
    }

    @Test
    void fourthGemmaBorrowsKeysAndWidensHeads() {
        ModelSpec gemma = HuggingFace.read("""
                {"model_type": "gemma4", "audio_config": {}, "vision_config": {}, "text_config": {"hidden_size": 64,
                 "num_hidden_layers": 12, "num_key_value_heads": 4, "num_kv_shared_layers": 6, "attention_k_eq_v": true,
                 "num_global_key_value_heads": 2}}
                """);

        assertThat(gemma.towers()).extracting(Tower::name).containsExactly("vision", "audio");
        // Five layers of 4 heads of 256 with a window, one of 2 heads of 512 that keeps keys and values apart.
        assertThat(gemma.cacheElementsPerToken()).isEqualTo(5 * 2 * 4 * 256 + 2 * 2 * 512);
        assertThat(gemma.cacheElementsPerTokenBeyondWindows()).isEqualTo(2 * 2 * 512);
        assertThat(gemma.layers().subList(6, 12))
                .allSatisfy(layer -> assertThat(layer.attention()).isInstanceOf(Attention.Borrowed.class));
    }

    @Test
    void crossAttentionKeepsWhatTheImageGave() {
        ModelSpec llama = read("meta-llama__Llama-3.2-11B-Vision");

        List<Layer> crossed = llama.layers().stream()
                .filter(layer -> layer.attention() instanceof Attention.Cross)
                .toList();
        assertThat(crossed).hasSize(8);
        assertThat(crossed.get(0).attention().crossElementsPerToken()).isEqualTo(2 * 8 * 128);
        assertThat(llama.cacheElementsPerToken()).isEqualTo(32 * 2 * 8 * 128);
        // The embedding has eight rows that the head has not.
        assertThat(llama.parameters().active() - llama.parameters().activeWithoutEmbedding())
                .isEqualTo(128_264L * 4096);
    }

    @Test
    void chunksAreWindowsAndEveryFourthLayerHasNone() {
        ModelSpec scout = read("meta-llama__Llama-4-Scout-17B-16E-Instruct");

        assertThat(scout.layers())
                .filteredOn(layer -> layer.attention().window().isEmpty())
                .hasSize(12);
        assertThat(scout.layers().get(0).attention().window()).hasValue(8192);
        assertThat(((FeedForward.Experts) scout.layers().get(0).feedForward()).sharedWidth())
                .isEqualTo(8192);
    }

    @Test
    void modelWithoutHeadIsNamedWithoutItsFirstPart() {
        ModelSpec headless = HuggingFace.read("{\"model_type\": \"qwen2_vl\", \"architectures\": [\"Qwen2VLModel\"]}");

        assertThat(headless.inventory().keySet())
                .allSatisfy(parameter -> assertThat(parameter.name()).matches("(visual|language_model)\\..*"));
    }

    /** Files of transformers 4 say nothing where the head is apart from the embedding, and its 5.18 would tie it. */
    @Test
    void headOfMistral3IsTiedOnlyIfSomethingSaysSo() {
        assertThat(HuggingFace.read("{\"model_type\": \"mistral3\"}").parameterCount())
                .isEqualTo(24_011_361_280L);
        assertThat(HuggingFace.read("{\"model_type\": \"mistral3\", \"tie_word_embeddings\": true}")
                        .parameterCount())
                .isEqualTo(24_011_361_280L - 131_072L * 5120);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "llava", "vision_config": {"model_type": "blip"}                            | vision_config.model_type = "blip", permitted one of clip_vision_model
            "llava", "text_config": {"model_type": "phi"}                               | text_config.model_type = "phi", permitted one of llama
            "llava", "hidden_size": 5120, "mm_vision_tower": "clip"                     | hidden_size = "written outside", permitted a field of text_config
            "llava", "vision_feature_layer": []                                         | vision_feature_layer
            "gemma3", "vision_config": {"image_size": 8}                                | vision_config.patch_size = 16, permitted at most the image's 8 pixels
            "gemma3", "vision_config": {"num_attention_heads": 7}                       | vision_config.num_attention_heads = 7, permitted a divisor
            "gemma3", "vision_config": {"image_size": 16777216}                         | image_size = 16777216, permitted a whole number in [1, 16384]
            "mistral3", "spatial_merge_size": 0                                         | spatial_merge_size = 0
            "qwen2_vl", "head_dim": 64                                                  | head_dim = 64, permitted the hidden width by the heads
            "qwen2_vl", "vision_config": {"mlp_ratio": 16777216, "embed_dim": 16777216, "num_heads": 1, "depth": 10000} | number of parameters
            "qwen3_vl", "vision_config": {"deepstack_visual_indexes": 3}                | deepstack_visual_indexes = 3, permitted a list
            "mllama", "text_config": {"cross_attention_layers": 3}                      | cross_attention_layers = 3, permitted a list
            "llama4", "text_config": {"layer_types": ["sliding_attention"]}             | layer_types
            "llama4_text", "interleave_moe_layer_step": 0                               | interleave_moe_layer_step = 0
            "kimi_k25", "text_config": {"model_type": "llama"}                          | text_config.model_type = "llama", permitted deepseek_v3 or kimi_k2
            "kimi_k25", "vision_config": {"merge_kernel_size": [2]}                     | merge_kernel_size
            "gemma4_text", "num_kv_shared_layers": 30                                   | num_kv_shared_layers = 30, permitted less than 30
            "gemma4_text", "enable_moe_block": true                                     | num_experts
            "gemma4_text", "use_bidirectional_attention": "text"                        | use_bidirectional_attention = "text", permitted "all" or "vision"
            "gemma4", "audio_config": {"subsampling_conv_channels": [1, 2]}             | subsampling_conv_channels
            "muse_glimmer", "text_config": {"layer_rope_theta": [1]}                    | layer_rope_theta
            "molmo", "attention_layer_norm": true                                       | attention_layer_norm = true, permitted absent
            """)
    void whatMakesNoSenseIsRefused(String fields, String message) {
        assertThatThrownBy(() -> HuggingFace.read("{\"model_type\": " + fields + "}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message);
    }

    private static ModelSpec read(String name) {
        return HuggingFace.read(Objects.requireNonNull(RECORDED.get(name), name).config());
    }
}
