package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;
import java.math.BigInteger;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesOfThumbTest {

    private static final long BILLION = 1_000_000_000;

    private static Stream<LongFunction<Bytes>> rules() {
        return Stream.of(
                RulesOfThumb::storage,
                RulesOfThumb::trainingWithAdam,
                RulesOfThumb::trainingSafely,
                parameters -> RulesOfThumb.loading(parameters, DType.BF16),
                RulesOfThumb::fineTuningIn16Bit,
                parameters -> RulesOfThumb.serving(parameters, 16));
    }

    @Test
    void saysWhatItsSourcesSayOfOneBillion() {
        assertThat(RulesOfThumb.storage(BILLION)).isEqualTo(Bytes.ofGB(4));
        assertThat(RulesOfThumb.trainingWithAdam(BILLION)).isEqualTo(Bytes.ofGB(24));
        assertThat(RulesOfThumb.trainingSafely(BILLION)).isEqualTo(Bytes.ofGB(80));
        assertThat(RulesOfThumb.loading(BILLION, DType.FP32)).isEqualTo(Bytes.ofGB(4));
        assertThat(RulesOfThumb.loading(BILLION, DType.BF16)).isEqualTo(Bytes.ofGB(2));
        assertThat(RulesOfThumb.loading(BILLION, DType.FP16)).isEqualTo(Bytes.ofGB(2));
        assertThat(RulesOfThumb.fineTuningIn16Bit(BILLION)).isEqualTo(Bytes.ofGB(8));
    }

    @ParameterizedTest
    @CsvSource({"70, 16, 168", "70, 4, 42", "7, 8, 8.4", "70, 32, 336", "1, 1, 0.15"})
    void servesAsItsSourceDoes(long billions, int bits, double gigabytes) {
        assertThat(RulesOfThumb.serving(billions * BILLION, bits)).isEqualTo(Bytes.ofGB(gigabytes));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 6, 7, 19, 20, 21, 8_030_261_248L, 1_235_814_400, 9_223_372_036_854_775_807L / 5})
    void servesExactlyAndRoundsUp(long parameters) {
        for (int bits = 1; bits <= 32; bits++) {
            BigInteger twentieths = BigInteger.valueOf(parameters).multiply(BigInteger.valueOf(3L * bits));
            BigInteger bytes = twentieths.add(BigInteger.valueOf(19)).divide(BigInteger.valueOf(20));
            assertThat(RulesOfThumb.serving(parameters, bits).value()).isEqualTo(bytes.longValueExact());
        }
    }

    @Test
    void countsLlamaInFull() {
        assertThat(RulesOfThumb.storage(8_030_261_248L)).isEqualTo(Bytes.of(32_121_044_992L));
        assertThat(RulesOfThumb.loading(8_030_261_248L, DType.BF16)).isEqualTo(Bytes.of(16_060_522_496L));
        assertThat(RulesOfThumb.loading(3, DType.INT4)).isEqualTo(Bytes.of(2));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void takesNothingForNothing(LongFunction<Bytes> rule) {
        assertThat(rule.apply(0)).isEqualTo(Bytes.ZERO);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void refusesNegativeCounts(LongFunction<Bytes> rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule.apply(-1))
                .withMessage("parameters = -1, permitted [0, 9223372036854775807] parameters");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void doesNotWrapAround(LongFunction<Bytes> rule) {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> rule.apply(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 33, Integer.MAX_VALUE})
    void refusesWidthsThatNoWeightHas(int bits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RulesOfThumb.serving(1, bits))
                .withMessage("bits = " + bits + ", permitted [1, 32] bits");
    }
}
