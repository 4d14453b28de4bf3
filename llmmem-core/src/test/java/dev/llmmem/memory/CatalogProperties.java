package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.model.ParameterGroup;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Jobs of every model type, in every mix of formats: what is not refused adds up. */
class CatalogProperties {

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void whatIsNotRefusedAddsUp(@ForAll("jobs") Optional<Workload> possible) {
        possible.ifPresent(job -> {
            MemoryEstimate estimate = MemoryEstimate.of(job);
            for (Phase phase : estimate.phases()) {
                MemoryBreakdown breakdown = estimate.at(phase);
                assertThat(breakdown.total()).isEqualTo(estimate.peak(phase));
                assertThat(breakdown.items())
                        .allSatisfy(item -> assertThat(item.formula()).doesNotContain("-"));
            }
        });
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void theDeviceHoldsWhatTheJobAllocates(@ForAll("jobs") Optional<Workload> possible) {
        possible.ifPresent(job -> {
            MemoryEstimate estimate = MemoryEstimate.of(job);
            MemoryRange reserved = estimate.onDevice().reserved();
            assertThat(reserved.low()).isGreaterThanOrEqualTo(estimate.peak());
            assertThat(reserved.likely()).isBetween(reserved.low(), reserved.high());
        });
    }

    /** A model of each type that is modelled, in many jobs; empty for those that are refused. */
    @Provide
    Arbitrary<Optional<Workload>> jobs() {
        Map<String, String> ids = new TreeMap<>();
        for (String id : Models.ids()) {
            ModelSpec model = Models.get(id);
            String type = model.modelType();
            boolean headed = model.tiedHead() || model.parameters().of(ParameterGroup.HEAD) > 0;
            if (headed && MemoryEstimate.modelTypes().contains(type)) {
                ids.putIfAbsent(type, id);
            }
        }
        Arbitrary<DType> formats = Arbitraries.of(DType.FP32, DType.FP16, DType.BF16);
        Arbitrary<Precision> precisions = Combinators.combine(
                        formats, Arbitraries.of(DType.FP16, DType.BF16).optional())
                .as(Precision::new);
        Arbitrary<Optional<Quantization>> quantizations = Combinators.combine(formats, Arbitraries.of(true, false))
                .as((format, prepared) -> Quantization.nf4().withCompute(format).withPrepared(prepared))
                .optional(0.3);
        Arbitrary<Strategy> strategies = Arbitraries.of(
                new Strategy.Inference(0, true),
                new Strategy.Inference(5000, false),
                Strategy.fullFineTuning(),
                Strategy.lora(16).targetingAllLinear(),
                Strategy.lora(4).targetingAllLinear().dora(true).adaptersInFp32(false),
                new Strategy.Ia3(new Targets.Default(), new Targets.Default()),
                new Strategy.PromptTuning(20),
                new Strategy.PrefixTuning(20));
        Arbitrary<Checkpointing> checkpointings = Arbitraries.of(
                Checkpointing.NONE, Checkpointing.REENTRANT, Checkpointing.NON_REENTRANT, Checkpointing.SELECTIVE);
        Arbitrary<RuntimeProfile> runtimes =
                Arbitraries.of(RuntimeProfile.pytorch(), RuntimeProfile.pytorchFakeTensors());
        Arbitrary<Workload.Builder> jobs = Combinators.combine(
                        Arbitraries.of(List.copyOf(ids.values())), strategies, precisions, quantizations, runtimes)
                .as((id, strategy, precision, quantization, runtime) -> {
                    Workload.Builder job = Workload.builder()
                            .model(Models.get(id).withoutTowers())
                            .strategy(strategy)
                            .precision(precision)
                            .runtime(runtime);
                    return quantization.map(job::quantization).orElse(job);
                });
        return Combinators.combine(
                        jobs,
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(2, 64, 1000, 8000),
                        Arbitraries.of(AttentionKernel.EAGER, AttentionKernel.SDPA),
                        checkpointings,
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((job, batch, sequence, kernel, checkpointing, accumulation, keep, cache) -> possible(
                        job.batch(batch).sequence(sequence).attention(kernel),
                        checkpointing,
                        accumulation,
                        keep,
                        cache));
    }

    private static Optional<Workload> possible(
            Workload.Builder job, Checkpointing checkpointing, int accumulation, boolean keep, boolean cache) {
        try {
            boolean training = !(job.build().strategy() instanceof Strategy.Inference);
            Workload built = training
                    ? job.checkpointing(checkpointing)
                            .accumulation(accumulation)
                            .keepOutputs(keep)
                            .trainingCache(cache)
                            .build()
                    : job.build();
            boolean falconPrefix =
                    built.model().modelType().equals("falcon") && built.strategy() instanceof Strategy.PrefixTuning;
            return falconPrefix ? Optional.empty() : Optional.of(built);
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }
}
