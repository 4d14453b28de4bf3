package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What is alive after each event of a step, kind by kind, and the pictures of it.
 *
 * <p>The axis is the number of the event, from 0: the start of a phase, an allocation or a release. It is an order and
 * not a time: nothing here knows how long anything takes. Tensors that come in equal groups, such as the same weight of
 * all layers, are one event. Of several micro-steps the first and another are in it, of the generated tokens the first
 * and the last.
 *
 * <p>At most {@value #MOST_POINTS} points are kept. Where a step has more events, its longest phases are cut into buckets
 * of equally many events, and of each bucket the first of its lowest points and the first of its highest stay. So the
 * highest point of every phase is always exact; so is the first one.
 *
 * <pre>{@code
 * Timeline timeline = MemoryEstimate.of(job).timeline();
 * timeline.peak().of(MemoryKind.ACTIVATIONS);
 * Files.writeString(Path.of("step.svg"), timeline.toSvg());
 * Files.writeString(Path.of("step.json"), timeline.toChromeTrace());   // for ui.perfetto.dev or chrome://tracing
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Timeline {

    /** The largest number of points that a timeline keeps. */
    public static final int MOST_POINTS = 20_000;

    private final Workload workload;
    private final long events;
    private final List<Span> phases;
    private final List<Point> points;
    private final Map<Phase, Point> peaks;
    private final Point peak;

    /**
     * What is alive after an event.
     *
     * @param phase the phase that the event belongs to
     * @param event its number, 0 or more
     * @param kinds the bytes of each kind that is alive, in the order of the kinds; no zeros
     */
    public record Point(Phase phase, long event, Map<MemoryKind, Bytes> kinds) {

        /**
         * Copies the kinds, without those of zero bytes.
         *
         * @param phase the phase that the event belongs to
         * @param event its number, 0 or more
         * @param kinds the bytes of each kind
         * @throws IllegalArgumentException if {@code event < 0}
         */
        public Point {
            Objects.requireNonNull(phase, "phase");
            if (event < 0) {
                throw new IllegalArgumentException("event = " + event + ", permitted [0, " + Long.MAX_VALUE + "]");
            }
            Map<MemoryKind, Bytes> ordered = new EnumMap<>(MemoryKind.class);
            ordered.putAll(kinds);
            ordered.values().removeIf(Bytes.ZERO::equals);
            kinds = Collections.unmodifiableMap(ordered);
        }

        /**
         * All of it.
         *
         * @return the sum of the kinds
         * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE} bytes
         */
        public Bytes live() {
            return kinds.values().stream().reduce(Bytes.ZERO, Bytes::plus);
        }

        /**
         * All of one kind.
         *
         * @param kind the kind
         * @return its bytes; zero where there is none
         */
        public Bytes of(MemoryKind kind) {
            return kinds.getOrDefault(Objects.requireNonNull(kind, "kind"), Bytes.ZERO);
        }

        /**
         * One line: where it stands, the total and the kinds.
         *
         * @return for example {@code event 812, backward: 2.10 GiB (2249662464 B) = frozen weights 1.62 GiB + …}
         */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("event " + event + ", " + lower(phase) + ": " + live());
            String separator = " = ";
            for (Map.Entry<MemoryKind, Bytes> entry : kinds.entrySet()) {
                text.append(separator)
                        .append(entry.getKey().label())
                        .append(' ')
                        .append(SizeScale.shortText(entry.getValue()));
                separator = " + ";
            }
            return text.toString();
        }
    }

    /**
     * A phase, and the events that belong to it. A phase that comes again, as the forward pass of a second micro-step,
     * is another span.
     *
     * @param phase the phase
     * @param first the number of its first event: its start
     * @param last the number of its last event, {@code first} or more
     */
    public record Span(Phase phase, long first, long last) {

        /**
         * Checks the range.
         *
         * @param phase the phase
         * @param first the number of its first event, 0 or more
         * @param last the number of its last event, {@code first} or more
         * @throws IllegalArgumentException if the range is none
         */
        public Span {
            Objects.requireNonNull(phase, "phase");
            if (first < 0 || last < first) {
                throw new IllegalArgumentException(
                        "events = " + first + " to " + last + ", permitted 0 <= first <= last");
            }
        }

        /**
         * How many events belong to it.
         *
         * @return 1 or more
         */
        public long events() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return lower(phase) + " (events " + first + " to " + last + ")";
        }
    }

    Timeline(Workload workload, List<Span> phases, List<Point> points) {
        this.workload = workload;
        this.phases = List.copyOf(phases);
        this.points = List.copyOf(points);
        this.events = phases.get(phases.size() - 1).last() + 1;
        this.peaks = new EnumMap<>(Phase.class);
        for (Point point : points) {
            peaks.merge(point.phase(), point, Timeline::higher);
        }
        this.peak = peaks.values().stream().reduce(Timeline::higher).orElseThrow();
    }

    private static Point higher(Point earlier, Point later) {
        return later.live().compareTo(earlier.live()) > 0 ? later : earlier;
    }

    /**
     * The job.
     *
     * @return what runs
     */
    public Workload workload() {
        return workload;
    }

    /**
     * The length of the axis.
     *
     * @return the number of events, those without a point included
     */
    public long events() {
        return events;
    }

    /**
     * The phases as they follow each other. Together their spans are all events.
     *
     * @return an unmodifiable list, in order
     */
    public List<Span> phases() {
        return phases;
    }

    /**
     * The points that were kept.
     *
     * @return an unmodifiable list in the order of the events: a point for each event unless {@link #isThinned()}
     */
    public List<Point> points() {
        return points;
    }

    /**
     * Whether the step has more events than points were kept.
     *
     * @return true if some events have no point
     */
    public boolean isThinned() {
        return points.size() < events;
    }

    /**
     * The highest point.
     *
     * @return the first of those in the earliest phase that reaches it; its bytes are {@link MemoryEstimate#peak()}
     */
    public Point peak() {
        return peak;
    }

    /**
     * The highest point of a phase, wherever that occurs.
     *
     * @param phase a phase of {@link #phases()}
     * @return the first of the highest; its bytes are {@link MemoryEstimate#peak(Phase)}
     * @throws IllegalArgumentException if the job does not have the phase
     */
    public Point peak(Phase phase) {
        Objects.requireNonNull(phase, "phase");
        Point point = peaks.get(phase);
        if (point == null) {
            throw new IllegalArgumentException("phase is " + phase + ", but the job has " + peaks.keySet());
        }
        return point;
    }

    /**
     * What is alive after an event.
     *
     * @param event its number, 0 to {@link #events()} &minus; 1
     * @return its point; where that was not kept, the last one before it, which is in the same phase
     * @throws IllegalArgumentException if there is no such event
     */
    public Point at(long event) {
        if (event < 0 || event >= events) {
            throw new IllegalArgumentException("event = " + event + ", permitted [0, " + (events - 1) + "]");
        }
        int low = 0;
        int high = points.size();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (points.get(middle).event() <= event) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return points.get(low);
    }

    /**
     * What is alive after an event, in all.
     *
     * @param event its number, 0 to {@link #events()} &minus; 1
     * @return the bytes of {@link #at(long)}
     * @throws IllegalArgumentException if there is no such event
     */
    public Bytes liveAt(long event) {
        return at(event).live();
    }

    /**
     * The kinds that are alive at some point.
     *
     * @return in the order of the kinds, an unmodifiable list
     */
    public List<MemoryKind> kinds() {
        EnumMap<MemoryKind, Boolean> seen = new EnumMap<>(MemoryKind.class);
        for (Point point : points) {
            point.kinds().keySet().forEach(kind -> seen.put(kind, true));
        }
        return List.copyOf(seen.keySet());
    }

    /**
     * The timeline in the Trace Event Format, for {@code ui.perfetto.dev} and {@code chrome://tracing}.
     *
     * <p>The phases are slices, the peak is a mark, and the bytes are counters: one of all, and one with a series for
     * each kind, which {@code chrome://tracing} stacks and Perfetto shows as a track each. Those viewers know nothing
     * but time, so that one event is shown as one microsecond.
     *
     * @return one JSON object in ASCII
     */
    public String toChromeTrace() {
        return ChromeTrace.of(this);
    }

    /**
     * The timeline as a picture: live bytes stacked by kind, the phases, and what the peak is made of.
     *
     * <p>The picture needs nothing beside it: no script, no style sheet, no font. It follows the viewer's light or dark
     * scheme where the viewer has one. Phases of few events are drawn wider than their share, and where events are closer
     * than pixels, the lowest and the highest of every two pixels are drawn.
     *
     * @return one SVG document in ASCII, the same for the same job
     */
    public String toSvg() {
        return TimelineSvg.of(this);
    }

    /**
     * One line: the peak, where it is, and the phases.
     *
     * @return for example {@code peak 17.21 GiB (18478112768 B) in backward at event 812 of 1633: load (events 0 to 12), …}
     */
    @Override
    public String toString() {
        List<String> spans = new ArrayList<>();
        phases.forEach(span -> spans.add(span.toString()));
        return "peak " + peak.live() + " in " + lower(peak.phase()) + " at event " + peak.event() + " of " + events
                + ": " + String.join(", ", spans);
    }

    static String lower(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
