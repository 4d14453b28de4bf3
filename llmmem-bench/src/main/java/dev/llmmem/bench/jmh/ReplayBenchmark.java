package dev.llmmem.bench.jmh;

import dev.llmmem.memory.DeviceMemory;
import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.Models;
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
 * The time of the allocator's replay, which runs every layer by itself, storage by storage.
 *
 * <pre>{@code
 * java -cp llmmem-bench/target/llmmem-bench.jar org.openjdk.jmh.Main ReplayBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplayBenchmark {

    /** The model's id. */
    @Param("meta-llama/Llama-3.1-8B")
    public String model = "";

    /** What is done with the model: {@code lora}, {@code full} or {@code inference}. */
    @Param({"lora", "full", "inference"})
    public String strategy = "";

    private @Nullable MemoryEstimate estimate;

    /** Estimates the job. */
    @Setup
    public void build() {
        estimate = MemoryEstimate.of(Jobs.of(Models.get(model), strategy));
    }

    /**
     * Plays the job through the allocator.
     *
     * @return what it takes of a device
     */
    @Benchmark
    public DeviceMemory onDevice() {
        return Objects.requireNonNull(estimate).onDevice();
    }
}
