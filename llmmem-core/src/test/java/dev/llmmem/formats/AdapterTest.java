package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterTest {

    private static final ModelSpec LLAMA = Models.get("meta-llama/Llama-3.2-3B");

    private static Adapter read(String fields) {
        return Adapter.read("{" + fields.replace('\'', '"') + "}");
    }

    @Test
    void saysWhatTheFileSays() {
        Adapter adapter = read("'peft_type': 'LORA', 'base_model_name_or_path': 'google/gemma-2-9b-it',"
                + " 'peft_version': '0.18.1', 'r': 16, 'corda': 1");

        assertThat(adapter.type()).isEqualTo("LORA");
        assertThat(adapter.baseModel()).hasValue("google/gemma-2-9b-it");
        assertThat(adapter.peftVersion()).hasValue("0.18.1");
        assertThat(adapter.unknownFields()).containsExactly("corda");
        assertThat(adapter).hasToString("Adapter[LORA of \"google/gemma-2-9b-it\"]");
        assertThat(Adapter.types()).hasSize(43).contains("LORA", "P_TUNING").doesNotContain("XLORA");
    }

    @Test
    void readsFilesFoldersAndStreams(@TempDir Path folder) throws IOException {
        String text = "{\"peft_type\": \"IA3\"}";
        Path file = Files.writeString(folder.resolve("adapter_config.json"), text);

        assertThat(Adapter.read(folder).type()).isEqualTo("IA3");
        assertThat(Adapter.read(file).type()).isEqualTo("IA3");
        assertThat(Adapter.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                        .type())
                .isEqualTo("IA3");
        assertThatThrownBy(() -> Adapter.read(folder.resolve("none"))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void tensorsAreFoldedOverTheLayersThatHaveThem() {
        Adapter adapter =
                read("'peft_type': 'LORA', 'r': 4, 'target_modules': ['q_proj'], 'layers_to_transform': [3, 5]");

        assertThat(adapter.on(LLAMA).tensors())
                .containsExactly(
                        new AdapterTensor(
                                "base_model.model.model.layers.{i}.self_attn.q_proj.lora_A.weight",
                                "model.layers.{i}.self_attn.q_proj",
                                List.of(4L, 3072L),
                                List.of(3, 5),
                                true,
                                true,
                                true),
                        new AdapterTensor(
                                "base_model.model.model.layers.{i}.self_attn.q_proj.lora_B.weight",
                                "model.layers.{i}.self_attn.q_proj",
                                List.of(3072L, 4L),
                                List.of(3, 5),
                                true,
                                true,
                                true));
        assertThat(adapter.on(LLAMA).tensors().get(0).totalElements()).isEqualTo(2 * 4 * 3072);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'r': 0                           | r = 0, permitted a whole number in [1, 16777216] elements
            'r': 8.0                         | r = 8.0, permitted a whole number in [1, 16777216] elements
            'r': '8'                         | r = "8", permitted a whole number in [1, 16777216] elements
            'use_dora': 1                    | use_dora = 1, permitted true or false
            'bias': 'some'                   | bias = "some", permitted none, all or a word that ends in _only
            'target_modules': 7              | target_modules = 7, permitted a list of [0, 10000] texts
            'layer_replication': [[0, 4]]    | layer_replication = a list of 1, permitted null: repeated layers are not modelled
            'megatron_config': {'a': 1}      | megatron_config = an object, permitted null: Megatron's layers are not modelled
            'use_qalora': true               | use_qalora = true, permitted null: QALoRA needs a base that GPTQ quantized, which is not modelled
            'rank_pattern': {'q': -1}        | rank_pattern = an object, permitted an object of [0, 10000] numbers, each a whole number in [1, 16777216] elements
            'layers_to_transform': -1        | layers_to_transform = -1, permitted a list of numbers, each a whole number in [0, 1000000] layers
            """)
    void messagesGiveNameValueRangeAndUnit(String field, String message) {
        String single = message.strip();
        assertThatThrownBy(() -> Adapter.read("{\"peft_type\": \"LORA\", " + field.replace('\'', '"') + "}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessage("adapter_config.json: " + single);
    }

    @Test
    void everyFaultIsReportedAtOnce() {
        assertThatThrownBy(() -> read("'peft_type': 'VBLORA', 'r': 0, 'num_vectors': -1, 'task_type': 'SEQ_CLS'"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContainingAll("task_type = \"SEQ_CLS\"", "r = 0", "num_vectors = -1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'peft_type': null", "'peft_type': 'LORAX'", "'peft_type': 'XLORA'", "'peft_type': 3"})
    void unknownTypesAreRefusedWithThoseThatAreKnown(String fields) {
        assertThatThrownBy(() -> read(fields))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("permitted one of ADALORA, ADAMSS, ADAPTION_PROMPT");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'target_modules': ['attn']            | target_modules = attn, permitted what chooses a module of the model
            'target_modules': ['self_attn']       | target_modules has model.layers.0.self_attn, permitted modules that hold parameters
            'target_modules': ['norm']            | target_modules has model.norm, permitted modules of the kinds [EMBEDDING, LINEAR, CONV1D]
            'target_modules': '.*.*.*.*.*.*.*.*x' | a pattern of target_modules is ".*.*.*.*.*.*.*.*x", but must match within 50000000 steps
            'target_modules': [], 'target_parameters': ['nothing'] | target_modules = , permitted what chooses a module of the model
            """)
    void adaptersThatDoNotFitAreRefused(String field, String message) {
        Adapter adapter = read("'peft_type': 'LORA', " + field);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> adapter.on(LLAMA).trainableCount())
                        .isInstanceOf(MalformedInputException.class)
                        .hasMessageContaining(message.strip()));
    }

    @Test
    void textsAreOneLineForPeople() {
        AdaptedModel adapted = read("'peft_type': 'LORA', 'r': 4, 'target_modules': ['q_proj']")
                .on(LLAMA);

        assertThat(adapted)
                .hasToString(
                        "AdaptedModel[meta-llama/Llama-3.2-3B with LORA, 688,128 trained of 3,212,749,824 parameters]");
        assertThat(adapted.tensors().get(0))
                .hasToString("AdapterTensor[base_model.model.model.layers.{i}.self_attn.q_proj.lora_A.weight [4, 3072],"
                        + " 28 layers, trained, stored, in fp32]");
    }

    /** 32 layers of four projections, a router, and eight experts whose gate and up are one tensor of twice the rank. */
    @Test
    void expertsOfMixturesAreAdaptedAsTheTensorsThatTheyAre() {
        AdaptedModel adapted = read("'peft_type': 'LORA', 'r': 16, 'target_modules': 'all-linear'")
                .on(Models.get("mistralai/Mixtral-8x7B-v0.1"));
        long attention = 16 * (2 * (4096 + 4096) + 2 * (4096 + 1024));
        long experts = 8 * (32 * (4096 + 2 * 14336) + 16 * (14336 + 4096));

        assertThat(adapted.trainableCount()).isEqualTo(32 * (attention + 16 * (4096 + 8) + experts));
        assertThatThrownBy(adapted::strategy)
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("experts are adapted, permitted neither");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'target_modules': ['w1']         | target_modules has w1 alone, permitted w1 and w3: they are one tensor
            'r': 8                           | target_modules chooses nothing of model type mixtral, permitted names of modules
            'target_modules': ['w1', 'w3'], 'use_dora': true | use_dora is set, permitted null: PEFT adapts parameters
            """)
    void expertsThatPeftRefusesAreRefused(String fields, String message) {
        Adapter adapter = read("'peft_type': 'LORA', " + fields);

        assertThatThrownBy(() -> adapter.on(Models.get("mistralai/Mixtral-8x7B-v0.1")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message.strip());
    }

    /** What peft 0.21.0 counts on BertForMaskedLM with the defaults of transformers 5.18.0. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'target_modules': 'all-linear'        | 1339392
            'target_modules': ['query', 'value']  | 294912
            'target_modules': ['dense']           | 897024
            'target_modules': null                | 294912
            """)
    void encodersAreAdaptedToo(String fields, long trained) {
        ModelSpec bert = HuggingFace.read("{\"model_type\": \"bert\", \"architectures\": [\"BertForMaskedLM\"]}");

        assertThat(read("'peft_type': 'LORA', 'r': 8, " + fields).on(bert).trainableCount())
                .isEqualTo(trained);
    }

    @Test
    void countsThatLeaveLongAreErrors() {
        Adapter adapter =
                read("'peft_type': 'POLY', 'r': 16777216, 'n_skills': 16777216," + " 'target_modules': ['q_proj']");

        assertThatThrownBy(() -> adapter.on(LLAMA).trainableCount())
                .isInstanceOf(MalformedInputException.class)
                .hasMessage("adapter_config.json: the adapter has too many elements, permitted fewer than 2^63");
    }

    @Test
    void pythonsPatternsAreReadAsPythonDoes() {
        assertThat(read("'peft_type': 'LORA', 'r': 1, 'target_modules': '(?P<all>.*\\\\.q_proj)'")
                        .on(LLAMA)
                        .trainableCount())
                .isEqualTo(28 * 2 * 3072);
        assertThatThrownBy(() -> read("'peft_type': 'LORA', 'target_modules': '[a&&b]'"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("one without [ or && inside a class");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'peft_type': 'LORA', 'r': 32, 'lora_alpha': 64",
                "'peft_type': 'LORA', 'r': 8, 'target_modules': 'all-linear', 'use_dora': true",
                "'peft_type': 'LORA', 'r': 8, 'target_modules': '.*(up|down)_proj', 'use_rslora': true",
                "'peft_type': 'IA3'",
                "'peft_type': 'PROMPT_TUNING', 'num_virtual_tokens': 20",
                "'peft_type': 'PREFIX_TUNING', 'num_virtual_tokens': 20",
                "'peft_type': 'P_TUNING', 'num_virtual_tokens': 20, 'encoder_hidden_size': 128",
                "'peft_type': 'P_TUNING', 'num_virtual_tokens': 2, 'encoder_reparameterization_type': 'LSTM'"
            })
    void estimatesCountWhatTheFileCounts(String fields) {
        Adapter adapter = read(fields);
        Strategy strategy = adapter.on(LLAMA).strategy();
        MemoryEstimate estimate = MemoryEstimate.of(Workload.builder()
                .model(LLAMA)
                .precision(Precision.BF16)
                .strategy(strategy)
                .batch(1)
                .sequence(64)
                .build());

        assertThat(adapter.on(LLAMA).trainableCount()).isEqualTo(estimate.trainedParameters());
    }

    @Test
    void rsloraScalesByTheRootOfTheRank() {
        assertThat(
                        read("'peft_type': 'LORA', 'r': 64, 'lora_alpha': 64, 'use_rslora': true, 'target_modules': ['q_proj']")
                                .on(LLAMA)
                                .strategy())
                .isEqualTo(new Strategy.Lora(
                        64, 512, 0, new Targets.Named(List.of("q_proj")), Strategy.Lora.Bias.NONE, true, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'peft_type': 'VERA'",
                "'peft_type': 'LORA', 'rank_pattern': {'q_proj': 4}",
                "'peft_type': 'LORA', 'modules_to_save': ['lm_head']",
                "'peft_type': 'LORA', 'layers_to_transform': [1]",
                "'peft_type': 'LORA', 'alora_invocation_tokens': [1]",
                "'peft_type': 'PREFIX_TUNING', 'num_virtual_tokens': 2, 'prefix_projection': true"
            })
    void whatEstimatesDoNotModelHasAReason(String fields) {
        Adapter adapter = read(fields);

        assertThatThrownBy(adapter.on(LLAMA)::strategy)
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("permitted");
    }

    @Test
    void weightsAreHeldAgainstTheConfiguration() {
        Adapter adapter = read("'peft_type': 'LORA', 'r': 4, 'target_modules': ['q_proj'], 'layers_to_transform': 0");
        String module = "base_model.model.model.layers.0.self_attn.q_proj.";

        assertThat(adapter.on(LLAMA)
                        .compare(file(module + "lora_A.weight", 4, 3072, module + "lora_B.weight", 3072, 4))
                        .agree())
                .isTrue();
        AdapterWeights found =
                adapter.on(LLAMA).compare(file(module + "lora_A.weight", 8, 3072, module + "lora_C.weight", 3072, 4));
        assertThat(found.agree()).isFalse();
        assertThat(found.missing()).containsExactly(module + "lora_B.weight");
        assertThat(found.unexpected()).containsExactly(module + "lora_C.weight");
        assertThat(found.misshapen()).containsExactly(module + "lora_A.weight is [8, 3072], expected [4, 3072]");
    }

    @Test
    void weightsOfTypesThatStoreMoreAreNotCompared() {
        assertThatThrownBy(() -> read("'peft_type': 'RANDLORA'").on(LLAMA).compare(new SafeTensors(8, List.of())))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("permitted one whose stored tensors are modelled");
    }

    private static SafeTensors file(String first, long rows, long columns, String second, long more, long wide) {
        List<StoredTensor> tensors = new ArrayList<>();
        long middle = 4 * rows * columns;
        tensors.add(new StoredTensor(first, SafeTensorsType.F32, List.of(rows, columns), 0, middle));
        tensors.add(
                new StoredTensor(second, SafeTensorsType.F32, List.of(more, wide), middle, middle + 4 * more * wide));
        SafeTensors file = new SafeTensors(8, tensors);
        assertThat(file.dataBytes()).isEqualTo(Bytes.of(middle + 4 * more * wide));
        return file;
    }
}
