package dev.llmmem.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.Models;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayBenchmarkTest {

    @ParameterizedTest
    @ValueSource(strings = {"lora", "full", "inference"})
    void playsTheJobThatItSays(String strategy) {
        ReplayBenchmark benchmark = new ReplayBenchmark();
        benchmark.model = "openai-community/gpt2";
        benchmark.strategy = strategy;
        benchmark.build();
        MemoryEstimate estimate = MemoryEstimate.of(Jobs.of(Models.get(benchmark.model), strategy));
        assertThat(benchmark.onDevice().reserved().high()).isGreaterThanOrEqualTo(estimate.peak());
    }
}
