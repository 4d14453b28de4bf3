package dev.llmmem.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;

/** Every operation against the same operation on numbers without bounds. */
class BytesProperties {

    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    @Property
    void textIsReadBackExactly(@ForAll("sizes") Bytes size) {
        assertThat(Bytes.parse(size.toString())).isEqualTo(size);
        assertThat(Bytes.parse(size.value() + " B")).isEqualTo(size);
    }

    @Property
    void textIsOneLineAndNamesTheExactValue(@ForAll("sizes") Bytes size) {
        assertThat(size.toString()).contains(size.value() + " B").doesNotContain("\n");
    }

    @Property
    void plusIsExactOrAnError(@ForAll("sizes") Bytes a, @ForAll("sizes") Bytes b) {
        assertExact(() -> a.plus(b), big(a).add(big(b)));
    }

    @Property
    void plusCommutesAndMinusUndoesIt(
            @ForAll @LongRange(max = Long.MAX_VALUE / 2) long a, @ForAll @LongRange(max = Long.MAX_VALUE / 2) long b) {
        Bytes sum = Bytes.of(a).plus(Bytes.of(b));
        assertThat(Bytes.of(b).plus(Bytes.of(a))).isEqualTo(sum);
        assertThat(sum.minus(Bytes.of(b))).isEqualTo(Bytes.of(a));
    }

    @Property
    void minusIsExactOrAnError(@ForAll("sizes") Bytes a, @ForAll("sizes") Bytes b) {
        assertExact(() -> a.minus(b), big(a).subtract(big(b)));
    }

    @Property
    void timesIsExactOrAnError(@ForAll("sizes") Bytes size, @ForAll("numbers") long factor) {
        assertExact(() -> size.times(factor), big(size).multiply(BigInteger.valueOf(factor)));
    }

    @Property
    void partsAreTheSizeUpToOneByteEach(@ForAll("sizes") Bytes size, @ForAll @LongRange(min = 1) long divisor) {
        BigInteger[] quotient = big(size).divideAndRemainder(BigInteger.valueOf(divisor));
        assertThat(big(size.dividedBy(divisor))).isEqualTo(quotient[0]);
        assertThat(big(size.dividedByRoundingUp(divisor))).isEqualTo(quotient[0].add(quotient[1].min(BigInteger.ONE)));
    }

    @Property
    void roundingUpGivesTheSmallestMultiple(@ForAll("sizes") Bytes size, @ForAll @LongRange(min = 1) long multiple) {
        BigInteger block = BigInteger.valueOf(multiple);
        BigInteger blocks = big(size).add(block).subtract(BigInteger.ONE).divide(block);
        assertExact(() -> size.roundUpTo(multiple), blocks.multiply(block));
    }

    @Property
    void orderIsThatOfTheNumbers(@ForAll("sizes") Bytes a, @ForAll("sizes") Bytes b) {
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(big(a).compareTo(big(b)));
        assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        assertThat(big(a.max(b))).isEqualTo(big(a).max(big(b)));
        assertThat(big(a.min(b))).isEqualTo(big(a).min(big(b)));
    }

    @Property
    void wholeUnitsAreExactOrAnError(@ForAll("units") Unit unit, @ForAll("numbers") long amount) {
        assertExact(() -> unit.whole().apply(amount), BigInteger.valueOf(amount).multiply(unit.bytes()));
    }

    @Property
    void fractionsOfUnitsAreTheNearestByte(
            @ForAll("units") Unit unit, @ForAll @DoubleRange(max = 8_000_000) @Scale(7) double amount) {
        BigInteger expected = new BigDecimal(amount)
                .multiply(new BigDecimal(unit.bytes()))
                .setScale(0, RoundingMode.HALF_UP)
                .toBigIntegerExact();
        assertExact(() -> unit.fraction().apply(amount), expected);
    }

    @Property
    void unitsUndoTheirConversion(@ForAll("units") Unit unit, @ForAll @LongRange(max = 8_000_000) long amount) {
        assertThat(unit.conversion().applyAsDouble(unit.whole().apply(amount))).isEqualTo((double) amount);
        assertThat(unit.fraction().apply((double) amount))
                .isEqualTo(unit.whole().apply(amount));
    }

