package dev.llmmem.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.units.Bytes;
import java.util.SortedSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EstimateBenchmarkTest {

    static SortedSet<String> modelTypes() {
        return MemoryEstimate.modelTypes();
    }

    @ParameterizedTest
    @MethodSource("modelTypes")
    void everyModelTypeHasItsJobs(String modelType) {
        assertThat(Jobs.largest(modelType).modelType()).isEqualTo(modelType);
        Bytes full = benchmark(modelType, "full").peak();
        assertThat(benchmark(modelType, "lora").peak()).isLessThan(full);
        assertThat(benchmark(modelType, "inference").peak()).isLessThan(full);
    }

    private static EstimateBenchmark benchmark(String modelType, String strategy) {
        EstimateBenchmark benchmark = new EstimateBenchmark();
        benchmark.modelType = modelType;
        benchmark.strategy = strategy;
        benchmark.build();
        return benchmark;
    }
}
