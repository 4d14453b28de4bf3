package dev.llmmem.bench.jmh;

import dev.llmmem.formats.Checkpoint;
import dev.llmmem.formats.CheckpointIndex;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time to read the index of a checkpoint, and to read it with the headers of all files: of Llama-3.1-405B, those are 1,137 tensors
 * in 191 files, as it was published. The files are written first, with holes for weights, so they take little of the disk.
 *
 * <pre>{@code
 * java -cp llmmem-bench/target/llmmem-bench.jar org.openjdk.jmh.Main CheckpointBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CheckpointBenchmark {

    /** The model's id. */
    @Param("meta-llama/Llama-3.1-405B")
    public String model = "";

    private @Nullable Path folder;
    private @Nullable Path file;

    /**
     * Writes the files.
     *
     * @throws IOException if they cannot be written
     */
    @Setup
    public void write() throws IOException {
        ModelSpec spec = Models.get(model);
        folder = Files.createTempDirectory("llmmem-checkpoint");
        file = ShardedCheckpoint.write(spec, folder);
        Checkpoint read = Checkpoint.open(file);
        if (read.elements() != spec.parameterCount()) {
            throw new IllegalStateException(read + " is not what was written of " + spec);
        }
    }

    /**
     * Removes the files.
     *
     * @throws IOException if they cannot be removed
     */
    @TearDown
    public void delete() throws IOException {
        ShardedCheckpoint.delete(Objects.requireNonNull(folder));
    }

    /**
     * Reads the index and the headers of all files, and holds them against each other.
     *
     * @return what they hold
     */
    @Benchmark
    public Checkpoint checkpoint() {
        return Checkpoint.open(Objects.requireNonNull(file));
    }

    /**
     * Reads the index.
     *
     * @return which file holds which tensor
     */
    @Benchmark
    public CheckpointIndex index() {
        return CheckpointIndex.read(Objects.requireNonNull(file));
    }
}
