package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jobs whose memory is worked out by hand.
 *
 * <p>The tiny model: a table of 256 × 64 and a head of the same size; in each layer a norm of 64, projections of 64 × 64, 32 ×
 * 64, 32 × 64 and 64 × 64, a norm of 64, and three matrices of 128 × 64; a norm of 64.
 */
class MemoryEstimateTest {

    /** In bf16: 8192 + 4096 + 4096 + 8192 for attention, 3 · 16384 for the network, two norms of 512. */
    private static final long LAYER = 74_752;

    /** In bf16 with two layers: table and head of 32768, two layers, a norm of 512. */
    private static final long TINY = 32_768 + 2 * LAYER + 512 + 32_768;

    /** Two tables of 8 frequencies in fp32. */
    private static final long BUFFERS = 2 * 512;

    private static Workload.Builder tiny(Strategy strategy) {
        return Workload.builder()
                .model(TinyModels.llama(2))
                .strategy(strategy)
                .batch(2)
                .sequence(16);
    }

    // ---- loading ---------------------------------------------------------------------------------------------------

    @Test
    void loadingTakesEveryParameterRoundedByItself() {
        MemoryEstimate estimate = MemoryEstimate.of(tiny(Strategy.inference(0)).build());
        assertThat(estimate.peak(Phase.LOAD)).isEqualTo(Bytes.of(TINY + BUFFERS));
        assertThat(estimate.at(Phase.LOAD).of(MemoryKind.FROZEN_WEIGHTS)).isEqualTo(Bytes.of(TINY));
        assertThat(estimate.at(Phase.LOAD).of(MemoryKind.BUFFERS)).isEqualTo(Bytes.of(BUFFERS));
    }

    @Test
    void inFp32LoadingTakesTwiceAsMuchButForTheNorms() {
        MemoryEstimate estimate = MemoryEstimate.of(
                tiny(Strategy.inference(0)).precision(Precision.FP32).build());
        // norms of 64 elements take one block of 512 B in either format; there are five
        assertThat(estimate.peak(Phase.LOAD)).isEqualTo(Bytes.of(2 * (TINY - 5 * 512) + 5 * 512 + BUFFERS));
    }

