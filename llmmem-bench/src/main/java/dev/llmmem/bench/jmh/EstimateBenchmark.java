package dev.llmmem.bench.jmh;

import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Workload;
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
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The time of one estimate, for every model type that can be estimated; each by its largest bundled model.
 *
 * <pre>{@code
 * java -cp llmmem-bench/target/llmmem-bench.jar dev.llmmem.bench.jmh.EstimateBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EstimateBenchmark {

    /** The model's type. */
    @Param("llama")
    public String modelType = "";

    /** What is done with the model: {@code lora}, {@code full} or {@code inference}. */
    @Param({"lora", "full", "inference"})
    public String strategy = "";

    private @Nullable Workload job;

    /** Builds the job. */
    @Setup
    public void build() {
        job = Jobs.of(Jobs.largest(modelType), strategy);
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
     * Runs the benchmark for all model types.
     *
     * @param arguments JMH's own; {@code -p modelType=gemma3} for some types only
     * @throws CommandLineOptionException if they are wrong
     * @throws RunnerException if the benchmark fails
     */
    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        CommandLineOptions options = new CommandLineOptions(arguments);
        OptionsBuilder run = new OptionsBuilder();
        run.parent(options).include(EstimateBenchmark.class.getName());
        if (!options.getParameter("modelType").hasValue()) {
            run.param("modelType", MemoryEstimate.modelTypes().toArray(String[]::new));
        }
        var unused = new Runner(run.build()).run();
    }
}
