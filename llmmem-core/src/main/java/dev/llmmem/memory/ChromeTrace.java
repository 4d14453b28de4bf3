package dev.llmmem.memory;

import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * A timeline in the Trace Event Format ("Trace Event Format", Google, revision of 2016): metadata, complete events for
 * the phases, an instant for the peak, and counters.
 */
final class ChromeTrace {

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final int PROCESS = 1;
    private static final int THREAD = 1;

    private final Timeline timeline;
    private final List<MemoryKind> kinds;
    private final JsonGenerator json;

    private ChromeTrace(Timeline timeline, JsonGenerator json) {
        this.timeline = timeline;
        this.kinds = timeline.kinds();
        this.json = json;
    }

    static String of(Timeline timeline) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            new ChromeTrace(timeline, json).write();
        }
        return text.toString();
    }

    private void write() {
        json.writeStartObject();
        json.writeObjectPropertyStart("otherData");
        json.writeStringProperty("job", timeline.workload().toString());
        json.writeStringProperty(
                "time", "the number of the event: 1 us is one allocation, release or start of a phase");
        json.writeStringProperty("counters", "bytes");
        json.writeEndObject();
        json.writeArrayPropertyStart("traceEvents");
        name("process_name", timeline.workload().toString());
        name("thread_name", "phases");
        timeline.phases().forEach(this::phase);
        peak();
        timeline.points().forEach(this::counters);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void name(String what, String name) {
        begin(what, "M", 0);
        json.writeNumberProperty("tid", THREAD);
        json.writeObjectPropertyStart("args");
        json.writeStringProperty("name", name);
        end();
    }

    private void phase(Timeline.Span span) {
        begin(Timeline.lower(span.phase()), "X", span.first());
        json.writeNumberProperty("dur", span.events());
        json.writeNumberProperty("tid", THREAD);
        json.writeObjectPropertyStart("args");
        json.writeNumberProperty(
                "peak bytes", timeline.peak(span.phase()).live().value());
        end();
    }

    private void peak() {
        Timeline.Point peak = timeline.peak();
        begin("peak " + SizeScale.shortText(peak.live()), "i", peak.event());
        json.writeStringProperty("s", "p");
        json.writeNumberProperty("tid", THREAD);
        json.writeObjectPropertyStart("args");
        json.writeNumberProperty("bytes", peak.live().value());
        end();
    }

    /** Every counter gives all series each time: viewers take the series of the first for those of all. */
    private void counters(Timeline.Point point) {
        begin("live bytes", "C", point.event());
        json.writeObjectPropertyStart("args");
        json.writeNumberProperty("all", point.live().value());
        end();
        begin("live bytes by kind", "C", point.event());
        json.writeObjectPropertyStart("args");
        for (MemoryKind kind : kinds) {
            json.writeNumberProperty(kind.label(), point.of(kind).value());
        }
        end();
    }

    private void begin(String name, String type, long event) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("ph", type);
        json.writeNumberProperty("ts", event);
        json.writeNumberProperty("pid", PROCESS);
    }

    private void end() {
        json.writeEndObject();
        json.writeEndObject();
    }
}
