package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What optimizers keep and make, worked out by hand.
 *
 * <p>The tiny model in BF16: a table of 256 × 64 and a head of the same size; in each of 2 layers projections of 64 × 64, 32 ×
 * 64, 32 × 64 and 64 × 64, a network of 128 × 64, 128 × 64 and 64 × 128, and two norms of 64; a last norm.
 */
class OptimizerMemoryTest {

    private static final long BLOCK = 512;
    private static final long TABLE = 32_768;
    private static final long MATRICES = 2 * (2 * 8192 + 2 * 4096 + 3 * 16_384);
    private static final long TINY = 2 * TABLE + MATRICES + 5 * BLOCK;
    private static final long TENSORS = 3 + 2 * 9;

    private static Workload.Builder tiny(Optimizer optimizer) {
        return Workload.builder()
                .model(TinyModels.llama(2))
                .strategy(Strategy.fullFineTuning())
                .optimizer(optimizer)
                .batch(2)
                .sequence(16);
    }

    private static MemoryBreakdown step(Optimizer optimizer) {
        return MemoryEstimate.of(tiny(optimizer).build()).at(Phase.STEP);
    }

    private static void takes(MemoryBreakdown step, long states, long temporaries) {
        assertThat(step.of(MemoryKind.OPTIMIZER_STATES)).isEqualTo(Bytes.of(states));
        assertThat(step.of(MemoryKind.STEP_TEMPORARIES)).isEqualTo(Bytes.of(temporaries));
    }

    @Test
    void lionHasOneStateAndMakesACopyOfItAndTheUpdate() {
        takes(step(new Optimizer.Lion()), TINY, 2 * TABLE);
    }

    @Test
    void amsgradHasAThirdState() {
        takes(step(new Optimizer.AdamW(Optimizer.Implementation.FOREACH, true)), 3 * TINY, TINY);
        takes(step(new Optimizer.AdamW(Optimizer.Implementation.LOOP, true)), 3 * TINY, 2 * TABLE + BLOCK);
        takes(step(new Optimizer.AdamW(Optimizer.Implementation.FUSED, true)), 3 * TINY + TENSORS * BLOCK, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "true,  false, FOREACH, 0",
        "true,  true,  FOREACH, 215552", // all gradients once more
        "false, true,  LOOP,    32768",
        "true,  true,  LOOP,    65536", // the decayed gradient, and the one that looks ahead
        "true,  true,  FUSED,   0"
    })
    void gradientDescentMakesNewGradientsWhereItAddsToThem(
            boolean nesterov, boolean decay, Optimizer.Implementation implementation, long temporaries) {
        takes(step(new Optimizer.Sgd(true, nesterov, decay, implementation)), TINY, temporaries);
    }

    @Test
    void eightBitStatesStartAt4096Elements() {
        // 5 norms and 4 projections of 2048 elements keep 4 bytes an element, the rest 1 and a scale for each 256
        long small = 5 * BLOCK + 4 * 8192;
        long large = 2 * (16_384 + BLOCK) + 4 * (4096 + BLOCK) + 6 * (8192 + BLOCK);
        takes(step(new Optimizer.AdamW8bit(false)), 2 * (small + large + 1024), 0);
        takes(step(new Optimizer.Lion8bit(false, false)), small + large + 1024, 0);
        // the embedding in fp32; the head is a linear layer
        long wide = 256 * 64 * 4 - (16_384 + BLOCK);
        takes(step(new Optimizer.AdamW8bit(false, true)), 2 * (small + large + 1024 + wide), 0);
    }

    @Test
    void thirtyTwoBitStatesAreInFp32WhateverTheWeights() {
        long states = 2 * (TINY - 5 * BLOCK) + 5 * BLOCK;
        takes(step(new Optimizer.AdamW32bit(false)), 2 * states, 0);
        takes(step(new Optimizer.Lion32bit(true)), states, 0); // nothing has 100000 elements
    }

    @Test
    void codesStayOnTheHostWhereNothingIsPacked() {
        Workload job = tiny(new Optimizer.AdamW8bit(false))
                .strategy(Strategy.lora(1).targeting("q_proj"))
                .build();
        // 1 × 64 and 64 × 1 in fp32 in each of 2 layers
        takes(MemoryEstimate.of(job).at(Phase.STEP), 2 * 2 * 2 * BLOCK, 0);
    }

    @Test
    void adamMiniHasOneSecondMomentForEachBlock() {
        // each tensor has at most 256 blocks, so 512 bytes. At the head: its update, the negated one, and three small
        // ones
        takes(step(new Optimizer.AdamMini()), TINY + TENSORS * BLOCK, 2 * TABLE + 3 * BLOCK);
    }