    @Property
    void parsingRoundsTheDecimalNumberToTheNearestByte(
            @ForAll("units") Unit unit,
            @ForAll @LongRange(max = 8_000_000_000_000L) long digits,
            @ForAll("scales") int scale) {
        BigDecimal amount = BigDecimal.valueOf(digits, scale);
        BigInteger expected = amount.multiply(new BigDecimal(unit.bytes()))
                .setScale(0, RoundingMode.HALF_UP)
                .toBigIntegerExact();
        assertExact(() -> Bytes.parse(amount.toPlainString() + " " + unit), expected);
        assertExact(() -> Bytes.parse(amount.toPlainString() + unit), expected);
    }

    @Property
    void anyTextIsASizeOrAnErrorThatSaysSo(@ForAll String text) {
        try {
            assertThat(Bytes.parse(text).value()).isNotNegative();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("text = \"");
        } catch (ArithmeticException e) {
            assertThat(e).hasMessageContaining("exceeds");
        }
    }

    @Provide
    Arbitrary<Long> numbers() {
        Arbitrary<Long> nearPowers = Arbitraries.integers()
                .between(0, 62)
                .flatMap(power -> Arbitraries.longs().between(-2, 2).map(offset -> Math.max(0, (1L << power) + offset)))
                .withoutEdgeCases();
        return Arbitraries.oneOf(
                Arbitraries.longs().greaterOrEqual(0), Arbitraries.longs().between(0, 1L << 33), nearPowers);
    }

    @Provide
    Arbitrary<Bytes> sizes() {
        return numbers().map(Bytes::of);
    }

    @Provide
    Arbitrary<Unit> units() {
        return Arbitraries.of(Unit.ALL);
    }

    @Provide
    Arbitrary<Integer> scales() {
        return Arbitraries.integers().between(0, 12);
    }

    private static BigInteger big(Bytes size) {
        return BigInteger.valueOf(size.value());
    }

    private static void assertExact(Supplier<Bytes> operation, BigInteger expected) {
        if (expected.signum() < 0 || expected.compareTo(LARGEST) > 0) {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(operation::get);
        } else {
            assertThat(big(operation.get())).isEqualTo(expected);
        }
    }

    /** A unit, with its size and with its factories and conversion in {@link Bytes}. */
    record Unit(
            String name,
            BigInteger bytes,
            LongFunction<Bytes> whole,
            DoubleFunction<Bytes> fraction,
            ToDoubleFunction<Bytes> conversion) {

        private static final List<Unit> ALL = List.of(
                binary("KiB", 1, Bytes::ofKiB, Bytes::ofKiB, Bytes::toKiB),
                binary("MiB", 2, Bytes::ofMiB, Bytes::ofMiB, Bytes::toMiB),
                binary("GiB", 3, Bytes::ofGiB, Bytes::ofGiB, Bytes::toGiB),
                binary("TiB", 4, Bytes::ofTiB, Bytes::ofTiB, Bytes::toTiB),
                decimal("KB", 1, Bytes::ofKB, Bytes::ofKB, Bytes::toKB),
                decimal("MB", 2, Bytes::ofMB, Bytes::ofMB, Bytes::toMB),
                decimal("GB", 3, Bytes::ofGB, Bytes::ofGB, Bytes::toGB),
                decimal("TB", 4, Bytes::ofTB, Bytes::ofTB, Bytes::toTB));

        private static Unit binary(
                String name,
                int power,
                LongFunction<Bytes> whole,
                DoubleFunction<Bytes> fraction,
                ToDoubleFunction<Bytes> conversion) {
            return new Unit(name, BigInteger.valueOf(1024).pow(power), whole, fraction, conversion);
        }

        private static Unit decimal(
                String name,
                int power,
                LongFunction<Bytes> whole,
                DoubleFunction<Bytes> fraction,
                ToDoubleFunction<Bytes> conversion) {
            return new Unit(name, BigInteger.valueOf(1000).pow(power), whole, fraction, conversion);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
