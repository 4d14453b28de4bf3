package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.TestData.Recorded;
import dev.llmmem.formats.quantization.Scheme;
import dev.llmmem.formats.quantization.StoredInventory;
import dev.llmmem.formats.quantization.StoredQuantization;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.Tower;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Bytes of quantized checkpoints against what was published of them. */
class StoredQuantizationTest {

    private static final String FP8 =
            "{\"quantization_config\":{\"quant_method\":\"fp8\",\"weight_block_size\":[128,128],\"activation_scheme\":\"dynamic\"}}";

    private static final String MXFP4 =
            "{\"quantization_config\":{\"modules_to_not_convert\":[\"model.layers.*.self_attn\","
                    + "\"model.layers.*.mlp.router\",\"model.embed_tokens\",\"lm_head\"],\"quant_method\":\"mxfp4\"}}";

    private static ModelSpec model(String name) {
        Recorded found = TestData.recorded().stream()
                .filter(recorded -> recorded.name().equals(name))
                .findFirst()
                .orElseThrow();
        return HuggingFace.read(found.config()).toBuilder()
                .storedType(DType.BF16)
                .build();
    }

    private static StoredInventory inventory(String model, String config) {
        return HuggingFaceQuantization.read(config).inventory(model(model));
    }

    /** Hub totals of openai/gpt-oss; 13761264768 is total_size of the index of gpt-oss-20b. */
    @Test
    void gptOssIsAsPublished() {
        StoredInventory small = inventory("openai__gpt-oss-20b", MXFP4);
        assertThat(small.bytes().value()).isEqualTo(13_761_264_768L);
        // The Hub counts two weights in each byte of blocks.
        long blocks = elements(small, "_blocks");
        assertThat(small.elements() + blocks).isEqualTo(21_511_953_984L);
        StoredInventory large = inventory("openai__gpt-oss-120b", MXFP4);
        assertThat(large.elements() + elements(large, "_blocks")).isEqualTo(120_412_337_472L);
    }

    /** 684531386000 elements, of which 41540496 are scales, with the layer that predicts a further token. */
    @Test
    void deepSeekV3IsAsPublished() {
        ModelSpec model = model("deepseek-ai__DeepSeek-V3");
        List<Layer> layers = new ArrayList<>(model.layers());
        layers.add(layers.get(layers.size() - 1));
        StoredInventory inventory = HuggingFaceQuantization.read(FP8)
                .inventory(model.toBuilder().layers(layers).build());
        long hidden = 7168;
        assertThat(elements(inventory, "weight_scale_inv")).isEqualTo(41_540_496L);
        assertThat(inventory.elements() + 59 * 256 + 2 * hidden * hidden + 3 * hidden + 2 * 129_280 * hidden)
                .isEqualTo(684_531_386_000L);
    }

    @Test
    void qwen3IsAsPublished() {
        assertThat(inventory("Qwen__Qwen3-235B-A22B", FP8).elements()).isEqualTo(235_107_904_512L);
    }

    /** Parameters and what stands beside the weights are what the Hub counts; {@code describe()} says both. */
    @Test
    void publishedCountsAreParametersAndScales() {
        assertPublished(
                "Qwen__Qwen3-235B-A22B", FP8, 235_107_904_512L, "14,269,952 beside weights of fp8, 8.00195 bits");
        assertPublished(
                "openai__gpt-oss-20b", MXFP4, 21_511_953_984L, "597,196,800 beside weights of mxfp4, 4.25000 bits");
        assertPublished(
                "openai__gpt-oss-120b", MXFP4, 120_412_337_472L, "3,583,180,800 beside weights of mxfp4, 4.25000 bits");
    }

    private static void assertPublished(String name, String config, long published, String line) {
        StoredQuantization quantization = HuggingFaceQuantization.read(config);
        ModelSpec model = quantization.explain(model(name));
        StoredInventory inventory = quantization.inventory(model);
        assertThat(model.parameterCount() + inventory.elementsBesideWeights()).isEqualTo(published);
        assertThat(model.describe()).contains("+ " + line);
        assertThat(inventory.describe()).contains("bits each with scales and zeros");
    }

    /** 1026470731056 on the Hub, of which 60 x 384 are corrections of routers; what the other 61 x 56 are is not known. */
    @Test
    void kimiK2IsAsPublishedButForAFewElements() {
        StoredInventory inventory = inventory("moonshotai__Kimi-K2-Instruct", FP8);
        assertThat(1_026_470_731_056L - inventory.elements() - 60 * 384).isEqualTo(61 * 56);
    }

