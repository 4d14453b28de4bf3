package dev.llmmem.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.metrics.Example;
import dev.llmmem.metrics.Goldens;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SignificanceTest {

    private static final double[] HALVES = {0, 1, 1, 0, 1, 0, 0, 0, 1, 1};

    @Test
    void equalsSacreBleu() {
        for (Goldens.Row row : Goldens.rows(SignificanceTest.class, "significance.jsonl.gz")) {
            String metric = (String) row.get("metric");
            SummedStatistics statistics = new Formula(metric);
            List<Segments> systems = new ArrayList<>();
            for (Object rows : Goldens.list(row.get("stats"))) {
                systems.add(Segments.ofRows(
                        statistics,
                        Goldens.list(rows).stream().map(Goldens::doubles).toList()));
            }
            String what = row.get("id") + " " + metric;
            Segments baseline = systems.get(0);
            double[] single = Goldens.doubles(row.get("single"));
            BootstrapInterval interval = BootstrapInterval.of(baseline, count(row, "n_bootstrap"), 12345);
            assertClose(interval, single[0], single[1], single[2], what);

            PairedBootstrap bootstrap = new PairedBootstrap(count(row, "n_bs"), 12345);
            assertInterval(bootstrap.interval(baseline), resultOf(row, "bs", 0), what);
            ApproximateRandomization randomization =
                    new ApproximateRandomization(count(row, "n_ar"), Math.max(0, count(row, "n_ar_conf")), 12345);
            randomization.interval(baseline).ifPresent(own -> assertInterval(own, resultOf(row, "ar", 0), what));
            for (int i = 1; i < systems.size(); i++) {
                assertEqual(bootstrap.compare(baseline, systems.get(i)), resultOf(row, "bs", i), what);
                assertEqual(randomization.compare(baseline, systems.get(i)), resultOf(row, "ar", i), what);
            }
        }
    }

    private static int count(Goldens.Row row, String name) {
        return ((Number) row.get(name)).intValue();
    }

    private static List<Object> resultOf(Goldens.Row row, String test, int system) {
        return Goldens.list(Goldens.list(row.get(test)).get(system));
    }

    private static void assertEqual(Comparison comparison, List<Object> expected, String what) {
        assertThat(comparison.pValue()).as(what).isEqualTo(expected.get(1));
        assertThat(comparison.interval().isPresent())
                .as(what)
                .isEqualTo(!expected.get(2).equals("null"));
        comparison.interval().ifPresent(interval -> assertInterval(interval, expected, what));
    }

    private static void assertInterval(BootstrapInterval interval, List<Object> expected, String what) {
        assertClose(
                interval,
                Goldens.number(expected.get(0)),
                Goldens.number(expected.get(2)),
                Goldens.number(expected.get(3)),
                what);
    }

    /** Intervals are equal to the bit, but for BLEU, whose logarithms and powers differ in the last bit between platforms. */
    private static void assertClose(
            BootstrapInterval interval, double score, double mean, double halfWidth, String what) {
        assertThat(interval.score()).as(what).isCloseTo(score, within(2e-15 * score));
        assertThat(interval.mean()).as(what).isCloseTo(mean, within(3e-14));
        double rounding = what.endsWith("bleu") ? 2e-15 * score : 0;
        assertThat(interval.halfWidth()).as(what).isCloseTo(halfWidth, within(rounding));
    }

    @Test
    void aSystemAgainstItselfHasTheSmallestPValue() {
        Segments segments = Segments.ofMean(HALVES);
        assertThat(new PairedBootstrap(99, 1).compare(segments, segments).pValue())
                .isEqualTo(0.01);
        Comparison comparison = new ApproximateRandomization(99, 0, 1).compare(segments, segments);
        assertThat(comparison.pValue()).isEqualTo(0.01);
        assertThat(comparison.interval()).isEmpty();
        assertThat(comparison.isSignificantAt(0.05)).isTrue();
        assertThat(comparison).hasToString("0.5 against 0.5, p = 0.01");
    }

    @Test
    void aMetricGivesTheFigures() {
        SummedStatistics lengths = new SummedStatistics() {
            @Override
            public double[] statistics(String prediction, List<String> references) {
                return new double[] {prediction.length(), references.get(0).length()};
            }

            @Override
            public double score(double[] sums) {
                return sums[0] / sums[1];
            }
        };
        Segments segments = Segments.of(lengths, List.of(Example.of("abc", "ab"), Example.of("", "cd")));
        assertThat(segments.size()).isEqualTo(2);
        assertThat(segments.score()).isEqualTo(0.75);
        assertThat(segments).hasToString("0.75 of 2 segments");
        BootstrapInterval interval = BootstrapInterval.of(segments);
        assertThat(interval.samples()).isEqualTo(1000);
        assertThat(interval.halfWidth()).isEqualTo(0.75);
        assertThat(interval.toString()).startsWith("0.75 (mean 0.").endsWith("± 0.75)");
    }

    @Property(tries = 100)
    void intervalsHoldAllScoresOfConstants(
            @ForAll @DoubleRange(min = -100, max = 100) double value,
            @ForAll @IntRange(min = 1, max = 20) int size,
            @ForAll @IntRange(min = 1, max = 90) int samples) {
        double[] values = new double[size];
        java.util.Arrays.fill(values, value);
        BootstrapInterval interval = BootstrapInterval.of(Segments.ofMean(values), samples, 7);
        assertThat(interval.mean()).isCloseTo(value, within(1e-4));
        assertThat(interval.halfWidth()).isBetween(0.0, 1e-4);
    }

    @Property(tries = 100)
    void theSameSeedGivesTheSame(
            @ForAll @Size(min = 2, max = 30) List<@DoubleRange(min = 0, max = 1) Double> values, @ForAll int seed) {
        Segments segments = Segments.ofMean(values.stream().mapToDouble(v -> v).toArray());
        long natural = Integer.toUnsignedLong(seed);
        BootstrapInterval interval = BootstrapInterval.of(segments, 50, natural);
        assertThat(interval).isEqualTo(BootstrapInterval.of(segments, 50, natural));
        assertThat(interval.mean()).isBetween(-1e-6, 1 + 1e-6);
        Comparison comparison = new ApproximateRandomization(50, 50, natural).compare(segments, segments);
        assertThat(comparison.interval().orElseThrow().halfWidth()).isBetween(0.0, 0.5 + 1e-6);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Segments segments = Segments.ofMean(1, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BootstrapInterval.of(segments, 0, 1))
                .withMessage("samples is 0, but must be 1 to 10000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PairedBootstrap(10, -1))
                .withMessage("seed is -1, but must be at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ApproximateRandomization(10, -1, 0))
                .withMessage("intervalSamples is -1, but must be 0 to 10000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PairedBootstrap().compare(segments, Segments.ofMean(1)))
                .withMessage("segments of the system are 1, but must be 2, as many as of the baseline");
        assertThatIllegalArgumentException()
                .isThrownBy(Segments::ofMean)
                .withMessage("segments are 0, but must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Segments.ofMean(1, Double.NaN))
                .withMessage("figure 0 of segment 1 is NaN, but must be finite");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Segments.ofRows(new Formula("ter"), List.of(new double[] {1}, new double[2])))
                .withMessage("figures of segment 1 are 2, but must be 1, as many as of segment 0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new PairedBootstrap().compare(segments, segments).isSignificantAt(2))
                .withMessage("level is 2.0, but must be 0 to 1");
    }
}
