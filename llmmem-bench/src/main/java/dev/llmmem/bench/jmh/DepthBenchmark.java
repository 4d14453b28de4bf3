package dev.llmmem.bench.jmh;

import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Workload;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of one estimate of Llama-3.1-8B with more or fewer layers, to show that it does not depend on their number; and
 * the time of its breakdown.
 *
 * <pre>{@code
 * java -cp llmmem-bench/target/llmmem-bench.jar org.openjdk.jmh.Main DepthBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DepthBenchmark {

    /** What is done with the model: {@code lora}, {@code full} or {@code inference}. */
    @Param({"lora", "full", "inference"})
    public String strategy = "";

    /** The layers of the model; it has 32. */
    @Param({"8", "32", "128"})
    public int layers;

    private @Nullable Workload job;

    /** Builds the job. */
    @Setup
    public void build() {
        ModelSpec llama = Models.get("meta-llama/Llama-3.1-8B");
        job = Jobs.of(
                llama.toBuilder()
                        .layers(Collections.nCopies(layers, llama.layers().get(0)))
                        .build(),
                strategy);
    }

    /**
     * Estimates the job.
     *
     * @return its peak
     */
    @Benchmark
    public Bytes peak() {
        return MemoryEstimate.of(Objects.requireNonNull(job)).peak();
    }

    /**
     * Estimates the job and says what the peak is made of.
     *
     * @return the sum of the items
     */
    @Benchmark
    public Bytes breakdown() {
        return MemoryEstimate.of(Objects.requireNonNull(job)).breakdown().total();
    }
}
