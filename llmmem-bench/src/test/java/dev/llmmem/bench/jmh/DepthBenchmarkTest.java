package dev.llmmem.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthBenchmarkTest {

    @ParameterizedTest
    @ValueSource(strings = {"lora", "full", "inference"})
    void estimatesWhatItSays(String strategy) {
        DepthBenchmark small = benchmark(strategy, 8);
        DepthBenchmark large = benchmark(strategy, 128);
        assertThat(small.breakdown()).isEqualTo(small.peak());
        assertThat(large.breakdown()).isEqualTo(large.peak());
        assertThat(large.peak()).isGreaterThan(small.peak().times(4));
    }

    private static DepthBenchmark benchmark(String strategy, int layers) {
        DepthBenchmark benchmark = new DepthBenchmark();
        benchmark.strategy = strategy;
        benchmark.layers = layers;
        benchmark.build();
        return benchmark;
    }
}
