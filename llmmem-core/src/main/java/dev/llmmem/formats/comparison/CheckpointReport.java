package dev.llmmem.formats.comparison;

import dev.llmmem.formats.Checkpoint;
import dev.llmmem.formats.quantization.StoredQuantization;
import dev.llmmem.model.ModelSpec;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What the files of a checkpoint hold against what its configuration says: every tensor by name, shape and format.
 *
 * <pre>{@code
 * ModelSpec model = HuggingFace.read(folder);
 * CheckpointReport report = CheckpointReport.of(Checkpoint.open(folder), model);
 * report.agrees();          // nothing is unexplained
 * report.describe();        // what differs, and why
 * }</pre>
 *
 * <p>Files win: what they hold is what {@link #shares()} counts, whatever the configuration says. Differences are told apart by
 * whether they are explained: the tied head, buffers, layers that predict further tokens and whatever else
 * {@link ModelSpec#storedExtras()} names, and scales of activations beside quantized weights. Packed weights, their scales and their
 * zeros are no difference where the quantization is given.
 *
 * <p>Names may begin otherwise than the model's: without the name of its inner module, or as the text decoder of a model that reads
 * images. The experts of a layer may be in one tensor or each by itself; the files say which. Where the model states no format for its
 * weights, it is the one of BF16, F16 and F32 that takes the most bytes in the files, or F32.
 *
 * <p>A report is bounded, whatever the files hold: at most 200 differences, names cut after some 200 characters; what is left out is
 * counted.
 *
 * <p>Immutable and thread-safe.
 */
public final class CheckpointReport {

    private final String model;
    private final StoredQuantization quantization;
    private final long expectedTensors;
    private final List<Difference> differences;
    private final long differingTensors;
    private final long unexplainedTensors;
    private final long leftOut;
    private final List<Share> shares;

    CheckpointReport(
            String model, StoredQuantization quantization, long expected, Findings findings, List<Share> shares) {
        this.model = model;
        this.quantization = quantization;
        this.expectedTensors = expected;
        this.differences = findings.list();
        this.differingTensors = findings.tensors();
        this.unexplainedTensors = findings.unexplained();
        this.leftOut = findings.leftOut();
        this.shares = List.copyOf(shares);
    }

    /**
     * Compares a checkpoint whose weights are not quantized.
     *
     * @param checkpoint what the files hold, of safetensors files
     * @param model what the configuration says
     * @return what differs
     * @throws IllegalArgumentException if the checkpoint is of GGUF files, whose names are others, if the model states a format that a
     *     file cannot have, or if it has more than 1,000,000 weights, each expert's counted
     */
    public static CheckpointReport of(Checkpoint checkpoint, ModelSpec model) {
        return of(checkpoint, model, StoredQuantization.none());
    }

    /**
     * Compares a checkpoint.
     *
     * @param checkpoint what the files hold, of safetensors files
     * @param model what the configuration says
     * @param quantization how the weights are quantized
     * @return what differs
     * @throws IllegalArgumentException if the checkpoint is of GGUF files, whose names are others, if the model states a format that a
     *     file cannot have, if it has more than 1,000,000 weights, each expert's counted, or if the quantization does not know
     *     what becomes of the model, as {@link StoredQuantization#inventory(ModelSpec)} says
     */
    public static CheckpointReport of(Checkpoint checkpoint, ModelSpec model, StoredQuantization quantization) {
        return Comparison.report(
                Objects.requireNonNull(checkpoint, "checkpoint"),
                Objects.requireNonNull(model, "model"),
                Objects.requireNonNull(quantization, "quantization"));
    }

    /**
     * What differs.
     *
     * @return at most 200 differences: missing ones and those of another shape or format in the order of the model, then those that
     *     the configuration does not say, in the order of the files
     */
    public List<Difference> differences() {
        return differences;
    }

    /**
     * What differs and is not explained.
     *
     * @return some of {@link #differences()}
     */
    public List<Difference> unexplained() {
        return differences.stream()
                .filter(difference -> difference.explanation().isEmpty())
                .toList();
    }

    /**
     * Whether nothing is unexplained, nor left out of the report.
     *
     * @return true if the files hold what the configuration says, and besides it only what is explained
     */
    public boolean agrees() {
        return unexplainedTensors == 0;
    }

    /**
     * The number of tensors that the configuration says.
     *
     * @return at least 1
     */
    public long expectedTensors() {
        return expectedTensors;
    }

    /**
     * The number of tensors that are unexplained, with those that {@link #differences()} leaves out.
     *
     * @return at least 0
     */
    public long unexplainedTensors() {
        return unexplainedTensors;
    }

    /**
     * The number of tensors that differ and are in none of {@link #differences()}, because there are too many of them.
     *
     * @return at least 0
     */
    public long leftOutTensors() {
        return leftOut;
    }

    /**
     * What the files hold, by why it is there. The tensors, elements and bytes of all shares are those of the checkpoint.
     *
     * @return the shares that are there
     */
    public List<Share> shares() {
        return shares;
    }

    /**
     * The report for people: shares, and what differs.
     *
     * @return several lines, each with an end; at most some 400
     */
    public String describe() {
        StringBuilder text = new StringBuilder();
        line(text, "%s, stored as %s", model, quantization.scheme());
        shares.forEach(share -> line(text, "  %s", share));
        differences.forEach(difference -> line(text, "  %s", difference));
        if (leftOut > 0) {
            line(text, "  and %,d tensors more that differ", leftOut);
        }
        line(text, "  %s", agrees() ? "files and configuration agree" : verdict());
        return text.toString();
    }

    private String verdict() {
        return String.format(Locale.ROOT, "%,d tensors are unexplained", unexplainedTensors);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /**
     * One line.
     *
     * @return for example {@code CheckpointReport[llama: 291 tensors expected, 1 differ, 0 of them unexplained]}
     */
    @Override
    public String toString() {
        return "CheckpointReport[" + model + ": " + expectedTensors + " tensors expected, " + differingTensors
                + " differ, " + unexplainedTensors + " of them unexplained]";
    }
}
