package dev.llmmem.bench.jmh;

import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
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
 * The time of one estimate: Llama-3.1-8B in bf16, 4 rows of 2048 tokens. The number of layers is changed to show that the
 * time does not depend on it.
 *
 * <pre>{@code
 * java -cp llmmem-bench/target/llmmem-bench.jar org.openjdk.jmh.Main EstimateBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EstimateBenchmark {

    /** What is done with the model: {@code lora}, {@code full} or {@code inference}. */
    @Param({"lora", "full", "inference"})
    public String strategy = "";

    /** The layers of the model; it has 32. */
    @Param({"8", "32", "128"})
    public int layers;

    private Workload job = job(Strategy.fullFineTuning(), 1);

    /** Builds the job. */
    @Setup
    public void build() {
        Strategy chosen = switch (strategy) {
            case "lora" -> Strategy.lora(16);
            case "full" -> Strategy.fullFineTuning();
            case "inference" -> Strategy.inference(256);
            default -> throw new IllegalArgumentException("strategy = " + strategy);
        };
        job = job(chosen, layers);
    }

    /**
     * Estimates the job.
     *
     * @return its peak
     */
    @Benchmark
    public Bytes peak() {
        return MemoryEstimate.of(job).peak();
    }

    /**
     * Estimates the job and says what the peak is made of.
     *
     * @return the sum of the items
     */
    @Benchmark
    public Bytes breakdown() {
        return MemoryEstimate.of(job).breakdown().total();
    }

    private static Workload job(Strategy strategy, int layers) {
        ModelSpec llama = Models.get("meta-llama/Llama-3.1-8B");
        return Workload.builder()
                .model(llama.toBuilder()
                        .layers(Collections.nCopies(layers, llama.layers().get(0)))
                        .build())
                .strategy(strategy)
                .batch(4)
                .sequence(2048)
                .build();
    }
}