    /**
     * The Hub's 393632819968 of nvidia/DeepSeek-V3.1-NVFP4, whose {@code hf_quant_config.json} leaves the inner attention alone: packed
     * bytes and scales, without the scalars, and the layer that predicts a further token as it is.
     */
    @Test
    void deepSeekInFourBitsIsAsPublished() {
        String left = IntStream.range(0, 61)
                .boxed()
                .flatMap(i -> Stream.of("kv_a_proj_with_mqa", "kv_b_proj", "q_a_proj", "q_b_proj")
                        .map(name -> "\"model.layers." + i + ".self_attn." + name + "\""))
                .collect(Collectors.joining(",", "[\"lm_head\",", "]"));
        ModelSpec model = model("deepseek-ai__DeepSeek-V3");
        StoredInventory inventory = HuggingFaceQuantization.read(
                        "{\"quantization\":{\"quant_algo\":\"NVFP4\",\"group_size\":16,\"exclude_modules\":" + left
                                + "}}")
                .inventory(model);
        long scalars = inventory.tensors().entrySet().stream()
                .filter(tensor -> tensor.getKey().shape().isEmpty())
                .mapToLong(Map.Entry::getValue)
                .sum();
        long hidden = 7168;
        long further = model.layers().get(60).parameters().stream()
                        .mapToLong(Parameter::elements)
                        .sum()
                + 2 * hidden * hidden
                + 3 * hidden
                + 2 * 129_280 * hidden;
        assertThat(inventory.elements() - scalars + further + 59 * 256).isEqualTo(393_632_819_968L);
        assertThat(inventory.bitsPerWeight().orElseThrow()).isBetween(4.5, 4.50001);
    }

    /** NF4 weights of Molmo-7B-D with the JSON of quant_state, 9128 bytes in 112 layers. */
    @Test
    void quantStateIsAsLongAsPublished() {
        Scheme scheme = new Scheme.BitsAndBytes4("nf4", false, SafeTensorsType.U8);
        long[][] shapes = {{4608, 3584}, {3584, 3584}, {37_888, 3584}, {3584, 18_944}};
        long bytes = 0;
        for (long[] shape : shapes) {
            bytes += 28
                    * scheme.parts(shape[0], shape[1], SafeTensorsType.F16).stream()
                            .mapToLong(part -> part.bytes().value())
                            .sum();
        }
        assertThat(bytes + 2 * 1_495_736_832L).isEqualTo(6_661_964_712L);
    }

    @Test
    void bitsPerWeightAreThoseOfTheFormats() {
        assertThat(new Scheme.Gptq(4, 128).bitsPerWeight(4096, 4096, SafeTensorsType.F16))
                .isEqualTo(4.15625 + 32.0 / 4096);
        assertThat(new Scheme.Awq(128).bitsPerWeight(4096, 4096, SafeTensorsType.F16))
                .isEqualTo(4.15625);
        assertThat(new Scheme.Mxfp4().bitsPerWeight(2880, 2880, SafeTensorsType.BF16))
                .isEqualTo(4.25);
    }

    @Test
    void expertsInOneTensorAreLeftAlone() {
        String packed =
                "{\"quantization_config\":{\"quant_method\":\"compressed-tensors\",\"format\":\"pack-quantized\","
                        + "\"ignore\":[\"lm_head\",\"re:.*self_attn.*\"],\"config_groups\":{\"g\":{\"targets\":[\"Linear\"],\"weights\":"
                        + "{\"num_bits\":4,\"type\":\"int\",\"symmetric\":true,\"strategy\":\"group\",\"group_size\":32}}}}}";
        ModelSpec model = model("Qwen__Qwen3-30B-A3B");
        StoredQuantization quantization = HuggingFaceQuantization.read(packed);
        long experts = 48L * 128 * 3 * 768 * 2048;
        StoredInventory plain = quantization.withFusedExperts().inventory(model);
        assertThat(plain.bytes().value()).isEqualTo(2 * model.parameterCount());
        // 4.5 bits each, and two numbers of 8 bytes for each matrix.
        assertThat(quantization.inventory(model).bytes().value())
                .isEqualTo(2 * (model.parameterCount() - experts) + experts * 9 / 16 + 48L * 128 * 3 * 16);
    }

