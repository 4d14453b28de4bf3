package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.TestModels;
import dev.llmmem.workload.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

class TimelineProperties {

    @Property(tries = 300)
    void peaksAreThoseOfTheEstimate(@ForAll("jobs") Optional<Workload> drawn) {
        Workload job = possible(drawn);
        MemoryEstimate estimate = MemoryEstimate.of(job);
        Timeline timeline = estimate.timeline();
        assertThat(timeline.peak().live()).isEqualTo(estimate.peak());
        assertThat(timeline.peak().phase()).isEqualTo(estimate.peakPhase());
        for (Phase phase : estimate.phases()) {
            Timeline.Point highest = timeline.peak(phase);
            assertThat(highest.live()).as("peak in %s", phase).isEqualTo(estimate.peak(phase));
            for (MemoryKind kind : MemoryKind.values()) {
                assertThat(highest.of(kind))
                        .as("%s in %s", kind, phase)
                        .isEqualTo(estimate.at(phase).of(kind));
            }
        }
    }

    @Property(tries = 60)
    void spansFollowEachOtherAndHoldThePointsOfTheirPhase(
            @ForAll("jobs") Optional<Workload> drawn, @ForAll @IntRange(min = 20, max = 3000) int most) {
        Timeline timeline = TimelineRecorder.record(possible(drawn), most);
        long next = 0;
        for (Timeline.Span span : timeline.phases()) {
            assertThat(span.first()).isEqualTo(next);
            assertThat(timeline.at(span.first()).event()).isEqualTo(span.first());
            assertThat(timeline.at(span.last()).phase()).isEqualTo(span.phase());
            next = span.last() + 1;
        }
        assertThat(next).isEqualTo(timeline.events());
        assertThat(timeline.points())
                .extracting(Timeline.Point::event)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Property(tries = 100)
    void thinningKeepsThePeaksAndTrueValues(
            @ForAll("jobs") Optional<Workload> drawn, @ForAll @IntRange(min = 20, max = 1000) int most) {
        Workload job = possible(drawn);
        Timeline whole = TimelineRecorder.record(job, Integer.MAX_VALUE);
        Timeline thinned = TimelineRecorder.record(job, most);
        assertThat(whole.isThinned()).isFalse();
        assertThat(whole.points()).hasSize(Math.toIntExact(whole.events()));
        assertThat(thinned.points()).hasSizeLessThanOrEqualTo(most);
        assertThat(thinned.events()).isEqualTo(whole.events());
        assertThat(thinned.phases()).isEqualTo(whole.phases());
        assertThat(thinned.peak()).isEqualTo(whole.peak());
        for (Timeline.Span span : whole.phases()) {
            assertThat(thinned.peak(span.phase())).isEqualTo(whole.peak(span.phase()));
        }
        for (Timeline.Point point : thinned.points()) {
            assertThat(point).isEqualTo(whole.at(point.event()));
        }
    }

    @Property(tries = 60)
    void traceAddsUp(@ForAll("jobs") Optional<Workload> drawn) {
        Timeline timeline = MemoryEstimate.of(possible(drawn)).timeline();
        List<Map<String, Object>> events = TestJson.traceEvents(timeline.toChromeTrace());
        List<Map<String, Object>> sums = named(events, "live bytes");
        List<Map<String, Object>> parts = named(events, "live bytes by kind");
        assertThat(sums).hasSameSizeAs(timeline.points());
        assertThat(parts).hasSameSizeAs(timeline.points());
        for (int i = 0; i < sums.size(); i++) {
            Timeline.Point point = timeline.points().get(i);
            Map<String, Object> kinds = TestJson.object(TestJson.field(parts.get(i), "args"));
            long sum = kinds.values().stream().mapToLong(Long.class::cast).sum();
            assertThat(sums.get(i)).containsEntry("ts", point.event()).containsEntry("args", Map.of("all", sum));
            assertThat(parts.get(i)).containsEntry("ts", point.event());
            assertThat(Bytes.of(sum)).isEqualTo(point.live());
            point.kinds().forEach((kind, bytes) -> assertThat(kinds).containsEntry(kind.label(), bytes.value()));
        }
    }

    @Property(tries = 60)
    void pictureIsWellFormedAndTheSameEachTime(@ForAll("jobs") Optional<Workload> drawn) {
        Workload job = possible(drawn);
        String svg = MemoryEstimate.of(job).timeline().toSvg();
        TestXml.assertWellFormed(svg);
        assertThat(svg).isEqualTo(MemoryEstimate.of(job).timeline().toSvg());
    }

    private static List<Map<String, Object>> named(List<Map<String, Object>> events, String name) {
        return events.stream().filter(event -> name.equals(event.get("name"))).toList();
    }

    private static Workload possible(Optional<Workload> drawn) {
        Assume.that(drawn.isPresent());
        return drawn.orElseThrow();
    }

    /** Jobs over small models of a known type; empty for combinations that no job can have or no engine runs. */
    @Provide
    static Arbitrary<Optional<Workload>> jobs() {
        Arbitrary<ModelSpec> models = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 9).map(TestModels::llama),
                Arbitraries.integers().between(1, 6).map(TestModels::alternating),
                Arbitraries.just(TestModels.llamaTied()));
        Arbitrary<Workload.Builder> training = Combinators.combine(
                        models,
                        Arbitraries.of(
                                Strategy.fullFineTuning(),
                                Strategy.lora(4).targeting("q_proj", "v_proj"),
                                Strategy.lora(2).targetingAllLinear().dropout(0.1),
                                Strategy.lora(2).dora(true),
                                new Strategy.Ia3(new Targets.Default(), new Targets.Default()),
                                new Strategy.PromptTuning(8),
                                new Strategy.PrefixTuning(8)),
                        Arbitraries.of(
                                Optimizer.adamW(),
                                Optimizer.adamW(Optimizer.Implementation.LOOP),
                                Optimizer.adamW(Optimizer.Implementation.FUSED),
                                Optimizer.sgd(),
                                new Optimizer.Adafactor()),
                        Arbitraries.of(Checkpointing.class),
                        Arbitraries.integers().between(1, 3),
                        bools(),
                        bools(),
                        Arbitraries.of(Quantization.nf4()).optional(0.2))
                .as((model, strategy, optimizer, checkpointing, accumulation, keep, cache, quantization) -> {
                    Workload.Builder job = Workload.builder()
                            .model(model)
                            .strategy(strategy)
                            .optimizer(optimizer)
                            .checkpointing(checkpointing)
                            .accumulation(accumulation)
                            .keepOutputs(keep)
                            .trainingCache(cache);
                    return quantization.map(job::quantization).orElse(job);
                });
        Arbitrary<Workload.Builder> inference = Combinators.combine(
                        models, Arbitraries.integers().between(0, 3), bools())
                .as((model, generated, all) ->
                        Workload.builder().model(model).strategy(new Strategy.Inference(generated, all)));
        return Arbitraries.frequencyOf(Tuple.of(4, training), Tuple.of(1, inference))
                .flatMap(job -> Combinators.combine(
                                Arbitraries.of(Precision.BF16, Precision.FP32, Precision.MIXED_BF16),
                                Arbitraries.integers().between(1, 4),
                                Arbitraries.integers().between(1, 700),
                                Arbitraries.of(AttentionKernel.class),
                                bools(),
                                Arbitraries.of(RuntimeProfile.pytorch(), RuntimeProfile.pytorchFakeTensors()))
                        .as((precision, batch, sequence, attention, packed, runtime) ->
                                possible(job.precision(precision)
                                        .batch(batch)
                                        .sequence(sequence)
                                        .attention(attention)
                                        .packed(packed)
                                        .runtime(runtime))));
    }

    private static Optional<Workload> possible(Workload.Builder builder) {
        try {
            Workload job = builder.build();
            return MemoryEstimate.of(job).phases().isEmpty() ? Optional.empty() : Optional.of(job);
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private static Arbitrary<Boolean> bools() {
        return Arbitraries.of(true, false);
    }
}
