package dev.llmmem.memory;

import dev.llmmem.memory.trace.Fold;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Storage;
import dev.llmmem.memory.trace.loop.Step;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes down what is alive after each event of an unfolded run, in bounded space. */
final class TimelineRecorder implements Ledger.Observer {

    /** What is alive after an event: all, and by kind. */
    private record Sample(long event, long live, Map<MemoryKind, Long> kinds) {}

    /**
     * A phase that runs. Its first sample always stays, so that a look between the kept ones finds one of the phase. It
     * has buckets of its own, so that a long phase does not thin a short one.
     */
    private static final class Run {
        final Phase phase;
        final long firstEvent;

        @Nullable
        Sample first;

        List<Sample> others = new ArrayList<>();
        long bucket = 1;

        Run(Phase phase, long firstEvent) {
            this.phase = phase;
            this.firstEvent = firstEvent;
        }

        int samples() {
            return others.size() + (first == null ? 0 : 1);
        }

        void thin() {
            others = Extremes.of(others, sample -> sample.event() / bucket, Sample::live);
        }
    }

    private final int most;
    private final List<Run> runs = new ArrayList<>();
    private final Map<MemoryKind, Long> kinds = new EnumMap<>(MemoryKind.class);
    private long live;
    /** The last event, which is taken down when the next one comes: storages may change their kind until then. */
    private long event = -1;

    private int samples;

    private TimelineRecorder(int most) {
        this.most = most;
    }

    /**
     * Runs a job.
     *
     * @param most how many points to keep at most; but three of each phase always may stay
     * @throws ArithmeticException if a number of bytes exceeds {@link Long#MAX_VALUE}
     */
    static Timeline record(Workload workload, int most) {
        TimelineRecorder recorder = new TimelineRecorder(most);
        Step.run(workload, new Ledger(recorder), false);
        return recorder.finish(workload);
    }

    @Override
    public void entered(long clock, Phase phase, long total) {
        if (!runs.isEmpty() && current().phase == phase) {
            return;
        }
        takeDown();
        event++;
        live = total;
        runs.add(new Run(phase, event));
    }

    @Override
    public void changed(long clock, Phase phase, Storage storage, long copies, long total) {
        takeDown();
        event++;
        live = total;
        add(storage.kind(), storage.bytes() * copies);
    }

    @Override
    public void renamed(Storage storage, MemoryKind before, long copies) {
        add(before, -storage.bytes() * copies);
        add(storage.kind(), storage.bytes() * copies);
    }

    @Override
    public void foldBegins(long clock, Fold fold) {
        throw new AssertionError("a fold in a run without folds");
    }

    @Override
    public void foldEnds(long clock, Fold fold, long total) {
        throw new AssertionError("a fold in a run without folds");
    }

    @Override
    public void repeated(long clock, Fold fold, int blocks, long total) {
        throw new AssertionError("a fold in a run without folds");
    }

    private Run current() {
        return runs.get(runs.size() - 1);
    }

    private void add(MemoryKind kind, long bytes) {
        kinds.merge(kind, bytes, Long::sum);
    }

    private void takeDown() {
        if (event < 0) {
            return;
        }
        Run run = current();
        Sample sample = new Sample(event, live, new EnumMap<>(kinds));
        if (run.first == null) {
            run.first = sample;
        } else {
            run.others.add(sample);
        }
        samples++;
        if (samples > most) {
            thin();
        }
    }

    /** Thins with the present buckets, and then the longest phases with wider ones until there is room for some time. */
    private void thin() {
        runs.forEach(Run::thin);
        samples = runs.stream().mapToInt(Run::samples).sum();
        while (samples > most / 4 * 3) {
            Run longest = Collections.max(runs, Comparator.comparingInt(Run::samples));
            int before = longest.samples();
            if (before <= 3) {
                return; // a first one, a lowest and a highest
            }
            longest.bucket *= 2;
            longest.thin();
            samples -= before - longest.samples();
        }
    }

    private Timeline finish(Workload workload) {
        takeDown();
        List<Timeline.Span> spans = new ArrayList<>();
        List<Timeline.Point> points = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            long last = i + 1 < runs.size() ? runs.get(i + 1).firstEvent - 1 : event;
            spans.add(new Timeline.Span(run.phase, run.firstEvent, last));
            if (run.first != null) {
                points.add(point(run.phase, run.first));
            }
            for (Sample sample : run.others) {
                points.add(point(run.phase, sample));
            }
        }
        return new Timeline(workload, spans, points);
    }

    private static Timeline.Point point(Phase phase, Sample sample) {
        Map<MemoryKind, Bytes> sizes = new EnumMap<>(MemoryKind.class);
        sample.kinds().forEach((kind, bytes) -> sizes.put(kind, Bytes.of(bytes)));
        return new Timeline.Point(phase, sample.event(), sizes);
    }
}
