package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.model.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceHostileTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "hidden_size": 0            | hidden_size = 0, permitted a whole number in [1, 16777216] elements
            "hidden_size": -4096        | hidden_size = -4096, permitted a whole number in [1, 16777216] elements
            "hidden_size": 4096.5       | hidden_size = 4096.5, permitted a whole number in [1, 16777216] elements
            "hidden_size": 4096.0       | hidden_size = 4096.0, permitted a whole number in [1, 16777216] elements
            "hidden_size": 1e3          | hidden_size = 1000.0, permitted a whole number in [1, 16777216] elements
            "hidden_size": 16777217     | hidden_size = 16777217, permitted a whole number in [1, 16777216] elements
            "hidden_size": 18446744073709551616 | hidden_size = 18446744073709551616, permitted a whole number in [1, 16777216] elements
            "hidden_size": "4096"       | hidden_size = "4096", permitted a whole number in [1, 16777216] elements
            "hidden_size": [4096]       | hidden_size = a list of 1, permitted a whole number in [1, 16777216] elements
            "hidden_size": {}           | hidden_size = an object, permitted a whole number in [1, 16777216] elements
            "hidden_size": true         | hidden_size = true, permitted a whole number in [1, 16777216] elements
            "hidden_size": null         | hidden_size = null, permitted a whole number in [1, 16777216] elements
            "vocab_size": 0             | vocab_size = 0, permitted a whole number in [1, 268435456] rows
            "num_hidden_layers": 0      | num_hidden_layers = 0, permitted a whole number in [1, 10000] layers
            "num_hidden_layers": 100000 | num_hidden_layers = 100000, permitted a whole number in [1, 10000] layers
            "num_attention_heads": 7    | num_attention_heads = 7, permitted a divisor of the hidden width 4096
            "num_key_value_heads": 5    | num_key_value_heads = 5, permitted a divisor of the 32 heads
            "num_key_value_heads": 64   | num_key_value_heads = 64, permitted a divisor of the 32 heads
            "max_position_embeddings": 0 | max_position_embeddings = 0, permitted a whole number in [1, 2147483647] tokens
            "tie_word_embeddings": 1    | tie_word_embeddings = 1, permitted true or false
            "attention_dropout": 1      | attention_dropout = 1, permitted a number in [0, 1)
            "attention_dropout": -0.1   | attention_dropout = -0.1, permitted a number in [0, 1)
            "attention_dropout": "0"    | attention_dropout = "0", permitted a number in [0, 1)
            "hidden_act": "magic"       | hidden_act = "magic", permitted one of gelu, gelu_fast, gelu_new, gelu_pytorch_tanh, relu, relu2, silu, swish
            "hidden_act": 3             | hidden_act = 3, permitted a text
            "torch_dtype": "auto"       | torch_dtype = "auto", permitted a number format such as "bfloat16"
            "dtype": 16                 | dtype = 16, permitted a text
            "architectures": "Llama"    | architectures = "Llama", permitted a list
            "architectures": ["LlamaForSequenceClassification"] | architectures = "LlamaForSequenceClassification", permitted a class that predicts tokens (...ForCausalLM) or has no head (...Model)
            """)
    void messagesGiveNameValueRangeAndUnit(String field, String message) {
        assertThatThrownBy(() -> HuggingFace.read("{\"model_type\": \"llama\", " + field.strip() + "}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessage("config.json: " + message.strip());
    }

    @Test
    void everyViolationIsReportedAtOnce() {
        assertThatThrownBy(() -> HuggingFace.read("""
                        {"model_type": "llama", "hidden_size": -1, "vocab_size": "many", "num_attention_heads": 0,
                         "attention_bias": "yes", "hidden_act": "magic", "torch_dtype": "bf17"}
                        """))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContainingAll(
                        "hidden_size = -1",
                        "vocab_size = \"many\"",
                        "num_attention_heads = 0",
                        "attention_bias = \"yes\"",
                        "hidden_act = \"magic\"",
                        "torch_dtype = \"bf17\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"model_type\": null}", "{\"model_type\": \"llama5\"}", "{\"model_type\": 5}"})
    void unknownTypesAreAnsweredWithTheKnownOnes(String config) {
        assertThatThrownBy(() -> HuggingFace.read(config))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("model_type = ")
                .hasMessageContaining("one of " + String.join(", ", HuggingFace.modelTypes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek_ref", "kimi_k3", "minimax_m3", "rwkv5", "step3p7", "yuan"})
    void typesThatNothingCouldCheckAreRefusedByName(String type) {
        assertThatThrownBy(() -> HuggingFace.read("{\"model_type\": \"" + type + "\"}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContainingAll("model_type = \"" + type + "\"", "no parameters are published");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model_type\": \"phimoe\", \"num_local_experts\": 2, \"num_experts_per_tok\": 3}",
                "{\"model_type\": \"minimax_m2\", \"rotary_dim\": 129}",
                "{\"model_type\": \"minimax_m2\", \"shared_intermediate_size\": 64}",
                "{\"model_type\": \"ernie4_5_moe\", \"moe_layer_end_index\": -2}",
                "{\"model_type\": \"ernie4_5_moe\", \"moe_layer_interval\": 0}",
                "{\"model_type\": \"ernie4_5_moe\", \"moe_num_shared_experts\": 65536, \"moe_intermediate_size\": 16777216}",
                "{\"model_type\": \"deepseek_v3\", \"num_nextn_predict_layers\": -1}",
                "{\"model_type\": \"deepseek_v32\", \"q_lora_rank\": null}",
                "{\"model_type\": \"glm4_moe_lite\", \"mlp_layer_types\": [\"sparse\"]}",
                "{\"model_type\": \"glm_moe_dsa\", \"num_hidden_layers\": 1, \"indexer_types\": [\"some\"]}",
                "{\"model_type\": \"glm_moe_dsa\", \"index_topk_pattern\": \"FFX\"}",
                "{\"model_type\": \"glm_moe_dsa\", \"index_n_heads\": 1025}",
                "{\"model_type\": \"mimo_v2_flash\", \"swa_head_dim\": 64}",
                "{\"model_type\": \"mimo_v2_flash\", \"num_key_value_heads\": 64}",
                "{\"model_type\": \"mimo_v2_flash\", \"hybrid_layer_pattern\": [0, 2]}",
                "{\"model_type\": \"mimo_v2_flash\", \"add_full_attention_sink_bias\": true}",
                "{\"model_type\": \"deepseek_v4\", \"num_key_value_heads\": 2}",
                "{\"model_type\": \"deepseek_v4\", \"compress_ratios\": [0, 8]}",
                "{\"model_type\": \"deepseek_v4\", \"compress_rates\": {\"compressed_sparse_attention\": 3}}",
                "{\"model_type\": \"deepseek_v4\", \"o_groups\": 3}",
                "{\"model_type\": \"deepseek_v4\", \"hc_mult\": 0}",
                "{\"model_type\": \"deepseek_v4\", \"mlp_layer_types\": [\"moe\"]}",
                "{\"model_type\": \"dbrx\", \"attn_config\": {\"kv_n_heads\": 3}}",
                "{\"model_type\": \"dbrx\", \"ffn_config\": {\"moe_top_k\": 5}}",
                "{\"model_type\": \"dbrx\", \"ffn_config\": {\"moe_num_experts\": 65537}}",
                "{\"model_type\": \"dbrx\", \"ffn_config\": []}",
                "{\"model_type\": \"hunyuan_v1_moe\"}",
                "{\"model_type\": \"hunyuan_v1_moe\", \"head_dim\": 128, \"moe_topk\": [1]}",
                "{\"model_type\": \"hunyuan_v1_moe\", \"head_dim\": 128, \"moe_topk\": 2}",
            })
    void mixturesWithoutSenseAreRefused(String config) {
        assertThatThrownBy(() -> HuggingFace.read(config))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("permitted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                      | block_configs = a list of 0, permitted a list of 1, one a layer
            [5]                                                     | block_configs = 5, permitted an object
            [null]                                                  | attention = null, permitted an object
            [{"attention": {"no_op": true, "replace_with_linear": false}}] | ffn = null, permitted an object
            [{"attention": {"no_op": true, "replace_with_linear": false}, "ffn": {"no_op": false, "ffn_mult": 0}}] | ffn_mult = 0, permitted a number in (0, 1024]
            [{"attention": {"no_op": true, "replace_with_linear": false}, "ffn": {"no_op": false, "ffn_mult": 1e300}}] | ffn_mult = 1.0E300, permitted a number in (0, 1024]
            [{"attention": {"no_op": true, "replace_with_linear": false}, "ffn": {"no_op": true, "replace_with_linear": true}}] | replace_with_linear = true, permitted absent
            [{"attention": {"no_op": false, "replace_with_linear": false, "n_heads_in_group": 3}, "ffn": {"no_op": true}}] | n_heads_in_group = 3, permitted a divisor of the 4 heads
            """)
    void blocksOfSearchedModelsAreChecked(String blocks, String message) {
        String config = "{\"model_type\": \"nemotron-nas\", \"hidden_size\": 64, \"num_hidden_layers\": 1,"
                + " \"num_attention_heads\": 4, \"vocab_size\": 128, \"block_configs\": " + blocks + "}";
        assertThatThrownBy(() -> HuggingFace.read(config))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model_type\": \"qwen2\", \"layer_types\": [\"full_attention\"]}",
                "{\"model_type\": \"qwen2\", \"num_hidden_layers\": 1, \"layer_types\": [null]}",
                "{\"model_type\": \"qwen2\", \"num_hidden_layers\": 1, \"layer_types\": [[[]]]}",
                "{\"model_type\": \"qwen2\", \"num_hidden_layers\": 1, \"layer_types\": [\"linear_attention\"]}",
                "{\"model_type\": \"mistral\", \"sliding_window\": 0}",
                "{\"model_type\": \"mixtral\", \"num_experts_per_tok\": 9}",
                "{\"model_type\": \"mixtral\", \"num_local_experts\": 0}",
                "{\"model_type\": \"qwen3_moe\", \"decoder_sparse_step\": 0}",
                "{\"model_type\": \"gemma3_text\", \"sliding_window_pattern\": 0}",
                "{\"model_type\": \"gemma3\", \"text_config\": []}",
                "{\"model_type\": \"gemma3\", \"text_config\": {\"hidden_size\": 0}}",
                "{\"model_type\": \"exaone4\", \"sliding_window_pattern\": \"\"}",
                "{\"model_type\": \"exaone4\", \"sliding_window_pattern\": \"LXG\"}",
                "{\"model_type\": \"smollm3\", \"no_rope_layers\": [1]}",
                "{\"model_type\": \"gpt_neo\", \"attention_types\": [[[\"global\"], 2000000000]]}",
                "{\"model_type\": \"gpt_neo\", \"attention_types\": [[[\"global\"], -1]]}",
                "{\"model_type\": \"gpt_neo\", \"attention_types\": [[[null], 24]]}",
                "{\"model_type\": \"gpt_neo\", \"attention_types\": [1]}",
                "{\"model_type\": \"gpt_neo\", \"num_layers\": 3}",
                "{\"model_type\": \"gptj\", \"rotary_dim\": 512}",
                "{\"model_type\": \"gpt2\", \"add_cross_attention\": true}",
                "{\"model_type\": \"phi\", \"partial_rotary_factor\": 1.5}",
                "{\"model_type\": \"phi\", \"rope_scaling\": {\"partial_rotary_factor\": -1}}",
                "{\"model_type\": \"falcon\", \"new_decoder_architecture\": true, \"num_kv_heads\": 9}",
                "{\"model_type\": \"deepseek_v3\", \"moe_intermediate_size\": 16777216, \"n_shared_experts\": 65536}",
                "{\"model_type\": \"deepseek_v3\", \"qk_rope_head_dim\": 0}"
            })
    void nonsenseOfEachTypeIsRefused(String config) {
        assertThatThrownBy(() -> HuggingFace.read(config))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("config.json: ");
    }

    @Test
    void countsBeyondLongAreRefused() {
        assertThatThrownBy(() -> HuggingFace.read("""
                        {"model_type": "mixtral", "hidden_size": 16777216, "intermediate_size": 16777216,
                         "num_local_experts": 65536}
                        """))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("the number of parameters");
    }

    @Test
    void greatestPermittedModelIsReadQuickly() {
        ModelSpec model = Assertions.assertTimeout(LIMIT, () -> HuggingFace.read("""
                        {"model_type": "stablelm", "hidden_size": 4096, "num_attention_heads": 1024,
                         "num_key_value_heads": 1024, "num_hidden_layers": 10000, "qk_layernorm": true}
                        """));
        assertThat(model.layers()).hasSize(10_000);
    }

    @Test
    void longListsAreReadQuickly() {
        String types = "\"sliding_attention\", ".repeat(9_999) + "\"full_attention\"";
        String indices = "[" + "7, ".repeat(500_000) + "8]";
        Assertions.assertTimeout(LIMIT, () -> {
            ModelSpec qwen = HuggingFace.read("{\"model_type\": \"qwen2\", \"num_hidden_layers\": 10000,"
                    + " \"use_sliding_window\": true, \"layer_types\": [" + types + "]}");
            assertThat(qwen.layers()).hasSize(10_000);
            ModelSpec moe = HuggingFace.read("{\"model_type\": \"qwen3_moe\", \"num_hidden_layers\": 10000,"
                    + " \"mlp_only_layers\": " + indices + "}");
            assertThat(moe.layers()).hasSize(10_000);
        });
    }

    @Test
    void messagesStayShortHoweverMuchIsWrong() {
        String types = "\"\\u0000\\n\", ".repeat(9_999) + "1";
        assertThatThrownBy(() -> HuggingFace.read(
                        "{\"model_type\": \"qwen2\", \"num_hidden_layers\": 10000, \"layer_types\": [" + types + "]}"))
                .isInstanceOf(MalformedInputException.class)
                .satisfies(
                        e -> assertThat(e.getMessage()).hasSizeLessThan(5_000).doesNotContain("\n"));
        assertThatThrownBy(() -> HuggingFace.read("{\"model_type\": \"" + "x".repeat(1_000_000) + "\"}"))
                .isInstanceOf(MalformedInputException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(200
                                + String.join(", ", HuggingFace.modelTypes()).length()));
    }

    @Test
    void endlessNestingIsRefusedWithoutReadingOn() {
        assertRefusedEarly('[');
        assertRefusedEarly('{');
    }

    @Test
    void endlessTextIsRefusedWithoutReadingOn() {
        assertRefusedEarly(' ');
        assertRefusedEarly('9');
        assertRefusedEarly('"');
    }

    @Test
    void deepNestingThatFitsIsRefused() {
        String open = "{\"a\":".repeat(1_000_000);
        Assertions.assertTimeout(
                LIMIT,
                () -> assertThatThrownBy(() -> HuggingFace.read(open)).isInstanceOf(MalformedInputException.class));
        String text = "{\"model_type\": \"gemma3\", \"text_config\": ".repeat(63) + "{}" + "}".repeat(63);
        assertThat(HuggingFace.read(text).modelType()).isEqualTo("gemma3");
    }

    @Test
    void everyPrefixOfAConfigIsRefused() {
        String config = TestData.recorded().get(0).config();
        for (int length = 0; length < config.length(); length++) {
            String prefix = config.substring(0, length);
            assertThatThrownBy(() -> HuggingFace.read(prefix)).isInstanceOf(MalformedInputException.class);
        }
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        byte[][] texts = {
            {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
            {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
            {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'},
            {'{', '"', (byte) 0xe2, (byte) 0x82},
            "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_16),
            "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_16LE)
        };
        for (byte[] text : texts) {
            assertThatThrownBy(() -> HuggingFace.read(new ByteArrayInputStream(text)))
                    .isInstanceOf(MalformedInputException.class);
        }
    }

    @Test
    void filesAndFolders(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> HuggingFace.read(folder))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(NoSuchFileException.class);

        Path file = folder.resolve("config.json");
        Files.writeString(file, "{\"model_type\": \"llama\"}");
        assertThat(HuggingFace.read(folder)).isEqualTo(HuggingFace.read(file));
        assertThat(HuggingFace.read(folder).parameterCount()).isEqualTo(6_738_415_616L);

        Files.writeString(file, "{\"model_type\": \"llama\", \"hidden_size\": 0}");
        assertThatThrownBy(() -> HuggingFace.read(folder))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith(file + ": hidden_size = 0");
    }

    @Test
    void brokenStreamsAreNotMalformed() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("broken");
            }
        };
        assertThatThrownBy(() -> HuggingFace.read(broken))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("broken");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> HuggingFace.read((String) null))
                .withMessage("json");
        assertThatNullPointerException()
                .isThrownBy(() -> HuggingFace.read((Path) null))
                .withMessage("path");
        assertThatNullPointerException()
                .isThrownBy(() -> HuggingFace.read((InputStream) null))
                .withMessage("stream");
    }

    /** Offers 100 MB of one character and asserts that little more than the limit is taken. */
    private static void assertRefusedEarly(char endless) {
        AtomicLong taken = new AtomicLong();
        InputStream stream = new InputStream() {
            @Override
            public int read() {
                return taken.incrementAndGet() <= 100_000_000 ? endless : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                int given = (int) Math.min(length, 100_000_000 - taken.get());
                if (given <= 0) {
                    return -1;
                }
                Arrays.fill(target, offset, offset + given, (byte) endless);
                taken.addAndGet(given);
                return given;
            }
        };
        Assertions.assertTimeout(
                LIMIT,
                () -> assertThatThrownBy(() -> HuggingFace.read(stream)).isInstanceOf(MalformedInputException.class));
        assertThat(taken.get()).isLessThanOrEqualTo(Json.MOST_BYTES + 1);
    }
}