    @Test
    void aTiedHeadIsLoadedOnce() {
        ModelSpec tied = TinyModels.shape(2).tied(true).spec();
        MemoryEstimate estimate =
                MemoryEstimate.of(tiny(Strategy.inference(0)).model(tied).build());
        assertThat(estimate.peak(Phase.LOAD)).isEqualTo(Bytes.of(TINY - 32_768 + BUFFERS));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FP32", "BF16", "FP16"})
    void loadingIsTheSumOverTheInventory(DType type) {
        ModelSpec model = TinyModels.shape(5).biases(true).vocabulary(333).spec();
        long sum = BUFFERS;
        for (Map.Entry<Parameter, Integer> entry : model.inventory().entrySet()) {
            long bytes = entry.getKey().elements() * type.bits() / 8;
            sum += (bytes + 511) / 512 * 512 * entry.getValue();
        }
        Workload job = tiny(Strategy.fullFineTuning())
                .model(model)
                .precision(new Precision(type, java.util.Optional.empty()))
                .build();
        assertThat(MemoryEstimate.of(job).peak(Phase.LOAD)).isEqualTo(Bytes.of(sum));
    }

    // ---- inference
    // ---------------------------------------------------------------------------------------------------

    @Test
    void theCacheHoldsKeysAndValuesOfEveryTokenAndLayer() {
        Workload job = tiny(new Strategy.Inference(65, true))
                .model(TinyModels.shape(2).vocabulary(32_000).spec())
                .sequence(256)
                .build();
        MemoryEstimate estimate = MemoryEstimate.of(job);
        // 2 layers, keys and values, 2 rows · 2 heads · 256 tokens · 16 elements of 2 B
        assertThat(estimate.at(Phase.FORWARD).of(MemoryKind.KEY_VALUE_CACHE)).isEqualTo(Bytes.of(2 * 2 * 32_768));
        // after the last of 65 tokens there are 321: 41088 B, which is 80.25 blocks
        assertThat(estimate.at(Phase.GENERATE).of(MemoryKind.KEY_VALUE_CACHE)).isEqualTo(Bytes.of(2 * 2 * 41_472));
    }

    @Test
    void withoutTokensNothingIsGenerated() {
        MemoryEstimate estimate = MemoryEstimate.of(tiny(Strategy.inference(0)).build());
        assertThat(estimate.phases()).containsExactly(Phase.LOAD, Phase.FORWARD);
    }

    @Test
    void logitsOfAllTokensTakeMoreThanThoseOfTheLast() {
        Workload.Builder job = tiny(Strategy.inference(0))
                .model(TinyModels.shape(2).vocabulary(32_000).spec());
        Bytes last = MemoryEstimate.of(job.build()).peak();
        Bytes all = MemoryEstimate.of(
                        job.strategy(new Strategy.Inference(0, true)).build())
                .peak();
        // 32 rows of logits instead of 2, while nothing else lives then that did not live before
        assertThat(all.minus(last)).isEqualTo(Bytes.of(30 * 32_000 * 2));
    }

    // ---- training
    // ----------------------------------------------------------------------------------------------------

    @Test
    void fullFineTuningWithForeachAdamWHoldsFiveCopiesAtTheStep() {
        MemoryBreakdown step =
                MemoryEstimate.of(tiny(Strategy.fullFineTuning()).build()).at(Phase.STEP);
        assertThat(step.of(MemoryKind.WEIGHTS)).isEqualTo(Bytes.of(TINY));
        assertThat(step.of(MemoryKind.GRADIENTS)).isEqualTo(Bytes.of(TINY));
        assertThat(step.of(MemoryKind.OPTIMIZER_STATES)).isEqualTo(Bytes.of(2 * TINY));
        assertThat(step.of(MemoryKind.STEP_TEMPORARIES)).isEqualTo(Bytes.of(TINY));
        assertThat(step.of(MemoryKind.INPUTS)).as("32 ids of 8 B").isEqualTo(Bytes.of(512));
        assertThat(step.of(MemoryKind.FROZEN_WEIGHTS)).isEqualTo(Bytes.ZERO);
        assertThat(step.total()).isEqualTo(Bytes.of(5 * TINY + BUFFERS + 512));
    }

    @Test
    void theLoopUpdatesOneTensorAfterAnother() {
        MemoryBreakdown step = MemoryEstimate.of(tiny(Strategy.fullFineTuning())
                        .optimizer(Optimizer.adamW(Optimizer.Implementation.LOOP))
                        .build())
                .at(Phase.STEP);
        // at the table, which comes first, a root and its scaled copy; the head comes after a norm, whose copy still
        // lives
        assertThat(step.of(MemoryKind.STEP_TEMPORARIES)).isEqualTo(Bytes.of(2 * 32_768 + 512));
    }

    @Test
    void theFusedUpdateMakesNothingButKeepsStepCountersOnTheDevice() {
        MemoryBreakdown step = MemoryEstimate.of(tiny(Strategy.fullFineTuning())
                        .optimizer(Optimizer.adamW(Optimizer.Implementation.FUSED))
                        .build())
                .at(Phase.STEP);
        assertThat(step.of(MemoryKind.STEP_TEMPORARIES)).isEqualTo(Bytes.ZERO);
        // one for each of 3 + 2 · 9 tensors
        assertThat(step.of(MemoryKind.OPTIMIZER_STATES)).isEqualTo(Bytes.of(2 * TINY + 21 * 512));
    }

    @Test
    void gradientDescentHasOneStateOrNone() {
        Workload.Builder job = tiny(Strategy.fullFineTuning());
        MemoryBreakdown plain =
                MemoryEstimate.of(job.optimizer(Optimizer.sgd()).build()).at(Phase.STEP);
        MemoryBreakdown momentum = MemoryEstimate.of(
                        job.optimizer(Optimizer.sgdWithMomentum()).build())
                .at(Phase.STEP);
        assertThat(plain.total()).isEqualTo(Bytes.of(2 * TINY + BUFFERS + 512));
        assertThat(momentum.total()).isEqualTo(Bytes.of(3 * TINY + BUFFERS + 512));
    }

    @Test
    void loraFreezesTheBaseAndTrainsTwoMatricesForEachTarget() {
        MemoryBreakdown step = MemoryEstimate.of(tiny(Strategy.lora(4)).build()).at(Phase.STEP);
        // in each of 2 layers, in fp32: 4 × 64 and 64 × 4 at the queries, 4 × 64 and 32 × 4 at the values
        long adapters = 2 * (1024 + 1024 + 1024 + 512);
        assertThat(step.of(MemoryKind.FROZEN_WEIGHTS)).isEqualTo(Bytes.of(TINY));
        assertThat(step.of(MemoryKind.WEIGHTS)).isEqualTo(Bytes.of(adapters));
        assertThat(step.of(MemoryKind.GRADIENTS)).isEqualTo(Bytes.of(adapters));
        assertThat(step.of(MemoryKind.OPTIMIZER_STATES)).isEqualTo(Bytes.of(2 * adapters));
        assertThat(step.total()).isEqualTo(Bytes.of(TINY + 5 * adapters + BUFFERS + 512));
    }

    @Test
    void aLayerKeepsWhatItsBackwardPassNeeds() {
        // 128 tokens: a norm keeps its input in fp32, a scale in fp32, and two tensors of 128 × 64
        long norm = 32_768 + 512 + 2 * 16_384;
        // queries, keys, values, output, 2 · 4 · 64 log-sum-exps in fp32, and the random state
        long attention = 16_384 + 8192 + 8192 + 16_384 + 2048 + 512;
        // gate, its activation, up, and their product
        long network = 4 * 32_768;
        assertThat(oneLayerMore(Checkpointing.NONE)).isEqualTo(Bytes.of(LAYER + norm + attention + norm + network));
    }

    @ParameterizedTest
    @EnumSource(names = {"REENTRANT", "NON_REENTRANT"})
    void aCheckpointedLayerKeepsItsInput(Checkpointing how) {
        assertThat(oneLayerMore(how)).isEqualTo(Bytes.of(LAYER + 128 * 64 * 2));
    }

    /** What one layer more adds to the forward pass, whose highest point is in the loss of a large vocabulary. */
    private static Bytes oneLayerMore(Checkpointing how) {
        Workload.Builder job = Workload.builder()
                .strategy(Strategy.fullFineTuning())
                .optimizer(Optimizer.sgd())
                .checkpointing(how)
                .batch(2)
                .sequence(64);
        TinyModels.Shape large = TinyModels.shape(5).vocabulary(8192);
        TinyModels.Shape larger = TinyModels.shape(6).vocabulary(8192);
        Bytes less = MemoryEstimate.of(job.model(large.spec()).build()).peak(Phase.FORWARD);
        return MemoryEstimate.of(job.model(larger.spec()).build())
                .peak(Phase.FORWARD)
                .minus(less);
    }

    // ---- what one may not expect
    // -------------------------------------------------------------------------------------

    @Test
    void fusedTakesMoreThanForeachWhereTheHighestPointIsNotInTheStep() {
        Workload.Builder job = tiny(Strategy.fullFineTuning()).batch(8).sequence(128);
        MemoryEstimate foreach = MemoryEstimate.of(job.build());
        MemoryEstimate fused = MemoryEstimate.of(
                job.optimizer(Optimizer.adamW(Optimizer.Implementation.FUSED)).build());
        assertThat(foreach.peakPhase()).isEqualTo(Phase.BACKWARD);
        assertThat(fused.peak().minus(foreach.peak()))
                .as("a step counter on the device for each of 21 tensors")
                .isEqualTo(Bytes.of(21 * 512));
    }

    @Test
    void loraCanTakeMoreThanFullFineTuning() {
        Workload.Builder job = tiny(Strategy.fullFineTuning()).batch(8).sequence(128);
        MemoryEstimate full = MemoryEstimate.of(job.build());
        MemoryEstimate lora = MemoryEstimate.of(
                job.strategy(Strategy.lora(4).targetingAllLinear()).build());
        // every adapter over bf16 keeps its input once more, in fp32
        assertThat(lora.peak()).isGreaterThan(full.peak());
        assertThat(lora.peak(Phase.STEP)).isLessThan(full.peak(Phase.STEP));
    }

    @Test
    void oneTokenMoreCanTakeLessWhereAWindowChangesTheKernel() {
        // in fp32 grouped heads have no kernel but plain arithmetic, unless a mask has them repeated for every head
        Workload.Builder job = tiny(Strategy.fullFineTuning())
                .model(TinyModels.shape(2).window(256).spec())
                .precision(Precision.FP32);
        Bytes below = MemoryEstimate.of(job.sequence(255).build()).peak();
        Bytes at = MemoryEstimate.of(job.sequence(256).build()).peak();
        assertThat(at).isLessThan(below);
    }

    // ---- phases ----------------------------------------------------------------------------------------------------

    @Test
    void phasesAreThoseOfTheJob() {
        assertThat(MemoryEstimate.of(tiny(Strategy.fullFineTuning()).build()).phases())
                .containsExactly(Phase.LOAD, Phase.FORWARD, Phase.BACKWARD, Phase.STEP);
        assertThat(MemoryEstimate.of(tiny(Strategy.inference(1)).build()).phases())
                .containsExactly(Phase.LOAD, Phase.FORWARD, Phase.GENERATE);
    }

    @Test
    void aPhaseThatDoesNotOccurIsRefused() {
        MemoryEstimate training =
                MemoryEstimate.of(tiny(Strategy.fullFineTuning()).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> training.at(Phase.GENERATE))
                .withMessage("phase is GENERATE, but the job has [LOAD, FORWARD, BACKWARD, STEP]");
        assertThatIllegalArgumentException().isThrownBy(() -> training.peak(Phase.GENERATE));
        MemoryEstimate inference = MemoryEstimate.of(tiny(Strategy.inference(1)).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inference.at(Phase.BACKWARD))
                .withMessage("phase is BACKWARD, but the job has [LOAD, FORWARD, GENERATE]");
    }

    @Test
    void nullsAreRefused() {
        MemoryEstimate estimate = MemoryEstimate.of(tiny(Strategy.inference(0)).build());
        assertThatNullPointerException().isThrownBy(() -> estimate.at(nothing()));
        assertThatNullPointerException().isThrownBy(() -> estimate.peak(nothing()));
        assertThatNullPointerException().isThrownBy(() -> MemoryEstimate.of(nothing()));
    }

    @Test
    void thePeakIsThatOfTheHighestPhase() {
        MemoryEstimate step = MemoryEstimate.of(
                tiny(Strategy.fullFineTuning()).batch(1).sequence(1).build());
        assertThat(step.peakPhase()).isEqualTo(Phase.STEP);
        assertThat(step.peak()).isEqualTo(step.peak(Phase.STEP));
        assertThat(step.breakdown()).isEqualTo(step.at(Phase.STEP));
        MemoryEstimate backward =
                MemoryEstimate.of(tiny(Strategy.lora(1)).batch(8).sequence(256).build());
        assertThat(backward.peakPhase()).isEqualTo(Phase.BACKWARD);
        assertThat(backward.breakdown().total()).isEqualTo(backward.peak());
    }

    @Test
    void theEstimateKnowsItsJob() {
        Workload job = tiny(Strategy.inference(0)).build();
        assertThat(MemoryEstimate.of(job).workload()).isSameAs(job);
    }

    @Test
    void bytesThatDoNotFitAreAnError() {
        // logits of 2^30 tokens and 2^31 - 1 words are 2^61 numbers, and their fp32 copy 2^66 bits
        ModelSpec model = TinyModels.shape(1).vocabulary(Integer.MAX_VALUE).spec();
        Workload job = tiny(Strategy.fullFineTuning())
                .model(model)
                .batch(1 << 20)
                .sequence(1 << 10)
                .build();
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> MemoryEstimate.of(job));
    }

