package dev.llmmem.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.units.Bytes;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FitProperties {

    private static final long MOST = 1L << 60;

    @Provide
    Arbitrary<Bytes> sizes() {
        return Arbitraries.longs().between(0, MOST).map(Bytes::of);
    }

    @Provide
    Arbitrary<Bytes> capacities() {
        return Arbitraries.longs().between(1, MOST).map(Bytes::of);
    }

    @Provide
    Arbitrary<Accelerator> accelerators() {
        return Arbitraries.of(Accelerators.all());
    }

    @Provide
    Arbitrary<Headroom> headrooms() {
        return Combinators.combine(sizes(), Arbitraries.doubles().between(0, 1)).as(Headroom::new);
    }

    @Property
    void freeAndMissingAccountForEveryByte(
            @ForAll("sizes") Bytes need, @ForAll("capacities") Bytes capacity, @ForAll("headrooms") Headroom headroom) {
        Fit fit = Fit.of(need, capacity).withHeadroom(headroom);
        assertThat(fit.taken()).isEqualTo(need.plus(headroom.on(need)));
        assertThat(fit.taken().plus(fit.free())).isEqualTo(capacity.plus(fit.missing()));
        assertThat(fit.free().min(fit.missing())).isEqualTo(Bytes.ZERO);
        assertThat(fit.fits()).isEqualTo(fit.missing().equals(Bytes.ZERO));
        assertThat(fit.utilization()).isNotNegative().isFinite();
        assertThat(fit.fits() ? fit.utilization() <= 1 : fit.utilization() >= 1).isTrue();
    }

    @Property
    void lessNeedFitsWhereMoreDoes(
            @ForAll("sizes") Bytes one,
            @ForAll("sizes") Bytes other,
            @ForAll("accelerators") Accelerator accelerator,
            @ForAll("headrooms") Headroom headroom) {
        Fit less = Fit.of(one.min(other), accelerator).withHeadroom(headroom);
        Fit more = Fit.of(one.max(other), accelerator).withHeadroom(headroom);
        assertThat(less.fits() || !more.fits()).isTrue();
        assertThat(less.free()).isGreaterThanOrEqualTo(more.free());
        assertThat(less.utilization()).isLessThanOrEqualTo(more.utilization());
    }

    @Property
    void headroomGrowsWithTheNeed(
            @ForAll("sizes") Bytes one, @ForAll("sizes") Bytes other, @ForAll("headrooms") Headroom headroom) {
        assertThat(headroom.on(one.max(other))).isGreaterThanOrEqualTo(headroom.on(one.min(other)));
        assertThat(headroom.on(one))
                .isBetween(headroom.context(), headroom.context().plus(one));
    }

    @Property
    void whatFitsAnAcceleratorIsAmongThoseLargeEnough(
            @ForAll("accelerators") Accelerator accelerator, @ForAll("sizes") Bytes need) {
        Fit fit = Fit.of(need, accelerator).withHeadroom(Headroom.NONE);
        assertThat(Accelerators.withAtLeast(need).contains(accelerator)).isEqualTo(fit.fits());
    }

    @Property
    void printsOneLine(
            @ForAll("sizes") Bytes need,
            @ForAll("accelerators") Accelerator accelerator,
            @ForAll("headrooms") Headroom headroom) {
        Fit fit = Fit.of(need, accelerator).withHeadroom(headroom);
        assertThat(fit.toString())
                .startsWith("needs ")
                .contains(accelerator.name())
                .doesNotContain("\n")
                .endsWith(fit.fits() ? " free" : " missing");
    }
}
