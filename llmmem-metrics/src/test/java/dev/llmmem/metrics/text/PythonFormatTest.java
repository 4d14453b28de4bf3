package dev.llmmem.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonFormatTest {

    /** What CPython 3.11 prints for {@code f"{x:.1f}"} to {@code f"{x:.4f}"}. */
    @ParameterizedTest
    @CsvSource({
        "0.125, 0.1, 0.12, 0.125, 0.1250",
        "12.25, 12.2, 12.25, 12.250, 12.2500",
        "2.5, 2.5, 2.50, 2.500, 2.5000",
        "99.95, 100.0, 99.95, 99.950, 99.9500",
        "1.005, 1.0, 1.00, 1.005, 1.0050",
        "100.00000000000004, 100.0, 100.00, 100.000, 100.0000",
        "1e-12, 0.0, 0.00, 0.000, 0.0000",
        "0.045, 0.0, 0.04, 0.045, 0.0450",
        "0.0005, 0.0, 0.00, 0.001, 0.0005",
        "1234567.875, 1234567.9, 1234567.88, 1234567.875, 1234567.8750",
        "-0.04, -0.0, -0.04, -0.040, -0.0400",
        "0.35, 0.3, 0.35, 0.350, 0.3500"
    })
    void roundsTheBinaryValueHalfToEven(double x, String one, String two, String three, String four) {
        assertThat(PythonFormat.fixed(x, 1)).isEqualTo(one);
        assertThat(PythonFormat.fixed(x, 2)).isEqualTo(two);
        assertThat(PythonFormat.fixed(x, 3)).isEqualTo(three);
        assertThat(PythonFormat.fixed(x, 4)).isEqualTo(four);
    }

    @Test
    void printsWhatIsNoNumber() {
        assertThat(PythonFormat.fixed(Double.NaN, 2)).isEqualTo("nan");
        assertThat(PythonFormat.fixed(Double.NEGATIVE_INFINITY, 2)).isEqualTo("-inf");
        assertThat(PythonFormat.fixed(-0.0, 1)).isEqualTo("-0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> PythonFormat.fixed(1, -1));
    }
}