    // ---- texts -----------------------------------------------------------------------------------------------------

    /** Llama 3.1 8B in all but name. */
    private static MemoryEstimate eightBillion() {
        ModelSpec model = new TinyModels.Shape(
                        4096,
                        32,
                        8,
                        128,
                        128_256,
                        Collections.nCopies(32, new TinyModels.Kind(14_336, OptionalInt.empty())),
                        false,
                        false)
                .spec();
        return MemoryEstimate.of(Workload.builder()
                .model(model)
                .strategy(Strategy.fullFineTuning())
                .batch(1)
                .sequence(128)
                .build());
    }

    @Test
    void toStringIsOneLine() {
        assertThat(eightBillion())
                .hasToString("peak 74.79 GiB (80302614528 B) in step (load 14.96 GiB, forward 45.80 GiB, backward 59.83"
                        + " GiB, step 74.79 GiB)");
    }

    @Test
    void tableIsForReading() {
        assertThat(eightBillion().table()).isEqualTo("""
                        load                               14.958 GiB
                        forward                            45.796 GiB
                        backward                           59.831 GiB
                        step                               74.788 GiB  <- peak

                        weights                            14.958 GiB
                          feed-forward                     10.500 GiB
                          attention                         2.500 GiB
                          embedding                         0.979 GiB
                          head                              0.979 GiB
                          norms                             0.000 GiB
                        buffers                             0.000 GiB
                          rotary frequencies                0.000 GiB
                        inputs                              0.000 GiB
                          token ids                         0.000 GiB
                        optimizer states                   29.915 GiB
                          feed-forward                     21.000 GiB
                          attention                         5.000 GiB
                          embedding                         1.957 GiB
                          head                              1.957 GiB
                          norms                             0.001 GiB
                        gradients                          14.958 GiB
                          gradients                        14.958 GiB
                        step temporaries                   14.958 GiB
                          feed-forward                     10.500 GiB
                          attention                         2.500 GiB
                          embedding                         0.979 GiB
                          head                              0.979 GiB
                          norms                             0.000 GiB
                        total (step)                       74.788 GiB
                        """);
    }