    /** Writers differ in the format of such scales: one byte or four. */
    @Test
    void scalesOfAnUnknownFormatAreRefused() {
        String text = FP8.replace("\"activation_scheme\"", "\"scale_fmt\":\"ue8m0\",\"activation_scheme\"");
        assertThatThrownBy(() -> assertThat(HuggingFaceQuantization.read(text)).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("scale_fmt = \"ue8m0\"");
    }

    @Test
    void towersAreRefused() {
        ModelSpec text = model("Qwen__Qwen3-30B-A3B");
        Tower tower = new Tower(
                "vision", List.of(new Tower.Part(text.outerParameters().get(0), 1)));
        ModelSpec model = text.toBuilder().towers(List.of(tower)).build();
        assertThatThrownBy(() -> assertThat(HuggingFaceQuantization.read(FP8).inventory(model))
                        .isNull())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has 1 towers, but must have 0");
    }

    @Test
    void unknownMethodsAreRefused() {
        for (String method : List.of("aqlm", "eetq", "quanto", "")) {
            assertThatThrownBy(() -> assertThat(HuggingFaceQuantization.read(
                                    "{\"quantization_config\":{\"quant_method\":\"" + method + "\"}}"))
                            .isNull())
                    .isInstanceOf(MalformedInputException.class)
                    .hasMessageContaining("quant_method = \"" + method + "\"");
        }
    }

    @Test
    void aPatternWithoutEndIsRefused() {
        StoredQuantization hostile =
                HuggingFaceQuantization.read(MXFP4.replace("model.embed_tokens", "((([a-z_.0-9]+)+)+)+!"));
        assertThatThrownBy(() -> assertThat(hostile.inventory(model("openai__gpt-oss-20b")))
                        .isNull())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps");
    }

    @Property(tries = 500)
    void changedTextsAreReadOrRefused(@ForAll @IntRange(max = 150) int place, @ForAll char character) {
        for (String text : List.of(FP8, MXFP4)) {
            int at = place % text.length();
            try {
                assertThat(HuggingFaceQuantization.read(text.substring(0, at) + character + text.substring(at + 1))
                                .method())
                        .isNotEmpty();
            } catch (MalformedInputException e) {
                assertThat(e.getMessage()).startsWith("config.json").hasSizeLessThan(5000);
            }
        }
    }

    private static long elements(StoredInventory inventory, String suffix) {
        return inventory.tensors().entrySet().stream()
                .filter(tensor -> tensor.getKey().name().endsWith(suffix))
                .mapToLong(tensor -> tensor.getKey().elements() * tensor.getValue())
                .sum();
    }

    /** Python's own JSON has a word for no limit, which files of Nemotron-H hold. */
    @Test
    void configurationsMayHoldPythonsWords() {
        String config = """
                {"model_type": "llama", "vocab_size": 256, "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2,
                 "num_attention_heads": 4, "torch_dtype": "bfloat16", "time_step_limit": [0.0, Infinity], "unread": NaN,
                 "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}}
                """;
        ModelSpec model = HuggingFace.read(config);
        StoredQuantization quantization = HuggingFace.quantization(config);
        assertThat(quantization.method()).isEqualTo("fp8");
        // blocks of 128 × 128: 4 in each of four projections, 8 in each of three of the network, in two layers
        assertThat(quantization.explain(model).storedExtras())
                .extracting(StoredExtra::elements)
                .contains(80L);
        assertThat(HuggingFace.quantization("{}")).isSameAs(StoredQuantization.none());
        assertThatThrownBy(() -> HuggingFace.quantization("{\"quantization_config\": {\"quant_method\": \"magic\"}}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("config.json: quant_method = \"magic\"");
        for (String word : new String[] {"NaN", "Infinity", "-Infinity", "1e999"}) {
            assertThatThrownBy(
                            () -> HuggingFace.read(config.replace("\"hidden_size\": 256", "\"hidden_size\": " + word)))
                    .as(word)
                    .isInstanceOf(MalformedInputException.class);
        }
    }

    @Test
    void numbersOfAnyWidthAreNumbers() {
        Map<String, Object> wide = Map.of("quant_method", "fp8", "weight_block_size", List.of(128L, 128L));
        Map<String, Object> narrow = Map.of("quant_method", "fp8", "weight_block_size", List.of(128, 128));
        assertThat(StoredQuantization.of(Map.of("quantization_config", narrow)).scheme())
                .isEqualTo(StoredQuantization.of(Map.of("quantization_config", wide))
                        .scheme());
    }
}
