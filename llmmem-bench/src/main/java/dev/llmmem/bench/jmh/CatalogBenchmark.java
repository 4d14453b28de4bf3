package dev.llmmem.bench.jmh;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of the first use of the bundled models in a fresh machine, which loads its classes and reads the catalog. The start of the
 * machine is not in it.
 *
 * <pre>{@code
 * java -cp llmmem-bench/target/llmmem-bench.jar org.openjdk.jmh.Main CatalogBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(10)
public class CatalogBenchmark {

    /**
     * Looks up a model.
     *
     * @return the model
     */
    @Benchmark
    public ModelSpec get() {
        return Models.get("meta-llama/Llama-3.1-8B");
    }

    /**
     * Searches by name.
     *
     * @return the ids
     */
    @Benchmark
    public List<String> search() {
        return Models.search("llama 8b");
    }
}
