package dev.llmmem.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExactSumTest {

    private static ExactSum of(double... values) {
        ExactSum sum = new ExactSum();
        for (double value : values) {
            sum.add(value);
        }
        return sum;
    }

    /** {@code math.fsum} of CPython gives the same. */
    @Test
    void roundsOnce() {
        assertThat(of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).value()).isEqualTo(1.0);
        assertThat(of(1e100, 1.0, -1e100).value()).isEqualTo(1.0);
        assertThat(of(1.0, 0x1p-53).value()).isEqualTo(1.0);
        assertThat(of(1.0, 0x1p-53, Double.MIN_VALUE).value()).isEqualTo(1.0 + 0x1p-52);
        assertThat(of(Double.MIN_VALUE, Double.MIN_VALUE).value()).isEqualTo(2 * Double.MIN_VALUE);
        assertThat(of(Double.MAX_VALUE, Double.MAX_VALUE).value()).isInfinite();
        assertThat(of(Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE).value())
                .isEqualTo(Double.MAX_VALUE);
        assertThat(of(-3.5, 1.25).value()).isEqualTo(-2.25);
        assertThat(of().value()).isZero();
    }

    @Test
    void refusesWhatIsNoNumber() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of(1.0).add(value))
                    .withMessage("value is " + value + ", but must be finite");
        }
    }

    @Property
    void isTheExactSumInAnyOrder(@ForAll List<Double> values, @ForAll int seed, @ForAll byte cut) {
        BigDecimal exact = BigDecimal.ZERO;
        ExactSum whole = new ExactSum();
        for (double value : values) {
            exact = exact.add(new BigDecimal(value));
            whole.add(value);
        }
        List<Double> shuffled = new java.util.ArrayList<>(values);
        Collections.shuffle(shuffled, new java.util.Random(seed));
        int middle = values.isEmpty() ? 0 : Math.floorMod(cut, values.size());
        ExactSum first = new ExactSum();
        shuffled.subList(0, middle).forEach(first::add);
        ExactSum second = new ExactSum();
        shuffled.subList(middle, shuffled.size()).forEach(second::add);
        first.merge(second);
        assertThat(whole.value()).isEqualTo(exact.doubleValue());
        assertThat(first).isEqualTo(whole).hasSameHashCodeAs(whole).hasToString(whole.toString());
    }

    /** {@code statistics.mean} of CPython 3.11 gives the same. */
    @Test
    void roundsMeansOnce() {
        assertThat(of(1e100, 1.0, -1e100).mean(3)).isEqualTo(1.0 / 3);
        assertThat(of(0.1, 0.2, 0.4).mean(3)).isEqualTo(0.23333333333333334);
        assertThat(of(-Double.MIN_VALUE).mean(2)).isZero();
        assertThat(of(3 * Double.MIN_VALUE).mean(2)).isEqualTo(2 * Double.MIN_VALUE);
        assertThat(of(-5 * Double.MIN_VALUE).mean(3)).isEqualTo(-2 * Double.MIN_VALUE);
        assertThat(of(Double.MAX_VALUE, Double.MAX_VALUE).mean(2)).isEqualTo(Double.MAX_VALUE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(1.0).mean(0))
                .withMessage("count is 0, but must be at least 1");
    }

    @Property
    void meansAreTheExactOnes(@ForAll List<Double> values, @ForAll @IntRange(min = 1, max = 1000) int count) {
        BigDecimal exact = BigDecimal.ZERO;
        ExactSum sum = new ExactSum();
        for (double value : values) {
            exact = exact.add(new BigDecimal(value));
            sum.add(value);
        }
        double mean =
                exact.divide(BigDecimal.valueOf(count), new MathContext(1200)).doubleValue();
        assertThat(sum.mean(count)).isEqualTo(mean);
    }
}
