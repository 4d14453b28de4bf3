package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.ParameterGroup;
import dev.llmmem.model.StoredExtra;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceRecurrentTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mamba | "time_step_rank": "half" | time_step_rank = "half", permitted "auto" or a whole number in [1, 16777216] elements
            mamba | "expand": 2.5 | expand = 2.5, permitted a whole number in [1, 16777216] elements
            mamba | "hidden_size": 16777216, "expand": 16777216 | the number of parameters = "more than 9223372036854775807", permitted at most that
            mamba | "conv_kernel": 0 | conv_kernel = 0, permitted a whole number in [1, 16777216] elements
            mamba2 | "num_heads": 96 | num_heads = 96, permitted so many that heads of 64 fill the inner width 8192
            mamba2 | "n_groups": 3 | n_groups = 3, permitted a divisor of the 128 heads
            qwen3_next | "attn_output_gate": false | attn_output_gate = false, permitted absent or true: this type always gates
            qwen3_next | "linear_num_key_heads": 12 | linear_num_value_heads = 32, permitted a multiple of the 12 key heads
            qwen3_next | "full_attention_interval": 0 | full_attention_interval = 0, permitted a whole number in [1, 10000] layers
            qwen3_5_text | "num_hidden_layers": 1, "layer_types": ["conv"] | layer_types = "conv", permitted for each layer one of full_attention, linear_attention
            qwen3_5_text | "layer_types": ["full_attention"] | layer_types = a list of 1, permitted a list of 32, one a layer
            jamba | "attn_layer_offset": 8 | attn_layer_offset = 8, permitted less than the period of 8 layers
            granitemoehybrid | "mamba_n_heads": 100 | mamba_n_heads = 100, permitted so many that heads of 81 fill the inner width 8192
            nemotron_h | "hybrid_override_pattern": "M*X" | hybrid_override_pattern = "M*X", permitted 1 to 10000 letters M, *, - or E
            nemotron_h | "hybrid_override_pattern": "" | hybrid_override_pattern = "", permitted 1 to 10000 letters M, *, - or E
            nemotron_h | "layers_block_type": [] | layers_block_type = a list of 0, permitted a list of 1 to 10000 layers
            lfm2 | "block_ffn_dim_multiplier": 0 | block_ffn_dim_multiplier = 0, permitted a number in (0, 100]
            lfm2_moe | "num_experts": 8 | layer_types = null, permitted a list, one a layer; this type has no default
            xlstm | "weight_mode": "fused" | weight_mode = "fused", permitted "single", since transformers builds no other
            xlstm | "qk_dim_factor": 0.3001 | qk_dim_factor = 0.3001, permitted a factor of the hidden width 4096 that gives a multiple of the 8 heads
            xlstm | "embedding_dim": 2048 | embedding_dim = 2048, permitted the hidden width 4096, or absent
            """)
    void whatCannotBeIsRefused(String type, String fields, String message) {
        assertThatThrownBy(() -> HuggingFace.read("{\"model_type\": \"" + type.strip() + "\", " + fields.strip() + "}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessage("config.json: " + message.strip());
    }

    @Test
    void typesWithoutKnownParametersAreRefusedByName() {
        assertThatThrownBy(() -> HuggingFace.read("{\"model_type\": \"rwkv5\", \"hidden_size\": 2560}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("config.json: model_type = \"rwkv5\", permitted one of ");
    }

    @Test
    void layersOfOneKindEach() {
        ModelSpec model = HuggingFace.read("""
                {"model_type": "nemotron_h", "hybrid_override_pattern": "M*-E", "num_nextn_predict_layers": 2,
                 "mtp_hybrid_override_pattern": "*"}
                """);

        assertThat(model.layers()).hasSize(4);
        long router = 8 * 4096;
        assertThat(model.parameters().of(ParameterGroup.ROUTER)).isEqualTo(router);
        assertThat(model.parameters().of(ParameterGroup.ROUTED_EXPERTS)).isEqualTo(8L * 2 * 4096 * 7688);
        assertThat(model.parameters().of(ParameterGroup.FEED_FORWARD)).isEqualTo(2L * 4096 * (21_504 + 7688));
        long attention = 2L * 4096 * 4096 + 2L * 1024 * 4096 + 4096;
        assertThat(model.storedExtras())
                .containsExactly(
                        new StoredExtra(
                                "model.layers.{i}.mixer.gate.e_score_correction_bias",
                                8,
                                StoredExtra.Cause.ROUTER_CORRECTION),
                        new StoredExtra(
                                "mtp",
                                2 * (attention + 2L * 4096 * 4096 + 3 * 4096),
                                StoredExtra.Cause.TOKEN_PREDICTION));
    }

    /** The Hub counts 35,951,822,704 for Qwen3.6-35B-A3B, of which transformers gives 446,571,248 to the image tower. */
    @Test
    void layersThatPredictFurtherTokensAreThoseOfFiles() {
        ModelSpec model = HuggingFace.read("{\"model_type\": \"qwen3_5_moe_text\", \"mtp_num_hidden_layers\": 1}");

        long predicting = 35_951_822_704L - 446_571_248 - model.parameterCount();
        assertThat(model.storedExtras())
                .containsExactly(new StoredExtra("mtp", predicting, StoredExtra.Cause.TOKEN_PREDICTION));
        assertThat(HuggingFace.read("{\"model_type\": \"qwen3_5_moe_text\"}").storedExtras())
                .isEmpty();
    }

    @Test
    void cacheGrowsOnlyInLayersThatAttend() {
        ModelSpec model = HuggingFace.read("{\"model_type\": \"qwen3_next\"}");

        assertThat(model.cacheElementsPerToken()).isEqualTo(12L * 2 * 2 * 256);
        assertThat(model.describe())
                .contains("36 x GATED_DELTA of 32 heads", "12 x attention of 16 heads on 2 of 256")
                .contains("state per sequence "
                        + String.format(java.util.Locale.ROOT, "%,d", 36L * (8192 * 4 + 32 * 128 * 128)));
    }
}
