package dev.llmmem.memory;

import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.loop.Step;
import dev.llmmem.memory.trace.modeling.Families;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * How much memory a job takes on its device, phase by phase, and what it is made of.
 *
 * <p>The figures are allocated bytes as {@code torch.cuda.max_memory_allocated()} counts them: tensors, rounded up to 512
 * bytes each. What the caching allocator holds beyond that, the CUDA context and library workspaces are not in them.
 *
 * <p>For training, a step is meant in which the optimizer's states exist: any but the first.
 *
 * <p>Immutable and thread-safe.
 */
public final class MemoryEstimate {

    private final Workload workload;
    private final Map<Phase, Ledger.Moment> moments;
    private final Map<Phase, Bytes> peaks;
    private final Phase peakPhase;
    private volatile @Nullable Composition composition;

    private MemoryEstimate(Workload workload, Ledger ledger) {
        this.workload = workload;
        this.moments = new EnumMap<>(Phase.class);
        this.peaks = new EnumMap<>(Phase.class);
        Phase highest = Phase.LOAD;
        for (Phase phase : Phase.values()) {
            if (ledger.peak(phase) < 0) {
                continue;
            }
            moments.put(phase, ledger.moment(phase));
            peaks.put(phase, Bytes.of(ledger.peak(phase)));
            if (ledger.peak(phase) > ledger.peak(highest)) {
                highest = phase;
            }
        }
        this.peakPhase = highest;
    }

    /**
     * Estimates a job.
     *
     * @param workload the job
     * @return the estimate
     * @throws IllegalArgumentException if the model's type, or something else of the job, is not modelled
     * @throws ArithmeticException if a number of bytes exceeds {@link Long#MAX_VALUE}
     */
    public static MemoryEstimate of(Workload workload) {
        Objects.requireNonNull(workload, "workload");
        Ledger ledger = new Ledger(null);
        Step.run(workload, ledger, true);
        return new MemoryEstimate(workload, ledger);
    }

    /**
     * The job.
     *
     * @return what was estimated
     */
    public Workload workload() {
        return workload;
    }

    /**
     * The elements of all trained tensors, those of adapters included, as PEFT's {@code get_nb_trainable_parameters} counts
     * them.
     *
     * @return a count, 0 for inference
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE}
     */
    public long trainedParameters() {
        return Step.trainedParameters(workload);
    }

    /**
     * The highest point of all phases.
     *
     * @return allocated bytes
     */
    public Bytes peak() {
        return peak(peakPhase);
    }

    /**
     * The phase of the highest point.
     *
     * @return the earliest phase that reaches it
     */
    public Phase peakPhase() {
        return peakPhase;
    }

    /**
     * The phases that the job has.
     *
     * @return in order, without those that do not occur
     */
    public List<Phase> phases() {
        return List.copyOf(peaks.keySet());
    }

    /**
     * The highest point of a phase.
     *
     * @param phase one of {@link #phases()}
     * @return allocated bytes
     * @throws IllegalArgumentException if the job does not have the phase
     */
    public Bytes peak(Phase phase) {
        Objects.requireNonNull(phase, "phase");
        Bytes peak = peaks.get(phase);
        if (peak == null) {
            throw new IllegalArgumentException("phase is " + phase + ", but the job has " + phases());
        }
        return peak;
    }

    /**
     * What is in memory at the highest point of all phases.
     *
     * @return items that sum to {@link #peak()}
     */
    public MemoryBreakdown breakdown() {
        return at(peakPhase);
    }

    /**
     * What is in memory at the highest point of a phase.
     *
     * @param phase one of {@link #phases()}
     * @return items that sum to {@link #peak(Phase)}
     * @throws IllegalArgumentException if the job does not have the phase
     */
    public MemoryBreakdown at(Phase phase) {
        Bytes peak = peak(phase);
        MemoryBreakdown breakdown = composition().breakdown(phase);
        if (!breakdown.total().equals(peak)) {
            throw new AssertionError("items of " + phase + " sum to " + breakdown.total() + ", not to " + peak);
        }
        return breakdown;
    }