    @Test
    void explanationIsTheArithmetic() {
        List<String> lines = eightBillion().explain().lines().toList();
        List<String> sources =
                lines.stream().filter(line -> line.startsWith("    source: ")).toList();
        List<String> others =
                lines.stream().filter(line -> !line.startsWith("    source: ")).toList();
        assertThat(String.join("\n", others)).isEqualTo("""
                        Full fine-tuning of tiny (llama, 32 layers, hidden 4096, vocabulary 128256, 8030261248 parameters), \
                        1 x 128 tokens, BF16, AdamW
                        peak in step
                        weights, feed-forward: 10.50 GiB (11274289152 B) = 64 × 14336 × 4096 × 2 B + 32 × 4096 × 14336 × 2 B
                        weights, attention: 2.50 GiB (2684354560 B) = 64 × 4096 × 4096 × 2 B + 64 × 1024 × 4096 × 2 B
                        weights, embedding: 1002.00 MiB (1050673152 B) = 128256 × 4096 × 2 B
                        weights, head: 1002.00 MiB (1050673152 B) = 128256 × 4096 × 2 B
                        weights, norms: 520.00 KiB (532480 B) = 65 × 4096 × 2 B
                        buffers, rotary frequencies: 1.00 KiB (1024 B) = 2 × 64 × 4 B, each tensor rounded up to 512 B
                        inputs, token ids: 1.00 KiB (1024 B) = 128 × 8 B
                        optimizer states, feed-forward: 21.00 GiB (22548578304 B) = 128 × 14336 × 4096 × 2 B \
                        + 64 × 4096 × 14336 × 2 B
                        optimizer states, attention: 5.00 GiB (5368709120 B) = 128 × 4096 × 4096 × 2 B \
                        + 128 × 1024 × 4096 × 2 B
                        optimizer states, embedding: 1.96 GiB (2101346304 B) = 2 × 128256 × 4096 × 2 B
                        optimizer states, head: 1.96 GiB (2101346304 B) = 2 × 128256 × 4096 × 2 B
                        optimizer states, norms: 1.02 MiB (1064960 B) = 130 × 4096 × 2 B
                        gradients, gradients: 14.96 GiB (16060522496 B) = 64 × 14336 × 4096 × 2 B \
                        + 32 × 4096 × 14336 × 2 B + 64 × 4096 × 4096 × 2 B + 2 × 128256 × 4096 × 2 B \
                        + 64 × 1024 × 4096 × 2 B + 65 × 4096 × 2 B
                        step temporaries, feed-forward: 10.50 GiB (11274289152 B) = 64 × 14336 × 4096 × 2 B \
                        + 32 × 4096 × 14336 × 2 B
                        step temporaries, attention: 2.50 GiB (2684354560 B) = 64 × 4096 × 4096 × 2 B \
                        + 64 × 1024 × 4096 × 2 B
                        step temporaries, embedding: 1002.00 MiB (1050673152 B) = 128256 × 4096 × 2 B
                        step temporaries, head: 1002.00 MiB (1050673152 B) = 128256 × 4096 × 2 B
                        step temporaries, norms: 520.00 KiB (532480 B) = 65 × 4096 × 2 B
                        total: 74.79 GiB (80302614528 B)""");
        assertThat(sources)
                .as("one for each item")
                .hasSize(eightBillion().breakdown().items().size());
    }

