package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds of every job. */
class MemoryEstimateProperties {

    // ---- items
    // -------------------------------------------------------------------------------------------------------

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void itemsSumToThePeakOfEveryPhase(@ForAll("jobs") Workload job) {
        MemoryEstimate estimate = MemoryEstimate.of(job);
        for (Phase phase : estimate.phases()) {
            Bytes sum = Bytes.ZERO;
            for (MemoryItem item : estimate.at(phase).items()) {
                assertThat(item.bytes()).as("%s", item).isGreaterThan(Bytes.ZERO);
                sum = sum.plus(item.bytes());
            }
            assertThat(sum).as("%s", phase).isEqualTo(estimate.peak(phase));
            assertThat(estimate.peak()).isGreaterThanOrEqualTo(sum);
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void whatIsLoadedIsTheSameInEveryPhase(@ForAll("jobs") Workload job) {
        MemoryEstimate estimate = MemoryEstimate.of(job);
        for (MemoryKind kind : List.of(MemoryKind.WEIGHTS, MemoryKind.FROZEN_WEIGHTS, MemoryKind.BUFFERS)) {
            Bytes loaded = estimate.at(Phase.LOAD).of(kind);
            for (Phase phase : estimate.phases()) {
                assertThat(estimate.at(phase).of(kind))
                        .as("%s at %s", kind, phase)
                        .isEqualTo(loaded);
            }
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void everyTrainedParameterHasItsGradientAtTheStep(@ForAll("training") Workload job) {
        MemoryBreakdown step = MemoryEstimate.of(job).at(Phase.STEP);
        assertThat(step.of(MemoryKind.GRADIENTS)).isEqualTo(step.of(MemoryKind.WEIGHTS));
        if (!job.keepOutputs()) { // otherwise the graph lives, and with it the gradient of the embedding's output
            assertThat(step.of(MemoryKind.BACKWARD_TEMPORARIES)).isEqualTo(Bytes.ZERO);
        }
    }

    // ---- more never takes less
    // -----------------------------------------------------------------------------------------

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void moreRowsNeverTakeLess(@ForAll("jobs") Workload job, @ForAll @IntRange(min = 1, max = 40) int more) {
        assertNeverLess(job, job.toBuilder().batch(job.batch() + more).build());
    }

    /**
     * A sliding window that begins to cut brings a mask, and SDPA another kernel with it, which may take less: see {@link
     * MemoryEstimateTest}.
     */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void moreTokensNeverTakeLessUnlessAWindowBeginsToCut(
            @ForAll("jobs") Workload job, @ForAll @IntRange(min = 1, max = 40) int more) {
        Workload larger = job.toBuilder().sequence(job.sequence() + more).build();
        Assume.that(job.attention() == AttentionKernel.EAGER || !windowBegins(job, larger));
        assertNeverLess(job, larger);
    }

    private static boolean windowBegins(Workload job, Workload larger) {
        int generated = job.strategy() instanceof Strategy.Inference inference ? inference.generatedTokens() : 0;
        return job.model().layers().stream()
                .flatMapToInt(layer -> layer.attention().window().stream())
                .anyMatch(window -> window > job.sequence() && window <= larger.sequence() + generated + 1);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void moreLayersNeverTakeLess(@ForAll("jobs") Workload job, @ForAll @IntRange(min = 1, max = 5) int more) {
        List<Layer> layers = new ArrayList<>(job.model().layers());
        for (int i = 0; i < more; i++) {
            layers.add(layers.get(layers.size() - 1));
        }
        ModelSpec larger = job.model().toBuilder().layers(layers).build();
        assertNeverLess(job, job.toBuilder().model(larger).build());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aHigherRankNeverTakesLess(@ForAll("lora") Workload job, @ForAll @IntRange(min = 1, max = 40) int more) {
        Strategy.Lora lora = (Strategy.Lora) job.strategy();
        Strategy.Lora higher = Strategy.lora(lora.rank() + more)
                .targeting(lora.targets())
                .dropout(lora.dropout())
                .bias(lora.bias())
                .adaptersInFp32(lora.adaptersInFp32());
        assertNeverLess(job, job.toBuilder().strategy(higher).build());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void moreMicroStepsNeverTakeLess(@ForAll("training") Workload job, @ForAll @IntRange(min = 1, max = 40) int more) {
        assertNeverLess(
                job, job.toBuilder().accumulation(job.accumulation() + more).build());
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void allMicroStepsFromTheSecondOnAreAlike(
            @ForAll("training") Workload job, @ForAll @IntRange(min = 3, max = 40) int steps) {
        assertThat(peaks(job.toBuilder().accumulation(steps).build()))
                .isEqualTo(peaks(job.toBuilder().accumulation(2).build()));
    }

    private static void assertNeverLess(Workload job, Workload larger) {
        MemoryEstimate less = MemoryEstimate.of(job);
        MemoryEstimate more = MemoryEstimate.of(larger);
        assertThat(more.phases()).isEqualTo(less.phases());
        for (Phase phase : less.phases()) {
            assertThat(more.peak(phase)).as("%s", phase).isGreaterThanOrEqualTo(less.peak(phase));
        }
        assertThat(more.peak()).isGreaterThanOrEqualTo(less.peak());
    }

    // ---- optimizers
    // ----------------------------------------------------------------------------------------------------

    /**
     * The fused update makes no temporaries. What it has besides is a step counter on the device for each trained tensor, of
     * one block of 512 bytes, which the foreach update keeps on the host.
     */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void fusedIsNeverMoreThanForeachAtTheStepAndElsewhereOnlyByItsStepCounters(@ForAll("training") Workload job) {
        boolean adam = !(job.optimizer() instanceof Optimizer.Sgd);
        MemoryEstimate fused = MemoryEstimate.of(with(job, Optimizer.Implementation.FUSED));
        MemoryEstimate foreach = MemoryEstimate.of(with(job, Optimizer.Implementation.FOREACH));
        long trained = foreach.at(Phase.STEP).of(MemoryKind.WEIGHTS).value();
        assertThat(fused.peak(Phase.LOAD)).isEqualTo(foreach.peak(Phase.LOAD));
        assertThat(fused.peak(Phase.STEP)).isLessThanOrEqualTo(foreach.peak(Phase.STEP));
        long counters =
                fused.peak(Phase.FORWARD).value() - foreach.peak(Phase.FORWARD).value();
        assertThat(fused.peak(Phase.BACKWARD).value()
                        - foreach.peak(Phase.BACKWARD).value())
                .isEqualTo(counters);
        assertThat(counters % 512).isZero();
        assertThat(counters).isBetween(adam ? 512L : 0L, adam ? trained : 0L);
        assertThat(fused.peak()).isLessThanOrEqualTo(foreach.peak().plus(Bytes.of(counters)));
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void theLoopMakesAtMostThreeTensorsOfTheLargestSize(@ForAll("training") Workload job) {
        MemoryEstimate loop = MemoryEstimate.of(with(job, Optimizer.Implementation.LOOP));
        MemoryEstimate foreach = MemoryEstimate.of(with(job, Optimizer.Implementation.FOREACH));
        assertThat(loop.peak(Phase.FORWARD)).isEqualTo(foreach.peak(Phase.FORWARD));
        assertThat(loop.peak(Phase.BACKWARD)).isEqualTo(foreach.peak(Phase.BACKWARD));
        MemoryBreakdown step = loop.at(Phase.STEP);
        assertThat(step.of(MemoryKind.STEP_TEMPORARIES))
                .isLessThanOrEqualTo(step.of(MemoryKind.WEIGHTS).times(3));
    }

    private static Workload with(Workload job, Optimizer.Implementation implementation) {
        Optimizer optimizer = job.optimizer() instanceof Optimizer.Sgd sgd
                ? new Optimizer.Sgd(sgd.momentum(), implementation)
                : Optimizer.adamW(implementation);
        return job.toBuilder().optimizer(optimizer).build();
    }

    // ---- freezing
    // ------------------------------------------------------------------------------------------------------

    /** A base that is frozen has neither gradients nor states. Adapters are small here, as they are meant to be. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void adaptersOfAFourthOfTheWeightsNeverTakeMoreAtTheStepThanFullFineTuning(@ForAll("thinLora") Workload job) {
        MemoryEstimate lora = MemoryEstimate.of(job);
        MemoryEstimate full = MemoryEstimate.of(
                job.toBuilder().strategy(Strategy.fullFineTuning()).build());
        MemoryBreakdown step = lora.at(Phase.STEP);
        MemoryBreakdown fullStep = full.at(Phase.STEP);
        Assume.that(step.of(MemoryKind.WEIGHTS).times(4).compareTo(fullStep.of(MemoryKind.WEIGHTS)) <= 0);
        assertThat(step.of(MemoryKind.GRADIENTS)).isEqualTo(step.of(MemoryKind.WEIGHTS));
        assertThat(step.of(MemoryKind.OPTIMIZER_STATES)).isLessThanOrEqualTo(fullStep.of(MemoryKind.OPTIMIZER_STATES));
        assertThat(step.total()).isLessThanOrEqualTo(fullStep.total());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void freezingBiasesNeverTakesMore(@ForAll("lora") Workload job) {
        // What Adafactor and the loop make for one tensor lives until the next one, so their peak depends on the order.
        Assume.that(!(job.optimizer() instanceof Optimizer.Adafactor));
        Assume.that(!job.optimizer().equals(Optimizer.adamW(Optimizer.Implementation.LOOP)));
        Strategy.Lora lora = (Strategy.Lora) job.strategy();
        MemoryEstimate none = bias(job, lora, Strategy.Lora.Bias.NONE);
        MemoryEstimate some = bias(job, lora, Strategy.Lora.Bias.LORA_ONLY);
        MemoryEstimate all = bias(job, lora, Strategy.Lora.Bias.ALL);
        for (Phase phase : all.phases()) {
            assertThat(none.peak(phase)).as("%s", phase).isLessThanOrEqualTo(some.peak(phase));
            assertThat(some.peak(phase)).as("%s", phase).isLessThanOrEqualTo(all.peak(phase));
        }
    }

    private static MemoryEstimate bias(Workload job, Strategy.Lora lora, Strategy.Lora.Bias bias) {
        return MemoryEstimate.of(job.toBuilder().strategy(lora.bias(bias)).build());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void readingAPromptNeverTakesMoreThanTrainingOnIt(@ForAll("full") Workload job) {
        Workload training = job.toBuilder()
                .checkpointing(Checkpointing.NONE)
                .trainingCache(true)
                .build();
        Workload inference = Workload.builder()
                .model(job.model())
                .strategy(new Strategy.Inference(0, true))
                .precision(job.precision())
                .batch(job.batch())
                .sequence(job.sequence())
                .attention(job.attention())
                .packed(job.packed())
                .runtime(job.runtime())
                .build();
        assertThat(MemoryEstimate.of(inference).peak(Phase.FORWARD))
                .isLessThanOrEqualTo(MemoryEstimate.of(training).peak(Phase.FORWARD));
    }

    // ---- checkpointing
    // -------------------------------------------------------------------------------------------------

    /**
     * Checkpointing makes the embedding's output want a gradient and keeps the input of every layer, so it saves nothing
     * where adapters leave the layers, or most of the only one, without a gradient.
     */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void checkpointingNeverTakesMoreAtForwardIfGradientsFlowThroughTheLayers(@ForAll("training") Workload job) {
        Assume.that(!(job.strategy() instanceof Strategy.Lora lora)
                || (job.model().layers().size() > 1 && !lora.targets().equals(new Targets.Named(List.of("lm_head")))));
        // Checkpointing turns the cache off, and without a cache packed rows get a mask.
        Assume.that(!(job.packed() && job.trainingCache()));
        Bytes plain = MemoryEstimate.of(
                        job.toBuilder().checkpointing(Checkpointing.NONE).build())
                .peak(Phase.FORWARD);
        for (Checkpointing how : List.of(Checkpointing.REENTRANT, Checkpointing.NON_REENTRANT)) {
            Bytes checkpointed = MemoryEstimate.of(
                            job.toBuilder().checkpointing(how).build())
                    .peak(Phase.FORWARD);
            assertThat(checkpointed).as("%s", how).isLessThanOrEqualTo(plain);
        }
    }

    // ---- the same job, the same estimate
    // -------------------------------------------------------------------------------

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void aJobReadBackFromJsonTakesTheSame(@ForAll("jobs") Workload job) {
        Workload again = Workload.fromJson(job.toJson());
        assertThat(again).isEqualTo(job);
        assertThat(breakdowns(MemoryEstimate.of(again))).isEqualTo(breakdowns(MemoryEstimate.of(job)));
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void equalJobsTakeTheSame(@ForAll("jobs") Workload job) {
        Workload equal = job.toBuilder().build();
        MemoryEstimate one = MemoryEstimate.of(job);
        MemoryEstimate other = MemoryEstimate.of(equal);
        assertThat(breakdowns(other)).isEqualTo(breakdowns(one));
        assertThat(other.peak()).isEqualTo(one.peak());
        assertThat(other.peakPhase()).isEqualTo(one.peakPhase());
        assertThat(other.toString()).isEqualTo(one.toString());
        assertThat(other.explain()).isEqualTo(one.explain());
        assertThat(breakdowns(one)).as("asked again").isEqualTo(breakdowns(other));
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void threadsSeeTheSame(@ForAll("jobs") Workload job) throws InterruptedException, ExecutionException {
        Map<Phase, MemoryBreakdown> expected = breakdowns(MemoryEstimate.of(job));
        MemoryEstimate shared = MemoryEstimate.of(job);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Map<Phase, MemoryBreakdown>>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> breakdowns(shared)));
                results.add(threads.submit(() -> breakdowns(MemoryEstimate.of(job))));
            }
            for (Future<Map<Phase, MemoryBreakdown>> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<Phase, MemoryBreakdown> breakdowns(MemoryEstimate estimate) {
        Map<Phase, MemoryBreakdown> breakdowns = new TreeMap<>();
        for (Phase phase : estimate.phases()) {
            breakdowns.put(phase, estimate.at(phase));
        }
        return breakdowns;
    }

    private static Map<Phase, Bytes> peaks(Workload job) {
        MemoryEstimate estimate = MemoryEstimate.of(job);
        Map<Phase, Bytes> peaks = new TreeMap<>();
        for (Phase phase : estimate.phases()) {
            peaks.put(phase, estimate.peak(phase));
        }
        return peaks;
    }

    // ---- jobs
    // ----------------------------------------------------------------------------------------------------------

    @Provide
    Arbitrary<Workload> jobs() {
        return Jobs.any();
    }

    @Provide
    Arbitrary<Workload> training() {
        return Jobs.training();
    }

    @Provide
    Arbitrary<Workload> full() {
        return Jobs.full();
    }

    @Provide
    Arbitrary<Workload> lora() {
        return Jobs.lora();
    }

    /**
     * LoRA of rank 1 in the format of the weights. Not with Adafactor, whose factored states of such thin matrices are as large
     * as those of the matrices that they stand beside. Nor with outputs that are kept, since they keep the graph, and with it
     * under checkpointing the embedding's output and its gradient.
     */
    @Provide
    Arbitrary<Workload> thinLora() {
        return Jobs.lora()
                .filter(job -> !(job.optimizer() instanceof Optimizer.Adafactor))
                .map(job -> {
                    Strategy.Lora lora = (Strategy.Lora) job.strategy();
                    Strategy.Lora thin =
                            Strategy.lora(1).targeting(lora.targets()).adaptersInFp32(false);
                    return job.toBuilder().strategy(thin).keepOutputs(false).build();
                });
    }
}