    /** The job is run once more, now with an eye on what is alive at the highest points. */
    private Composition composition() {
        Composition known = composition;
        if (known == null) {
            known = new Composition(moments, new Sources(workload));
            Step.run(workload, new Ledger(known), true);
            known.end();
            composition = known;
        }
        return known;
    }

    /**
     * What the job takes of its device: allocated, reserved and shown. Computed anew at each call, in tens of milliseconds.
     *
     * @return with {@link DeviceOptions#defaults()}
     * @throws ArithmeticException if a number of bytes exceeds {@link Long#MAX_VALUE}
     */
    public DeviceMemory onDevice() {
        return DeviceMemory.of(this);
    }

    /**
     * What the job takes of a device: allocated, reserved and shown. Computed anew at each call, in tens of milliseconds.
     *
     * @param options the device, and how the framework is set
     * @return the three numbers
     * @throws ArithmeticException if a number of bytes exceeds {@link Long#MAX_VALUE}
     */
    public DeviceMemory onDevice(DeviceOptions options) {
        return DeviceMemory.of(this, options);
    }

    /**
     * The model types whose jobs can be estimated; others are refused. {@code HuggingFace.modelTypes()} has those
     * whose parameters can be counted.
     *
     * @return values of {@code model_type}, in order
     */
    public static SortedSet<String> modelTypes() {
        return Families.types();
    }

    /**
     * Live bytes through the step, every layer run by itself. Each call runs the job again: this takes as long as the
     * model is deep, and is not kept.
     *
     * @return the timeline, whose highest point is {@link #peak()}
     */
    public Timeline timeline() {
        return TimelineRecorder.record(workload, Timeline.MOST_POINTS);
    }

    /**
     * The highest point, item by item, as the arithmetic that gave each.
     *
     * @return several lines, each ended by a line feed
     */
    public String explain() {
        return workload + "\npeak in " + lower(peakPhase) + "\n" + breakdown().explain()
                + logits().map(line -> "logits: " + line + "\n").orElse("");
    }

    /**
     * Why this takes more or less than another job at its highest point: the items that differ, the largest difference
     * first, each as the arithmetic that gave it on both sides.
     *
     * @param other the job to compare with
     * @return several lines, each ended by a line feed
     */
    public String explain(MemoryEstimate other) {
        return new Difference(this, Objects.requireNonNull(other, "other")).explain();
    }

    /** What the logits of all tokens take at the highest point, in all their copies; empty where there are none. */
    Optional<String> logits() {
        long vocabulary = workload.model().vocabularySize();
        int learned = workload.strategy() instanceof Strategy.PrefixTuning
                ? 0
                : workload.strategy().virtualTokens();
        long tokens = Math.multiplyExact((long) workload.batch(), (long) workload.sequence() + learned);
        long bytes = composition().bytesOfLogits(peakPhase, vocabulary);
        double each = (double) bytes / tokens / vocabulary;
        return each < 1
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%.4g bytes for each of %d × %d, in the head's output, the loss and their gradients",
                        each,
                        tokens,
                        vocabulary));
    }

    /**
     * The phases and the breakdown of the highest point, for reading.
     *
     * @return several lines, each ended by a line feed
     */
    public String table() {
        StringBuilder text = new StringBuilder();
        peaks.forEach((phase, peak) -> text.append(String.format(
                Locale.ROOT,
                "%-28s %12.3f GiB%s\n",
                lower(phase),
                peak.toGiB(),
                phase == peakPhase ? "  <- peak" : "")));
        return text.append('\n').append(breakdown().table()).toString();
    }

    /**
     * One line: the peak, its phase and the job.
     *
     * @return for example {@code peak 17.21 GiB (18478112768 B) in backward: …}
     */
    @Override
    public String toString() {
        List<String> others = new ArrayList<>();
        peaks.forEach(
                (phase, peak) -> others.add(String.format(Locale.ROOT, "%s %.2f GiB", lower(phase), peak.toGiB())));
        return "peak " + peak() + " in " + lower(peakPhase) + " (" + String.join(", ", others) + ")";
    }

    private static String lower(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
