package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {

    private static final String TINY = "tiny (llama, 2 layers, hidden 64, vocabulary 256, 94528 parameters)";

    private static Workload.Builder training() {
        return Workload.builder().model(TestModels.llama()).strategy(Strategy.fullFineTuning());
    }

    private static Workload.Builder inference() {
        return Workload.builder().model(TestModels.llama()).strategy(Strategy.inference(128));
    }

    private static Workload.Builder lora(Strategy.Lora strategy) {
        return Workload.builder().model(TestModels.llama()).strategy(strategy);
    }

    private static void refuses(Workload.Builder job, String message) {
        assertThatIllegalArgumentException().isThrownBy(job::build).withMessage(message);
    }

    @Nested
    class Building {

        @Test
        void hasTheDefaultsThatItStates() {
            Workload job = training().build();
            assertThat(job.model()).isEqualTo(TestModels.llama());
            assertThat(job.strategy()).isEqualTo(Strategy.fullFineTuning());
            assertThat(job.precision()).isEqualTo(Precision.BF16);
            assertThat(job.optimizer()).isEqualTo(Optimizer.adamW());
            assertThat(job.checkpointing()).isEqualTo(Checkpointing.NONE);
            assertThat(job.batch()).isEqualTo(1);
            assertThat(job.sequence()).isEqualTo(2048);
            assertThat(job.accumulation()).isEqualTo(1);
            assertThat(job.attention()).isEqualTo(AttentionKernel.SDPA);
            assertThat(job.lossKernel()).isEqualTo(LossKernel.EAGER);
            assertThat(job.keepOutputs()).isFalse();
            assertThat(job.trainingCache()).isFalse();
            assertThat(job.packed()).isFalse();
            assertThat(job.runtime()).isEqualTo(RuntimeProfile.pytorch());
        }

        @Test
        void takesEverySetting() {
            Workload job = training()
                    .precision(Precision.MIXED_FP16)
                    .optimizer(Optimizer.sgdWithMomentum())
                    .checkpointing(Checkpointing.REENTRANT)
                    .batch(3)
                    .sequence(777)
                    .accumulation(5)
                    .attention(AttentionKernel.EAGER)
                    .lossKernel(LossKernel.LIGER_CROSS_ENTROPY)
                    .keepOutputs(true)
                    .trainingCache(true)
                    .packed(true)
                    .runtime(RuntimeProfile.pytorchFakeTensors())
                    .build();
            assertThat(job.precision()).isEqualTo(Precision.MIXED_FP16);
            assertThat(job.optimizer()).isEqualTo(Optimizer.sgdWithMomentum());
            assertThat(job.checkpointing()).isEqualTo(Checkpointing.REENTRANT);
            assertThat(job.batch()).isEqualTo(3);
            assertThat(job.sequence()).isEqualTo(777);
            assertThat(job.accumulation()).isEqualTo(5);
            assertThat(job.attention()).isEqualTo(AttentionKernel.EAGER);
            assertThat(job.lossKernel()).isEqualTo(LossKernel.LIGER_CROSS_ENTROPY);
            assertThat(job.keepOutputs()).isTrue();
            assertThat(job.trainingCache()).isTrue();
            assertThat(job.packed()).isTrue();
            assertThat(job.runtime()).isEqualTo(RuntimeProfile.pytorchFakeTensors());
        }

        @Test
        void boundsTheDefaultSequenceByTheModel() {
            ModelSpec shorter = TestModels.llama().toBuilder().maxPositions(512).build();
            assertThat(training().model(shorter).build().sequence()).isEqualTo(512);
            assertThat(training().model(TestModels.gpt2()).build().sequence()).isEqualTo(1024);
        }

        @Test
        void branchesWithoutChangingWhatItBranchesFrom() {
            Workload.Builder half = training().batch(2);
            Workload.Builder small = half.batch(1);
            Workload.Builder large = half.batch(8);
            assertThat(half.build().batch()).isEqualTo(2);
            assertThat(small.build().batch()).isEqualTo(1);
            assertThat(large.build().batch()).isEqualTo(8);
        }

        @Test
        void keepsTheSequenceWhenTheModelChanges() {
            Workload job = training().build().toBuilder()
                    .model(TestModels.llama().toBuilder().maxPositions(512).build())
                    .build();
            assertThat(job.sequence()).isEqualTo(2048);
        }

        @Test
        void refusesNull() {
            Workload.Builder job = training();
            assertThatNullPointerException()
                    .isThrownBy(() -> job.precision(nothing()))
                    .withMessage("precision");
            assertThatNullPointerException()
                    .isThrownBy(() -> job.model(nothing()))
                    .withMessage("model");
            assertThatNullPointerException()
                    .isThrownBy(() -> job.strategy(nothing()))
                    .withMessage("strategy");
        }

        @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
        private static <T> T nothing() {
            return null;
        }
    }

    @Nested
    class Refusing {

        @Test
        void namesWhatIsMissing() {
            refuses(Workload.builder(), "model is missing, but is required; strategy is missing, but is required");
        }

        @Test
        void listsEveryViolationAtOnce() {
            refuses(
                    Workload.builder().batch(0).sequence(-1).accumulation(2_000_000),
                    "model is missing, but is required; strategy is missing, but is required; batch is 0, but must be 1 to"
                            + " 1048576 rows; sequence is -1, but must be 1 to 1073741824 tokens; accumulation is 2000000,"
                            + " but must be 1 to 1048576 micro-steps");
        }

        @ParameterizedTest
        @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_048_577, Integer.MAX_VALUE})
        void boundsBatchAndAccumulation(int value) {
            refuses(training().sequence(1).batch(value), "batch is " + value + ", but must be 1 to 1048576 rows");
            refuses(
                    training().accumulation(value),
                    "accumulation is " + value + ", but must be 1 to 1048576 micro-steps");
        }

        @ParameterizedTest
        @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_073_741_825, Integer.MAX_VALUE})
        void boundsTheSequence(int value) {
            refuses(training().sequence(value), "sequence is " + value + ", but must be 1 to 1073741824 tokens");
        }

        @Test
        void acceptsTheBounds() {
            assertThat(training().batch(1 << 20).sequence(1 << 10).build().batch())
                    .isEqualTo(1_048_576);
            assertThat(training().sequence(1 << 30).build().sequence()).isEqualTo(1_073_741_824);
            assertThat(training().accumulation(1 << 20).build().accumulation()).isEqualTo(1_048_576);
        }

        @Test
        void boundsTheTokensOfAMicroStep() {
            refuses(
                    training().batch(1 << 20).sequence(1025),
                    "batch x sequence is 1074790400, but must be 1 to 1073741824 tokens");
            refuses(
                    inference().batch(2).sequence((1 << 29) - 127),
                    "batch x (sequence + generatedTokens) is 1073741826, but must be 1 to 1073741824 tokens");
            refuses(
                    inference().strategy(Strategy.inference(Integer.MAX_VALUE)).sequence(1),
                    "batch x (sequence + generatedTokens) is 2147483648, but must be 1 to 1073741824 tokens");
        }

        @Test
        void boundsTheSequenceByLearnedPositions() {
            Workload.Builder job = training().model(TestModels.gpt2());
            assertThat(job.sequence(1024).build().sequence()).isEqualTo(1024);
            refuses(
                    job.sequence(1025),
                    "sequence is 1025, but must be 1 to 1024 tokens, the positions that the model learned in"
                            + " transformer.wpe.weight");
            Workload.Builder generating = job.strategy(Strategy.inference(24));
            assertThat(generating.sequence(1000).build().sequence()).isEqualTo(1000);
            refuses(
                    generating.sequence(1001),
                    "(sequence + generatedTokens) is 1025, but must be 1 to 1024 tokens, the positions that the model"
                            + " learned in transformer.wpe.weight");
        }

        @Test
        void letsRotaryModelsRunBeyondTheirPositions() {
            assertThat(training().sequence(10_000).build().sequence()).isEqualTo(10_000);
            assertThat(inference().sequence(4096).build().sequence()).isEqualTo(4096);
        }

        @Test
        void keepsTrainingSettingsFromInference() {
            refuses(
                    inference()
                            .checkpointing(Checkpointing.REENTRANT)
                            .accumulation(4)
                            .keepOutputs(true)
                            .trainingCache(true),
                    "checkpointing is REENTRANT, but must be NONE for inference: there is no backward pass; accumulation is"
                            + " 4, but must be 1 for inference: there is no optimizer step; keepOutputs is true, but must be"
                            + " false for inference: there is no training loop; trainingCache is true, but must be false for"
                            + " inference: its cache is part of the strategy");
        }

        @Test
        void ignoresTheOptimizerOfInference() {
            assertThat(inference().optimizer(Optimizer.sgd()).build().optimizer())
                    .isEqualTo(Optimizer.sgd());
        }

        @Test
        void boundsTheModel() {
            refuses(
                    training().model(TestModels.llama(10_001)),
                    "model has 10001 layers, but must have 1 to 10000 layers");
            ModelSpec wide = TestModels.llama().toBuilder()
                    .layers(Collections.nCopies(
                            1000,
                            new Layer(
                                    TestModels.llama().layers().get(0).attention(),
                                    TestModels.llama().layers().get(0).feedForward(),
                                    Collections.nCopies(1_000, TestModels.parameter("x", Parameter.Kind.OTHER, 1)))))
                    .build();
            refuses(training().model(wide), "model has 1000003 tensors, but must have at most 1000000 tensors");
        }

        @Test
        void boundsTheNamesOfTheModel() {
            for (String name : List.of("x".repeat(1001), "a.".repeat(32) + "b")) {
                ModelSpec odd = TestModels.llama().toBuilder()
                        .outerParameters(List.of(TestModels.parameter(name, Parameter.Kind.OTHER, 1)))
                        .build();
                refuses(
                        training().model(odd),
                        "model has a tensor named \"" + name.substring(0, 60)
                                + "...\", but a name must have at most 1000" + " characters and 32 parts");
            }
        }

        @Test
        void namesTheLinearLayersWhereTargetsMatchNone() {
            refuses(
                    lora(Strategy.lora(8).targeting("c_attn", "proj")),
                    "targets is c_attn, proj, but must match a linear layer of the model, which has q_proj, k_proj, v_proj,"
                            + " o_proj, gate_proj, up_proj, down_proj, lm_head");
        }

        @Test
        void refusesTheDefaultTargetsOfModelsThatHaveNone() {
            ModelSpec other = ModelSpec.builder("made_up")
                    .hiddenSize(64)
                    .vocabularySize(256)
                    .layers(TestModels.llama().layers())
                    .build();
            refuses(
                    lora(Strategy.lora(8)).model(other),
                    "targets is PEFT's default, but PEFT has none for model type made_up; name the modules, or use all linear"
                            + " layers");
        }

        @Test
        void refusesEmbeddingsAsTargets() {
            refuses(
                    lora(Strategy.lora(8).targeting("q_proj", "embed_tokens")),
                    "targets is q_proj, embed_tokens, but model.embed_tokens is an embedding, and LoRA on an embedding is not"
                            + " modelled");
        }

        @Test
        void refusesTargetsThatAreNotLinear() {
            refuses(
                    lora(Strategy.lora(8).targeting("q_proj", "norm", "mlp")),
                    "targets is q_proj, norm, mlp, but model.norm, model.layers.{i}.mlp is not a linear layer, and PEFT adapts"
                            + " no other");
        }

        @Test
        void refusesAHeadThatIsTheEmbedding() {
            assertThat(lora(Strategy.lora(8).targeting("lm_head")).build().model())
                    .isEqualTo(TestModels.llama());
            refuses(
                    lora(Strategy.lora(8).targeting("q_proj", "lm_head")).model(TestModels.llamaTied()),
                    "targets is q_proj, lm_head, but lm_head shares the matrix of the embedding, and LoRA on a shared matrix"
                            + " is not modelled");
        }

        @Test
        void refusesTargetsThatTellLayersApart() {
            refuses(
                    lora(Strategy.lora(8).targeting("layers.1.self_attn.q_proj")),
                    "targets is layers.1.self_attn.q_proj, but model.layers.{i}.self_attn.q_proj is a target in some layers"
                            + " only, and layers that differ are not modelled");
        }

        @Test
        void refusesExperts() {
            refuses(
                    lora(Strategy.lora(8).targetingAllLinear()).model(TestModels.deepseek()),
                    "targets is all linear layers, but reaches the experts of model type deepseek_v3, and LoRA on experts is"
                            + " not modelled");
        }

        @Test
        void acceptsARankBeyondTheLayersWidth() {
            assertThat(lora(Strategy.lora(1000)).build().strategy()).isEqualTo(Strategy.lora(1000));
        }
    }

    @Nested
    class Comparing {

        @Test
        void isEqualWhereEverySettingIs() {
            assertThat(training().build())
                    .isEqualTo(training().build())
                    .hasSameHashCodeAs(training().build())
                    .isEqualTo(training().build().toBuilder().build())
                    .isNotEqualTo("job");
            List<Workload.Builder> others = List.of(
                    training().model(TestModels.llamaTied()),
                    training().strategy(Strategy.lora(8)),
                    training().precision(Precision.FP32),
                    training().optimizer(Optimizer.sgd()),
                    training().gradients(Gradients.SET_TO_ZERO),
                    training().checkpointing(Checkpointing.REENTRANT),
                    training().batch(2),
                    training().sequence(2),
                    training().accumulation(2),
                    training().attention(AttentionKernel.EAGER),
                    training().attention(AttentionKernel.FLASH_ATTENTION_2),
                    training().lossKernel(LossKernel.LIGER_CROSS_ENTROPY),
                    training().lossKernel(LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY),
                    training().keepOutputs(true),
                    training().trainingCache(true),
                    training().packed(true),
                    training().runtime(RuntimeProfile.pytorchFakeTensors()));
            assertThat(others)
                    .allSatisfy(other ->
                            assertThat(other.build()).isNotEqualTo(training().build()));
        }
    }

    @Nested
    class Telling {

        @Test
        void isOneLineForPeople() {
            assertThat(training().build())
                    .hasToString("Full fine-tuning of " + TINY + ", 1 x 2048 tokens, BF16, AdamW");
            assertThat(inference().batch(4).build())
                    .hasToString("Inference of " + TINY + ", 4 x 2048 tokens, BF16, 128 generated");
            assertThat(lora(Strategy.lora(16).targeting("q_proj", "v_proj")).build())
                    .hasToString("LoRA rank 16 on q_proj, v_proj of " + TINY + ", 1 x 2048 tokens, BF16, AdamW");
        }

        @Test
        void showsWhatDiffersFromTheDefaults() {
            Workload job = lora(Strategy.lora(16)
                            .targetingAllLinear()
                            .alpha(32)
                            .dropout(0.05)
                            .bias(Strategy.Lora.Bias.LORA_ONLY)
                            .adaptersInFp32(false))
                    .precision(Precision.BF16.withAutocast(DType.BF16))
                    .optimizer(new Optimizer.Sgd(true, Optimizer.Implementation.FUSED))
                    .checkpointing(Checkpointing.NON_REENTRANT)
                    .accumulation(8)
                    .attention(AttentionKernel.EAGER)
                    .lossKernel(LossKernel.LIGER_CROSS_ENTROPY)
                    .keepOutputs(true)
                    .trainingCache(true)
                    .packed(true)
                    .runtime(RuntimeProfile.pytorchFakeTensors())
                    .build();
            assertThat(job)
                    .hasToString("LoRA rank 16 on all linear layers of " + TINY
                            + ", 1 x 2048 tokens, BF16 under BF16 autocast,"
                            + " alpha 32, dropout 0.05, bias lora_only, adapters in the format of the weights, SGD with momentum"
                            + " (fused), checkpointing non_reentrant, accumulation 8, attention eager, loss"
                            + " liger_cross_entropy, outputs kept, training cache, packed, fake tensors");
        }

        @Test
        void showsTheRarerSettings() {
            assertThat(lora(Strategy.lora(16).alpha(0.5)).build().toString())
                    .startsWith("LoRA rank 16 on PEFT's default of ")
                    .contains(", alpha 0.5, ");
            assertThat(lora(Strategy.lora(16).targeting(new Targets.Matching(".*_proj")))
                            .build()
                            .toString())
                    .startsWith("LoRA rank 16 on pattern \".*_proj\" of ");
            assertThat(inference()
                            .strategy(new Strategy.Inference(0, true))
                            .optimizer(Optimizer.adamW(Optimizer.Implementation.LOOP))
                            .runtime(RuntimeProfile.pytorch().withGradientsSummedInPlace(false))
                            .build()
                            .toString())
                    .endsWith(
                            ", 0 generated, all logits, AdamW (loop), RuntimeProfile[fusedBackwardKernels=true,"
                                    + " gradientsSummedInPlace=false, safeSoftmax=false, lossInput=PADDED_LABELS, projectionsAsCache=false, outputsInFp32=false]");
        }

        @Test
        void doesNotDependOnTheLocale() {
            Locale before = Locale.getDefault();
            try {
                Locale.setDefault(Locale.forLanguageTag("tr-u-nu-arab"));
                assertThat(training()
                                .checkpointing(Checkpointing.NON_REENTRANT)
                                .accumulation(3)
                                .build()
                                .toString())
                        .endsWith("checkpointing non_reentrant, accumulation 3");
            } finally {
                Locale.setDefault(before);
            }
        }
    }

    @Nested
    class Json {

        @Test
        void isPinned() {
            Workload job = inference().model(small()).batch(2).sequence(7).build();
            assertThat(job.toJson())
                    .isEqualTo(
                            "{\"version\":1,\"model\":{\"name\":\"llama\",\"type\":\"llama\",\"hiddenSize\":8,"
                                    + "\"vocabularySize\":16,\"maxPositions\":2048,\"tiedHead\":false,\"parallelBlocks\":false,"
                                    + "\"dropout\":{\"embedding\":0.0,"
                                    + "\"attention\":0.1,\"residual\":0.0},\"outerParameters\":[{\"name\":\"embed.weight\","
                                    + "\"kind\":\"EMBEDDING\",\"shape\":[16,8]}],\"layers\":[{\"attention\":{\"kind\":\"grouped\","
                                    + "\"heads\":2,\"keyValueHeads\":1,\"headSize\":4,\"rotarySize\":4},\"feedForward\":{\"kind\":"
                                    + "\"dense\",\"width\":16,\"gated\":false,\"activation\":\"RELU\"},\"parameters\":[]}],"
                                    + "\"order\":[{\"layer\":0,\"count\":3}]},\"precision\":{\"weights\":\"BF16\"},\"strategy\":{"
                                    + "\"kind\":\"inference\",\"generatedTokens\":128,\"allLogits\":false},\"optimizer\":{\"kind\":"
                                    + "\"adamW\",\"implementation\":\"FOREACH\",\"amsgrad\":false},\"gradients\":\"SET_TO_NONE\",\"checkpointing\":\"NONE\",\"batch\":2,\"sequence\":7,"
                                    + "\"accumulation\":1,\"attention\":\"SDPA\",\"lossKernel\":\"EAGER\",\"keepOutputs\":false,\"trainingCache\":false,"
                                    + "\"packed\":false,\"runtime\":{\"fusedBackwardKernels\":true,\"gradientsSummedInPlace\":true,"
                                    + "\"safeSoftmax\":false,\"lossInput\":\"PADDED_LABELS\",\"projectionsAsCache\":false,\"outputsInFp32\":false}}");
        }

        @Test
        void keepsEveryStrategy() {
            for (Strategy strategy : List.of(
                    new Strategy.Inference(3, true),
                    Strategy.fullFineTuning(),
                    Strategy.lora(2).targetingAllLinear().dora(true),
                    new Strategy.Ia3(new Targets.AllLinear(), new Targets.Named(List.of("down_proj"))),
                    new Strategy.PromptTuning(5),
                    new Strategy.PrefixTuning(7))) {
                Workload job = Workload.builder()
                        .model(TestModels.llama(2))
                        .strategy(strategy)
                        .build();
                assertThat(Workload.fromJson(job.toJson())).isEqualTo(job);
            }
        }

        @Test
        void keepsEveryKernel() {
            for (AttentionKernel attention : AttentionKernel.values()) {
                for (LossKernel loss : LossKernel.values()) {
                    Workload job =
                            training().attention(attention).lossKernel(loss).build();
                    assertThat(Workload.fromJson(job.toJson())).isEqualTo(job);
                }
            }
        }

        @Test
        void refusesWhatFlashAttentionDoesNotTake() {
            Workload.Builder job = training().attention(AttentionKernel.FLASH_ATTENTION_2);
            refuses(
                    job.precision(Precision.FP32),
                    "precision is " + Precision.FP32 + ", but must have 16-bit weights or autocast for attention"
                            + " FLASH_ATTENTION_2: the kernel takes FP16 and BF16 alone");
            refuses(
                    job.packed(true),
                    "packed is true, but must be false for attention FLASH_ATTENTION_2: documents in a row would need their"
                            + " number and lengths, which a job does not say");
            refuses(
                    job.strategy(new Strategy.PrefixTuning(7)),
                    "strategy is prefix tuning, but must be another for attention FLASH_ATTENTION_2: its mask of the learned"
                            + " tokens is not modelled there");
            assertThat(job.precision(Precision.MIXED_BF16).build().attention())
                    .isEqualTo(AttentionKernel.FLASH_ATTENTION_2);
        }

        @Test
        void refusesLigersLossInEarlierTransformers() {
            RuntimeProfile earlier = RuntimeProfile.pytorch().withLossInput(LossInput.SHIFTED_LOGITS);
            refuses(
                    training().lossKernel(LossKernel.LIGER_CROSS_ENTROPY).runtime(earlier),
                    "runtime lossInput is SHIFTED_LOGITS, but must be PADDED_LABELS for lossKernel LIGER_CROSS_ENTROPY: it is"
                            + " modelled in current transformers alone");
        }

        @Test
        void refusesInputsOnTheHostUnderAutocast() {
            refuses(
                    training().checkpointing(Checkpointing.OFFLOADED).precision(Precision.MIXED_BF16),
                    "precision is " + Precision.MIXED_BF16
                            + ", but must have no autocast for checkpointing OFFLOADED: its"
                            + " backward pass would run under autocast, which is not modelled");
        }

        @Test
        void refusesALossForInference() {
            refuses(
                    inference().lossKernel(LossKernel.LIGER_CROSS_ENTROPY),
                    "lossKernel is LIGER_CROSS_ENTROPY, but must be EAGER for inference: there is no loss");
        }

        @Test
        void refusesPrefixTuningUnderCheckpointing() {
            Workload.Builder job = Workload.builder()
                    .model(TestModels.llama(2))
                    .strategy(new Strategy.PrefixTuning(7))
                    .checkpointing(Checkpointing.NON_REENTRANT);
            assertThatIllegalArgumentException()
                    .isThrownBy(job::build)
                    .withMessageContaining("checkpointing is NON_REENTRANT, but must be NONE for prefix tuning");
        }

        @Test
        void refusesPrefixTuningOfLatentAttention() {
            Workload.Builder job =
                    Workload.builder().model(TestModels.deepseek()).strategy(new Strategy.PrefixTuning(7));
            assertThatIllegalArgumentException()
                    .isThrownBy(job::build)
                    .withMessageContaining("strategy is prefix tuning, but must be another for latent attention");
        }

        @Test
        void refusesTwoHalfFormatsAtOnceForDoraAndPrefixTuning() {
            for (Strategy strategy :
                    List.of(Strategy.lora(2).targetingAllLinear().dora(true), new Strategy.PrefixTuning(7))) {
                Workload.Builder job = Workload.builder()
                        .model(TestModels.llama(2))
                        .precision(Precision.BF16.withAutocast(DType.FP16))
                        .strategy(strategy);
                assertThatIllegalArgumentException()
                        .isThrownBy(job::build)
                        .withMessageContaining("but must have one 16-bit format");
            }
        }

        @Test
        void countsVirtualTokensAmongThePositions() {
            for (Strategy strategy : List.of(new Strategy.PromptTuning(500), new Strategy.PrefixTuning(500))) {
                Workload.Builder job = Workload.builder()
                        .model(TestModels.gpt2())
                        .sequence(TestModels.gpt2().maxPositions())
                        .strategy(strategy);
                assertThatIllegalArgumentException()
                        .isThrownBy(job::build)
                        .withMessageContaining("(sequence + virtualTokens) is");
            }
        }

        @Test
        void refusesDoraAndBottlenecksOverQuantizedWeights() {
            for (Strategy strategy : List.of(
                    Strategy.lora(2).targetingAllLinear().dora(true),
                    Strategy.bottleneck(8, new Placement.Parallel(new Targets.AllLinear())))) {
                Workload.Builder job = Workload.builder()
                        .model(TestModels.llama(2))
                        .strategy(strategy)
                        .quantization(Quantization.nf4());
                assertThatIllegalArgumentException()
                        .isThrownBy(job::build)
                        .withMessageContaining("that is not modelled over quantized weights");
            }
        }

        @Test
        void givesAbsentSettingsTheirDefaults() {
            String json = inference()
                    .model(small())
                    .strategy(Strategy.fullFineTuning())
                    .build()
                    .toJson();
            String model = json.substring(json.indexOf("\"model\":"), json.indexOf(",\"precision\""));
            assertThat(Workload.fromJson("{\"version\":1," + model + ",\"strategy\":{\"kind\":\"fullFineTuning\"}}"))
                    .isEqualTo(Workload.builder()
                            .model(small())
                            .strategy(Strategy.fullFineTuning())
                            .build());
            assertThat(Workload.fromJson("{\"version\":1," + model.replace("\"parameters\":[]", Q_PROJ)
                                    + ",\"strategy\":{\"rank\":4,\"kind\":\"lora\"}}")
                            .strategy())
                    .isEqualTo(Strategy.lora(4));
        }

        @Test
        void listsEqualLayersOnce() {
            String json = training().model(TestModels.llama(80)).build().toJson();
            assertThat(json).contains("\"order\":[{\"layer\":0,\"count\":80}]").hasSizeLessThan(2500);
            assertThat(training().model(TestModels.alternating(5)).build().toJson())
                    .contains(
                            "\"order\":[{\"layer\":0,\"count\":1},{\"layer\":1,\"count\":1},{\"layer\":0,\"count\":1},"
                                    + "{\"layer\":1,\"count\":1},{\"layer\":0,\"count\":1}]");
        }

        @ParameterizedTest
        @CsvSource({"alternating", "deepseek", "gpt2", "llama", "tied"})
        void isReadBackExactly(String name) {
            ModelSpec model = switch (name) {
                case "alternating" -> TestModels.alternating(7);
                case "deepseek" -> TestModels.deepseek();
                case "gpt2" -> TestModels.gpt2();
                case "tied" -> TestModels.llamaTied();
                default -> TestModels.llama();
            };
            Workload job = training().model(model).build();
            Workload read = Workload.fromJson(job.toJson());
            assertThat(read).isEqualTo(job);
            assertThat(read.toJson()).isEqualTo(job.toJson()).matches("[ -~]+");
        }

        private static final String Q_PROJ =
                "\"parameters\":[{\"name\":\"h.{i}.q_proj.weight\",\"kind\":\"LINEAR\",\"shape\":[8,8]}]";

        private static ModelSpec small() {
            return ModelSpec.builder("llama")
                    .hiddenSize(8)
                    .vocabularySize(16)
                    .dropout(new Dropout(0, 0.1, 0))
                    .layers(Collections.nCopies(
                            3,
                            new Layer(
                                    new Attention.Grouped(2, 1, 4, 4, OptionalInt.empty()),
                                    new FeedForward.Dense(16, false, Activation.RELU),
                                    List.of())))
                    .outerParameters(List.of(TestModels.parameter("embed.weight", Parameter.Kind.EMBEDDING, 16, 8)))
                    .build();
        }
    }
}
