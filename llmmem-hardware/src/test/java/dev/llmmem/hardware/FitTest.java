package dev.llmmem.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.units.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FitTest {

    private static final Accelerator RTX_4090 = Accelerators.get("RTX 4090");

    @Test
    void fits() {
        Fit fit = Fit.of(Bytes.ofGiB(17.2), RTX_4090);
        assertThat(fit.fits()).isTrue();
        assertThat(fit.need()).isEqualTo(Bytes.ofGiB(17.2));
        assertThat(fit.capacity()).isEqualTo(RTX_4090.usableMemory());
        assertThat(fit.accelerator()).contains(RTX_4090);
        assertThat(fit.headroom()).isEqualTo(Headroom.DEFAULT);
        assertThat(fit.taken().toGiB()).isCloseTo(17.2 * 1.08 + 0.5, within(1e-8));
        assertThat(fit.free().toGiB()).isCloseTo(23.64 - 17.2 * 1.08 - 0.5, within(1e-8));
        assertThat(fit.missing()).isEqualTo(Bytes.ZERO);
        assertThat(fit.utilization()).isCloseTo((17.2 * 1.08 + 0.5) / 23.64, within(1e-8));
        assertThat(fit)
                .hasToString(
                        "needs 17.20 GiB and 1.88 GiB headroom of 23.64 GiB on NVIDIA GeForce RTX 4090: fits, 4.56 GiB free");
    }

    @Test
    void doesNotFit() {
        Fit fit = Fit.of(Bytes.ofGiB(24), RTX_4090);
        assertThat(fit.fits()).isFalse();
        assertThat(fit.free()).isEqualTo(Bytes.ZERO);
        assertThat(fit.missing().toGiB()).isCloseTo(24 * 1.08 + 0.5 - 23.64, within(1e-8));
        assertThat(fit.utilization()).isGreaterThan(1);
        assertThat(fit)
                .hasToString(
                        "needs 24.00 GiB and 2.42 GiB headroom of 23.64 GiB on NVIDIA GeForce RTX 4090: does not fit, 2.78 GiB missing");
    }

    /** A plain capacity, as the columns of a table have it. */
    @ParameterizedTest
    @CsvSource({"20, 24, true", "22, 24, false", "43, 48, true", "45, 48, false", "73, 80, true", "74, 80, false"})
    void fitsPlainCapacities(int needGiB, int capacityGiB, boolean fits) {
        Fit fit = Fit.of(Bytes.ofGiB(needGiB), Bytes.ofGiB(capacityGiB));
        assertThat(fit.fits()).isEqualTo(fits);
        assertThat(fit.accelerator()).isEmpty();
        assertThat(fit.toString())
                .startsWith("needs " + needGiB + ".00 GiB and ")
                .contains(" GiB headroom of " + capacityGiB + ".00 GiB: " + (fits ? "fits, " : "does not fit, "));
    }

    @Test
    void isExactAtTheBrim() {
        Bytes capacity = Bytes.of(1_000_000);
        Fit full = Fit.of(capacity, capacity).withHeadroom(Headroom.NONE);
        assertThat(full.fits()).isTrue();
        assertThat(full.free()).isEqualTo(Bytes.ZERO);
        assertThat(full.utilization()).isEqualTo(1);
        assertThat(full).hasToString("needs 976.56 KiB of 976.56 KiB: fits, 0 B free");
        Fit over = Fit.of(Bytes.of(1_000_001), capacity).withHeadroom(Headroom.NONE);
        assertThat(over.fits()).isFalse();
        assertThat(over.missing()).isEqualTo(Bytes.of(1));
        assertThat(over).hasToString("needs 976.56 KiB of 976.56 KiB: does not fit, 1 B missing");
    }

    @Test
    void takesAnotherHeadroom() {
        Fit fit = Fit.of(Bytes.of(1000), Bytes.of(2000)).withHeadroom(new Headroom(Bytes.of(100), 0.5));
        assertThat(fit.taken()).isEqualTo(Bytes.of(1600));
        assertThat(fit.free()).isEqualTo(Bytes.of(400));
        assertThat(fit.utilization()).isEqualTo(0.8);
        assertThat(fit).hasToString("needs 1000 B and 600 B headroom of 1.95 KiB: fits, 400 B free");
    }

    @Test
    void acceptsNoNeed() {
        Fit fit = Fit.of(Bytes.ZERO, RTX_4090).withHeadroom(Headroom.NONE);
        assertThat(fit.fits()).isTrue();
        assertThat(fit.utilization()).isZero();
        assertThat(fit).hasToString("needs 0 B of 23.64 GiB on NVIDIA GeForce RTX 4090: fits, 23.64 GiB free");
    }

    @Test
    void refusesNoCapacity() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fit.of(Bytes.ofGiB(1), Bytes.ZERO))
                .withMessage("capacity = 0, permitted [1, 9223372036854775807] bytes");
    }

    @Test
    void refusesWhatLeavesLong() {
        assertThatThrownBy(() -> Fit.of(Bytes.of(Long.MAX_VALUE), RTX_4090)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Headroom(Bytes.ofGiB(1), 1).on(Bytes.of(Long.MAX_VALUE)))
                .isInstanceOf(ArithmeticException.class);
        Bytes most = Bytes.of(Long.MAX_VALUE);
        assertThat(Fit.of(Bytes.of(1), most).withHeadroom(Headroom.NONE).fits()).isTrue();
    }

    @Test
    void comparesByValue() {
        Fit fit = Fit.of(Bytes.ofGiB(1), RTX_4090);
        assertThat(fit)
                .isEqualTo(Fit.of(Bytes.ofGiB(1), RTX_4090))
                .hasSameHashCodeAs(Fit.of(Bytes.ofGiB(1), RTX_4090))
                .isNotEqualTo(Fit.of(Bytes.ofGiB(2), RTX_4090))
                .isNotEqualTo(Fit.of(Bytes.ofGiB(1), RTX_4090.usableMemory()))
                .isNotEqualTo(Fit.of(Bytes.ofGiB(1), Accelerators.get("T4")))
                .isNotEqualTo(fit.withHeadroom(Headroom.NONE))
                .isNotEqualTo("fit");
    }

    @Test
    void keepsHalfAGiBAndEightPercentByDefault() {
        assertThat(Headroom.DEFAULT).isEqualTo(new Headroom(Bytes.ofMiB(512), 0.08));
        assertThat(Headroom.DEFAULT).hasToString("512.00 MiB (536870912 B) and 8 % of the need");
        assertThat(Headroom.NONE).hasToString("0 B and 0 % of the need");
        assertThat(new Headroom(Bytes.ZERO, 1)).hasToString("0 B and 100 % of the need");
        assertThat(new Headroom(Bytes.ZERO, 0.125)).hasToString("0 B and 12.5 % of the need");
        assertThat(new Headroom(Bytes.ZERO, -0.0)).isEqualTo(Headroom.NONE);
    }

    @Test
    void roundsHeadroomUp() {
        assertThat(new Headroom(Bytes.ZERO, 0.5).on(Bytes.of(3))).isEqualTo(Bytes.of(2));
        assertThat(new Headroom(Bytes.of(7), 0.25).on(Bytes.of(1))).isEqualTo(Bytes.of(8));
        assertThat(Headroom.NONE.on(Bytes.of(Long.MAX_VALUE))).isEqualTo(Bytes.ZERO);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesFractionsOutsideOne(double fragmentation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Headroom(Bytes.ZERO, fragmentation))
                .withMessage("fragmentation = " + fragmentation + ", permitted [0, 1] of the need");
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Fit.of(null, RTX_4090))
                .withMessage("need");
        assertThatNullPointerException()
                .isThrownBy(() -> Fit.of(Bytes.ZERO, (Accelerator) null))
                .withMessage("accelerator");
        assertThatNullPointerException()
                .isThrownBy(() -> Fit.of(null, Bytes.ZERO))
                .withMessage("need");
        assertThatNullPointerException()
                .isThrownBy(() -> Fit.of(Bytes.ZERO, (Bytes) null))
                .withMessage("capacity");
        assertThatNullPointerException()
                .isThrownBy(() -> Fit.of(Bytes.ZERO, RTX_4090).withHeadroom(null))
                .withMessage("headroom");
        assertThatNullPointerException().isThrownBy(() -> new Headroom(null, 0)).withMessage("context");
    }
}