    @Test
    void breakdownIsOneLineToo() {
        assertThat(eightBillion().breakdown())
                .hasToString("step: 74.79 GiB (80302614528 B) = weights 14.96 GiB + buffers 0.00 GiB + inputs 0.00 GiB"
                        + " + optimizer states 29.92 GiB + gradients 14.96 GiB + step temporaries 14.96 GiB");
    }

    // ---- formulas
    // ----------------------------------------------------------------------------------------------------

    static Stream<Workload> explained() {
        return Stream.of(
                tiny(new Strategy.Inference(9, false)).sequence(33).build(),
                tiny(new Strategy.Inference(3, true))
                        .attention(AttentionKernel.EAGER)
                        .build(),
                tiny(Strategy.fullFineTuning()).build(),
                tiny(Strategy.fullFineTuning())
                        .precision(Precision.MIXED_BF16)
                        .checkpointing(Checkpointing.NON_REENTRANT)
                        .optimizer(Optimizer.adamW(Optimizer.Implementation.FUSED))
                        .build(),
                tiny(Strategy.lora(3).dropout(0.1).targetingAllLinear())
                        .attention(AttentionKernel.EAGER)
                        .accumulation(2)
                        .keepOutputs(true)
                        .build(),
                tiny(Strategy.lora(3))
                        .checkpointing(Checkpointing.REENTRANT)
                        .trainingCache(true)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("explained")
    void formulasGiveTheBytesOfTheirItems(Workload job) {
        MemoryEstimate estimate = MemoryEstimate.of(job);
        for (Phase phase : estimate.phases()) {
            for (MemoryItem item : estimate.at(phase).items()) {
                assertThat(values(item.formula()))
                        .as("%s at %s", item, phase)
                        .contains(item.bytes().value());
                assertThat(item.source()).isNotBlank();
            }
        }
    }

    /**
     * What a formula comes to. A term is {@code instances × rows × columns × width}, where instances and rows are left out if
     * they are one; so the first of two numbers may be either, which makes a difference once each tensor is rounded.
     */
    private static Set<Long> values(String formula) {
        String suffix = ", each tensor rounded up to 512 B";
        boolean rounded = formula.endsWith(suffix);
        String sum = rounded ? formula.substring(0, formula.length() - suffix.length()) : formula;
        Set<Long> values = Set.of(0L);
        for (String term : sum.split(" \\+ ", -1)) {
            List<String> factors = new ArrayList<>(Arrays.asList(term.split(" × ", -1)));
            String width = factors.remove(factors.size() - 1);
            assertThat(width).endsWith(" B");
            long bytes = Long.parseLong(width.substring(0, width.length() - 2));
            long[] numbers = factors.stream().mapToLong(Long::parseLong).toArray();
            assertThat(numbers).hasSizeBetween(1, 3);
            Set<Long> next = new TreeSet<>();
            for (long value : values) {
                if (numbers.length < 3) { // one tensor
                    next.add(value + rounded(rounded, bytes * product(numbers, 0)));
                }
                if (numbers.length > 1) { // several
                    next.add(value + numbers[0] * rounded(rounded, bytes * product(numbers, 1)));
                }
            }
            values = next;
        }
        return values;
    }

    private static long product(long[] numbers, int from) {
        return Arrays.stream(numbers, from, numbers.length).reduce(1, Math::multiplyExact);
    }

    private static long rounded(boolean rounded, long bytes) {
        return rounded ? (bytes + 511) / 512 * 512 : bytes;
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }
}
