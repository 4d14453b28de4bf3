package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.model.Models;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.TestModels;
import dev.llmmem.workload.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Workload TINY = Workload.builder()
            .model(TestModels.llama())
            .strategy(Strategy.lora(4).targeting("q_proj", "v_proj"))
            .batch(2)
            .sequence(64)
            .build();

    private static final Timeline TIMELINE = MemoryEstimate.of(TINY).timeline();

    @Test
    void startsEmptyAndLoads() {
        assertThat(TIMELINE.points().get(0))
                .isEqualTo(new Timeline.Point(Phase.LOAD, 0, Map.of()))
                .hasToString("event 0, load: 0 B");
        assertThat(TIMELINE.phases())
                .extracting(Timeline.Span::phase)
                .containsExactly(Phase.LOAD, Phase.FORWARD, Phase.BACKWARD, Phase.STEP);
        assertThat(TIMELINE.isThinned()).isFalse();
        assertThat(TIMELINE.workload()).isEqualTo(TINY);
    }

    @Test
    void peakIsThatOfTheEstimate() {
        MemoryEstimate estimate = MemoryEstimate.of(TINY);
        assertThat(TIMELINE.peak().live()).isEqualTo(estimate.peak());
        assertThat(TIMELINE.peak(Phase.LOAD).live()).isEqualTo(estimate.peak(Phase.LOAD));
        assertThat(TIMELINE.liveAt(TIMELINE.peak().event())).isEqualTo(estimate.peak());
    }

    @Test
    void microStepsAreSpansOfTheirOwn() {
        Timeline timeline =
                MemoryEstimate.of(TINY.toBuilder().accumulation(8).build()).timeline();
        assertThat(timeline.phases())
                .extracting(Timeline.Span::phase)
                .containsExactly(Phase.LOAD, Phase.FORWARD, Phase.BACKWARD, Phase.FORWARD, Phase.BACKWARD, Phase.STEP);
    }

    @Test
    void tokensAreOneSpan() {
        Timeline timeline = MemoryEstimate.of(
                        TINY.toBuilder().strategy(Strategy.inference(50)).build())
                .timeline();
        assertThat(timeline.phases())
                .extracting(Timeline.Span::phase)
                .containsExactly(Phase.LOAD, Phase.FORWARD, Phase.GENERATE);
        assertThat(timeline.kinds())
                .containsExactly(
                        MemoryKind.FROZEN_WEIGHTS,
                        MemoryKind.BUFFERS,
                        MemoryKind.INPUTS,
                        MemoryKind.KEY_VALUE_CACHE,
                        MemoryKind.ACTIVATIONS);
    }

    @Test
    void refusesEventsAndPhasesThatItDoesNotHave() {
        long events = TIMELINE.events();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TIMELINE.at(events))
                .withMessage("event = " + events + ", permitted [0, " + (events - 1) + "]");
        assertThatIllegalArgumentException().isThrownBy(() -> TIMELINE.liveAt(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TIMELINE.peak(Phase.GENERATE))
                .withMessage("phase is GENERATE, but the job has [LOAD, FORWARD, BACKWARD, STEP]");
        assertThatIllegalArgumentException().isThrownBy(() -> new Timeline.Point(Phase.LOAD, -1, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timeline.Span(Phase.LOAD, 4, 3));
    }

    @Test
    void pointsHaveNoZerosAndCannotBeChanged() {
        Timeline.Point point = new Timeline.Point(
                Phase.STEP,
                7,
                Map.of(
                        MemoryKind.INPUTS, Bytes.ZERO,
                        MemoryKind.GRADIENTS, Bytes.of(512),
                        MemoryKind.WEIGHTS, Bytes.ofMiB(3)));
        assertThat(point.kinds()).containsOnlyKeys(MemoryKind.WEIGHTS, MemoryKind.GRADIENTS);
        assertThat(point.live()).isEqualTo(Bytes.of(3 * 1048576 + 512));
        assertThat(point.of(MemoryKind.INPUTS)).isEqualTo(Bytes.ZERO);
        assertThat(point).hasToString("event 7, step: 3.00 MiB (3146240 B) = weights 3.00 MiB + gradients 512 B");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> point.kinds().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> TIMELINE.points().clear());
    }

    @Test
    void saysWhereThePeakIs() {
        assertThat(TIMELINE).asString().isEqualTo(TIMELINE_TEXT);
    }

    private static final String TIMELINE_TEXT =
            "peak 1.08 MiB (1136128 B) in backward at event 268 of 569: load (events 0 to 30), forward (events 31 to 262), backward (events 263 to 559), step (events 560 to 568)";

    @Test
    void countsEveryLayer() {
        long two = TIMELINE.events();
        long three = events(3);
        assertThat(three - two).isPositive().isEqualTo(events(4) - three);
    }

    private static long events(int layers) {
        return MemoryEstimate.of(
                        TINY.toBuilder().model(TestModels.llama(layers)).build())
                .timeline()
                .events();
    }

    @Test
    void deepModelsAreThinnedAndKeepTheirShortPhases() {
        Workload deep = TINY.toBuilder().model(TestModels.llama(600)).build();
        MemoryEstimate estimate = MemoryEstimate.of(deep);
        Timeline timeline = estimate.timeline();
        assertThat(timeline.events()).isGreaterThan(Timeline.MOST_POINTS);
        assertThat(timeline.isThinned()).isTrue();
        assertThat(timeline.points()).hasSizeBetween(Timeline.MOST_POINTS / 2, Timeline.MOST_POINTS);
        assertThat(timeline.peak().live()).isEqualTo(estimate.peak());
        Timeline.Span load = timeline.phases().get(0);
        assertThat(timeline.points().stream().filter(point -> point.phase() == Phase.LOAD))
                .hasSize(Math.toIntExact(load.events()));
    }

    // ---- pictures --------------------------------------------------------------------------------------------------

    /** After a change of the picture or of the engine: look at the new one, then put it there. */
    @Test
    void pictureOfATinyJob() throws IOException {
        assertThat(TIMELINE.toSvg()).isEqualTo(resource("timeline-tiny.svg"));
    }

    @Test
    void pictureStaysSmall() {
        Workload job = Workload.builder()
                .model(Models.get("meta-llama/Llama-3.1-8B"))
                .strategy(Strategy.fullFineTuning())
                .build();
        String svg = MemoryEstimate.of(job).timeline().toSvg();
        TestXml.assertWellFormed(svg);
        assertThat(svg)
                .hasSizeLessThan(100_000)
                .contains(">60 GiB<")
                .contains(">peak 74.")
                .doesNotContain("NaN")
                .doesNotContain("<script");
    }

    @Test
    void textOfTheJobIsEscaped() {
        Workload job = TINY.toBuilder()
                .model(TestModels.llama().toBuilder()
                        .name("</title><script>\"&'\u6df1\ud83d\ude80 " + "long ".repeat(200))
                        .build())
                .build();
        Timeline timeline = MemoryEstimate.of(job).timeline();
        TestXml.assertWellFormed(timeline.toSvg());
        assertThat(timeline.toSvg()).doesNotContain("<script").contains("&#28145;&#128640;");
        assertThat(timeline.toChromeTrace()).contains("\\u6DF1\\uD83D\\uDE80");
    }

    @Test
    void escapesWhatXmlCannotHold() {
        assertThat(SvgText.escaped("a\u0001b\ud800c\uffffd\u00e9\n"))
                .isEqualTo("a&#65533;b&#65533;c&#65533;d&#233;&#10;");
    }

    @Test
    void breaksLinesAndCutsThem() {
        assertThat(SvgText.lines("one two three", 10, 50, 3)).containsExactly("one two", "three");
        assertThat(SvgText.lines("one two three four five six", 10, 50, 2)).containsExactly("one two", "three...");
        assertThat(SvgText.lines("unbreakable", 10, 50, 2)).containsExactly("unbre...");
        assertThat(SvgText.lines("", 10, 50, 2)).containsExactly("");
    }

    @Test
    void ticksAreRoundNumbers() {
        assertThat(labels(Bytes.ofGiB(74.8))).containsExactly("0 GiB", "20 GiB", "40 GiB", "60 GiB");
        assertThat(labels(Bytes.ofGiB(5.9))).containsExactly("0 GiB", "1 GiB", "2 GiB", "3 GiB", "4 GiB", "5 GiB");
        assertThat(labels(Bytes.ofGiB(1.4))).containsExactly("0.0 GiB", "0.5 GiB", "1.0 GiB");
        assertThat(labels(Bytes.ofGiB(1000)))
                .containsExactly("0 GiB", "200 GiB", "400 GiB", "600 GiB", "800 GiB", "1,000 GiB");
        assertThat(labels(Bytes.ofTiB(4.2))).containsExactly("0 TiB", "1 TiB", "2 TiB", "3 TiB", "4 TiB");
        assertThat(labels(Bytes.ofMiB(30)))
                .containsExactly("0 MiB", "5 MiB", "10 MiB", "15 MiB", "20 MiB", "25 MiB", "30 MiB");
        assertThat(labels(Bytes.of(512)))
                .containsExactly("0.0 KiB", "0.1 KiB", "0.2 KiB", "0.3 KiB", "0.4 KiB", "0.5 KiB");
    }

    private static List<String> labels(Bytes largest) {
        SizeScale scale = SizeScale.upTo(largest);
        return scale.ticks(largest).stream().map(scale::label).toList();
    }

    @Test
    void shortPhasesAreWidened() {
        List<PhaseBands.Band> bands = PhaseBands.share(
                List.of(
                        new Timeline.Span(Phase.LOAD, 0, 9),
                        new Timeline.Span(Phase.FORWARD, 10, 309),
                        new Timeline.Span(Phase.BACKWARD, 310, 909),
                        new Timeline.Span(Phase.STEP, 910, 910)),
                50,
                500,
                40);
        assertThat(bands).extracting(PhaseBands.Band::left).containsExactly(50, 90, 230, 510);
        assertThat(bands).extracting(PhaseBands.Band::right).containsExactly(90, 230, 510, 550);
        assertThat(bands.get(0).x(0)).isEqualTo(50);
        assertThat(bands.get(0).x(9)).isEqualTo(86);
        assertThat(bands.get(1).x(309)).isEqualTo(229);
    }

    @Test
    void hillsAndValleysStay() {
        List<Integer> heights = List.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 5, 5, 5);
        List<Integer> places = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(Extremes.of(places, place -> place / 4, heights::get)).containsExactly(1, 2, 5, 6, 8);
        assertThat(Extremes.of(places, place -> place, heights::get)).isEqualTo(places);
        assertThat(Extremes.of(List.<Integer>of(), place -> place, heights::get))
                .isEmpty();
    }

    // ---- traces ----------------------------------------------------------------------------------------------------

    @Test
    void traceHasPhasesThePeakAndNames() {
        List<Map<String, Object>> events = TestJson.traceEvents(TIMELINE.toChromeTrace());
        assertThat(events).extracting(event -> event.get("ph")).contains("M", "X", "i", "C");
        assertThat(events.get(0))
                .containsEntry("name", "process_name")
                .containsEntry("args", Map.of("name", TINY.toString()));
        List<Map<String, Object>> slices =
                events.stream().filter(event -> "X".equals(event.get("ph"))).toList();
        assertThat(slices)
                .extracting(event -> event.get("name"))
                .containsExactly("load", "forward", "backward", "step");
        long end = 0;
        for (Map<String, Object> slice : slices) {
            assertThat(slice).containsEntry("ts", end);
            end += (Long) TestJson.field(slice, "dur");
        }
        assertThat(end).isEqualTo(TIMELINE.events());
        assertThat(events.stream().filter(event -> "i".equals(event.get("ph"))))
                .singleElement()
                .satisfies(peak -> assertThat(peak)
                        .containsEntry("ts", TIMELINE.peak().event())
                        .containsEntry(
                                "args", Map.of("bytes", TIMELINE.peak().live().value())));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(TimelineTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