    @Test
    void adamMiniRefusesHeadsThatItCannotDivide() {
        Workload job = tiny(new Optimizer.AdamMini())
                .strategy(Strategy.lora(4).targeting("q_proj"))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryEstimate.of(job))
                .withMessageContaining("q_proj.lora_A with the shape [4, 64]")
                .withMessageContaining("heads of 1024 elements");
    }

    @Test
    void galoreKeepsStatesOfLowRankAndTheProjection() {
        // rank 8 of 64 × 64: two states of 64 × 8 and a projection of 8 × 64; of 32 × 64 a projection of 32 × 8
        long layer = 2 * (3 * 1024) + 2 * (2 * 1024 + 512) + 3 * (2 * 2048 + 1024);
        long states = 2 * (2 * TABLE + 5 * BLOCK) + 2 * layer;
        // after the head, whose update still lives: queries of 64 × 64 in fp32, their singular vectors and values
        long refresh = 2 * TABLE + 3 * 16_384 + BLOCK + 1024;
        takes(step(new Optimizer.GaLore(8)), states, refresh);
        // otherwise the root and the update of the head live until the projected gradient and its root are there
        takes(step(new Optimizer.GaLore(8, false)), states, 2 * TABLE + 2 * 1024);
    }

    @Test
    void galoreInFp32KeepsAllSingularVectorsOfTheShorterSide() {
        MemoryBreakdown step = MemoryEstimate.of(
                        tiny(new Optimizer.GaLore(8)).precision(Precision.FP32).build())
                .at(Phase.STEP);
        long layer = 2 * (2 * 2048 + 16_384) + 2 * (2 * 2048 + 4096) + 3 * (2 * 4096 + 16_384);
        assertThat(step.of(MemoryKind.OPTIMIZER_STATES)).isEqualTo(Bytes.of(2 * (4 * TABLE + 5 * BLOCK) + 2 * layer));
    }

    @Test
    void muonHasOneStateOfTheMatricesOfTheLayersAndTwoOfTheRest() {
        assertThat(step(new Optimizer.Muon()).of(MemoryKind.OPTIMIZER_STATES))
                .isEqualTo(Bytes.of(MATRICES + 2 * (2 * TABLE + 5 * BLOCK)));
    }

    @Test
    void zeroedGradientsLiveThroughTheWholeStep() {
        Workload job = tiny(Optimizer.adamW()).build();
        MemoryEstimate freed = MemoryEstimate.of(job);
        MemoryEstimate zeroed = MemoryEstimate.of(
                job.toBuilder().gradients(Gradients.SET_TO_ZERO).build());
        assertThat(zeroed.at(Phase.FORWARD).of(MemoryKind.GRADIENTS)).isEqualTo(Bytes.of(TINY));
        assertThat(zeroed.peak(Phase.FORWARD))
                .isEqualTo(freed.peak(Phase.FORWARD).plus(Bytes.of(TINY)));
        assertThat(zeroed.at(Phase.STEP).total()).isEqualTo(freed.at(Phase.STEP).total());
        assertThat(zeroed.peak(Phase.LOAD)).isEqualTo(freed.peak(Phase.LOAD));
    }

    @Test
    void gradientsOfAStepInTheBackwardPassNeverLiveTogether() {
        Workload job =
                tiny(Optimizer.adamW()).gradients(Gradients.STEP_IN_BACKWARD).build();
        MemoryEstimate memory = MemoryEstimate.of(job);
        assertThat(memory.at(Phase.BACKWARD).of(MemoryKind.GRADIENTS)).isLessThanOrEqualTo(Bytes.of(TABLE));
        takes(memory.at(Phase.STEP), 2 * TINY, 0);
        assertThat(memory.at(Phase.STEP).of(MemoryKind.GRADIENTS)).isEqualTo(Bytes.ZERO);
    }

    @Test
    void eachParametersOwn8BitOptimizerHasItsOwnCodes() {
        Workload job = tiny(new Optimizer.Lion8bit(false, false)).build();
        Workload alone = job.toBuilder().gradients(Gradients.STEP_IN_BACKWARD).build();
        long packed = 2 + 2 * 5; // all matrices but keys and values
        assertThat(MemoryEstimate.of(alone).at(Phase.STEP).of(MemoryKind.OPTIMIZER_STATES))
                .isEqualTo(MemoryEstimate.of(job)
                        .at(Phase.STEP)
                        .of(MemoryKind.OPTIMIZER_STATES)
                        .plus(Bytes.of((packed - 1) * 1024)));
    }
}
