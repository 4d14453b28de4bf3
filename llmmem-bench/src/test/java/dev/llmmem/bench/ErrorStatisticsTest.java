package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All expected numbers were worked out by hand. */
class ErrorStatisticsTest {

    @Test
    void hasNothingToSayOfNothing() {
        assertThat(ErrorStatistics.of(List.of())).isEmpty();
    }

    @Test
    void isThatOneErrorForOne() {
        assertThat(ErrorStatistics.of(List.of(0.5))).contains(new ErrorStatistics(1, 0.5, 0.5, 0.5, 0.5, 0, 100));
    }

    @Test
    void takesTheMiddleOfAnOddNumber() {
        // 0, 0.125, 4: mean 4.125 / 3; rank of p95 = ceil(2.85) = 3
        assertThat(ErrorStatistics.of(List.of(4.0, 0.0, 0.125)))
                .contains(new ErrorStatistics(3, 1.375, 0.125, 4, 4, 100.0 / 3, 200.0 / 3));
    }

    @Test
    void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        // 0, 0.25, 0.75, 2: mean 3 / 4; median (0.25 + 0.75) / 2; rank of p95 = ceil(3.8) = 4
        assertThat(ErrorStatistics.of(List.of(0.75, 2.0, 0.0, 0.25)))
                .contains(new ErrorStatistics(4, 0.75, 0.5, 2, 2, 25, 75));
    }

    @Test
    void takesTheNearestRankForP95() {
        // 1, 2, ..., n
        assertThat(p95(19)).isEqualTo(19); // ceil(18.05)
        assertThat(p95(20)).isEqualTo(19); // ceil(19)
        assertThat(p95(21)).isEqualTo(20); // ceil(19.95)
        assertThat(p95(100)).isEqualTo(95);
        assertThat(p95(101)).isEqualTo(96); // ceil(95.95)
    }

    @Test
    void countsErrorsAtALimitAsWithin() {
        ErrorStatistics statistics =
                ErrorStatistics.of(List.of(0.1, 0.1000001, 1.0, 1.0000001)).orElseThrow();
        assertThat(statistics.within01()).isEqualTo(25);
        assertThat(statistics.within1()).isEqualTo(75);
    }

    @Test
    void doesNotDependOnTheOrder() {
        List<Double> errors =
                IntStream.range(0, 40).mapToObj(i -> i * i / 64.0).collect(java.util.stream.Collectors.toList());
        ErrorStatistics ascending = ErrorStatistics.of(errors).orElseThrow();
        Collections.reverse(errors);
        assertThat(ErrorStatistics.of(errors)).contains(ascending);
    }

    private static double p95(int count) {
        return ErrorStatistics.of(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> (double) i)
                        .toList())
                .orElseThrow()
                .p95();
    }
}
