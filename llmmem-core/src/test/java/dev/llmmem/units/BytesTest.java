package dev.llmmem.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {

    private static final Bytes LARGEST = Bytes.of(Long.MAX_VALUE);

    @Nested
    class Making {

        @Test
        void countsWholeBytes() {
            assertThat(Bytes.of(1536).value()).isEqualTo(1536);
            assertThat(new Bytes(1536)).isEqualTo(Bytes.of(1536));
            assertThat(Bytes.of(0)).isEqualTo(Bytes.ZERO).isEqualTo(new Bytes(0));
            assertThat(LARGEST.value()).isEqualTo(9223372036854775807L);
        }

        @Test
        void refusesNegativeNumbers() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.of(-1))
                    .withMessage("bytes = -1, permitted [0, 9223372036854775807] bytes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Bytes(-7))
                    .withMessage("value = -7, permitted [0, 9223372036854775807] bytes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.ofGiB(-1))
                    .withMessage("amount = -1, permitted [0, 8589934591] GiB");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.ofTB(-0.5))
                    .withMessage("amount = -0.5, permitted [0, 9223372] TB");
        }

        @Test
        void keepsBinaryAndDecimalUnitsApart() {
            assertThat(Bytes.ofKiB(1)).isEqualTo(Bytes.of(1_024));
            assertThat(Bytes.ofMiB(1)).isEqualTo(Bytes.of(1_048_576));
            assertThat(Bytes.ofGiB(1)).isEqualTo(Bytes.of(1_073_741_824));
            assertThat(Bytes.ofTiB(1)).isEqualTo(Bytes.of(1_099_511_627_776L));
            assertThat(Bytes.ofKB(1)).isEqualTo(Bytes.of(1_000));
            assertThat(Bytes.ofMB(1)).isEqualTo(Bytes.of(1_000_000));
            assertThat(Bytes.ofGB(1)).isEqualTo(Bytes.of(1_000_000_000));
            assertThat(Bytes.ofTB(1)).isEqualTo(Bytes.of(1_000_000_000_000L));
        }

        @Test
        void takesFractionsOfEachUnit() {
            assertThat(Bytes.ofKiB(0.5)).isEqualTo(Bytes.of(512));
            assertThat(Bytes.ofMiB(0.5)).isEqualTo(Bytes.ofKiB(512));
            assertThat(Bytes.ofGiB(0.5)).isEqualTo(Bytes.ofMiB(512));
            assertThat(Bytes.ofTiB(0.5)).isEqualTo(Bytes.ofGiB(512));
            assertThat(Bytes.ofKB(0.5)).isEqualTo(Bytes.of(500));
            assertThat(Bytes.ofMB(0.5)).isEqualTo(Bytes.ofKB(500));
            assertThat(Bytes.ofGB(0.5)).isEqualTo(Bytes.ofMB(500));
            assertThat(Bytes.ofTB(0.5)).isEqualTo(Bytes.ofGB(500));
        }

        @Test
        void roundsFractionsToTheNearestByte() {
            assertThat(Bytes.ofKiB(0.3)).isEqualTo(Bytes.of(307)); // 307.2
            assertThat(Bytes.ofKiB(0.4)).isEqualTo(Bytes.of(410)); // 409.6
            assertThat(Bytes.ofKiB(0x1p-11)).isEqualTo(Bytes.of(1)); // half a byte
            assertThat(Bytes.ofKiB(0x0.fffp-11)).isEqualTo(Bytes.ZERO);
            assertThat(Bytes.ofGB(0.1)).isEqualTo(Bytes.of(100_000_000));
            assertThat(Bytes.ofGiB(-0.0)).isEqualTo(Bytes.ZERO);
        }

        @ParameterizedTest
        @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -Double.MIN_VALUE})
        void refusesWhatIsNoAmount(double amount) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.ofGiB(amount))
                    .withMessage("amount = " + amount + ", permitted [0, 8589934591] GiB");
        }

        @Test
        void refusesAmountsBeyondTheLargestSize() {
            assertThat(Bytes.ofGiB(8_589_934_591L).plus(Bytes.of(1_073_741_823)))
                    .isEqualTo(LARGEST);
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Bytes.ofGiB(8_589_934_592L))
                    .withMessage("8589934592 GiB exceeds 9223372036854775807 bytes, the largest size");
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Bytes.ofGiB(8_589_934_592.0));
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Bytes.ofKB(Long.MAX_VALUE));
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Bytes.ofTiB(Double.MAX_VALUE))
                    .withMessageStartingWith("1.7976931348623157E308 TiB exceeds");
        }
    }

    @Nested
    class Converting {

        @Test
        void namesItsUnit() {
            Bytes size = Bytes.of(3_000_000_000_000L);
            assertThat(size.toKB()).isEqualTo(3e9);
            assertThat(size.toMB()).isEqualTo(3e6);
            assertThat(size.toGB()).isEqualTo(3e3);
            assertThat(size.toTB()).isEqualTo(3.0);
            assertThat(size.toKiB()).isEqualTo(3e12 / 1024);
            assertThat(size.toMiB()).isEqualTo(3e12 / 1024 / 1024);
            assertThat(size.toGiB()).isEqualTo(3e12 / 1024 / 1024 / 1024).isCloseTo(2793.97, within(0.005));
            assertThat(size.toTiB()).isEqualTo(3e12 / 1024 / 1024 / 1024 / 1024);
        }

        @Test
        void ofNothingIsNothing() {
            assertThat(Bytes.ZERO.toGiB()).isZero();
            assertThat(Bytes.ZERO.toGB()).isZero();
        }
    }

    @Nested
    class Arithmetic {

        @Test
        void adds() {
            assertThat(Bytes.of(3).plus(Bytes.of(4))).isEqualTo(Bytes.of(7));
            assertThat(LARGEST.plus(Bytes.ZERO)).isEqualTo(LARGEST);
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> LARGEST.plus(Bytes.of(1)))
                    .withMessage("9223372036854775807 B + 1 B exceeds 9223372036854775807 bytes, the largest size");
        }

        @Test
        void subtractsDownToZero() {
            assertThat(Bytes.of(7).minus(Bytes.of(4))).isEqualTo(Bytes.of(3));
            assertThat(Bytes.of(7).minus(Bytes.of(7))).isEqualTo(Bytes.ZERO);
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Bytes.of(4).minus(Bytes.of(7)))
                    .withMessage("4 B - 7 B is negative, a size is 0 bytes or more");
        }

        @Test
        void multiplies() {
            assertThat(Bytes.ofGiB(3).times(8)).isEqualTo(Bytes.ofGiB(24));
            assertThat(LARGEST.times(0)).isEqualTo(Bytes.ZERO);
            assertThat(LARGEST.times(1)).isEqualTo(LARGEST);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.ZERO.times(-1))
                    .withMessage("factor = -1, permitted [0, 9223372036854775807]");
        }

        @Test
        void neverWrapsAProduct() {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Bytes.of(1L << 62).times(2)) // wraps to a negative number
                    .withMessage("4611686018427387904 B * 2 exceeds 9223372036854775807 bytes, the largest size");
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Bytes.of(1L << 62).times(4)); // wraps to zero
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Bytes.of(3).times((1L << 63) / -2 + (1L << 61))); // wraps past zero
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> LARGEST.times(Long.MAX_VALUE));
        }

        @Test
        void dividesDown() {
            assertThat(Bytes.of(7).dividedBy(2)).isEqualTo(Bytes.of(3));
            assertThat(Bytes.of(8).dividedBy(2)).isEqualTo(Bytes.of(4));
            assertThat(Bytes.of(7).dividedBy(8)).isEqualTo(Bytes.ZERO);
        }

        @Test
        void dividesUp() {
            assertThat(Bytes.of(7).dividedByRoundingUp(2)).isEqualTo(Bytes.of(4));
            assertThat(Bytes.of(8).dividedByRoundingUp(2)).isEqualTo(Bytes.of(4));
            assertThat(Bytes.of(7).dividedByRoundingUp(8)).isEqualTo(Bytes.of(1));
            assertThat(Bytes.ZERO.dividedByRoundingUp(8)).isEqualTo(Bytes.ZERO);
            assertThat(LARGEST.dividedByRoundingUp(2)).isEqualTo(Bytes.of(1L << 62));
        }

        @ParameterizedTest
        @ValueSource(longs = {0, -1, Long.MIN_VALUE})
        void refusesToDivideIntoFewerThanOnePart(long divisor) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.of(7).dividedBy(divisor))
                    .withMessage("divisor = " + divisor + ", permitted [1, 9223372036854775807]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.of(7).dividedByRoundingUp(divisor))
                    .withMessage("divisor = " + divisor + ", permitted [1, 9223372036854775807]");
        }

        @Test
        void roundsUpToBlocks() {
            assertThat(Bytes.ZERO.roundUpTo(512)).isEqualTo(Bytes.ZERO);
            assertThat(Bytes.of(1).roundUpTo(512)).isEqualTo(Bytes.of(512));
            assertThat(Bytes.of(512).roundUpTo(512)).isEqualTo(Bytes.of(512));
            assertThat(Bytes.of(513).roundUpTo(512)).isEqualTo(Bytes.of(1024));
            assertThat(Bytes.of(10).roundUpTo(3)).isEqualTo(Bytes.of(12));
            assertThat(LARGEST.roundUpTo(1)).isEqualTo(LARGEST);
            assertThat(LARGEST.roundUpTo(Long.MAX_VALUE)).isEqualTo(LARGEST);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.of(1).roundUpTo(0))
                    .withMessage("multiple = 0, permitted [1, 9223372036854775807] bytes");
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> LARGEST.roundUpTo(2))
                    .withMessage("9223372036854775807 B rounded up to a multiple of 2 B"
                            + " exceeds 9223372036854775807 bytes, the largest size");
        }

        @Test
        void comparesBySize() {
            Bytes small = Bytes.ofGB(80);
            Bytes large = Bytes.ofGiB(80);
            assertThat(small).isLessThan(large);
            assertThat(small.max(large)).isSameAs(large);
            assertThat(large.max(small)).isSameAs(large);
            assertThat(small.min(large)).isSameAs(small);
            assertThat(large.min(small)).isSameAs(small);
            Bytes equal = Bytes.ofKB(80_000_000);
            assertThat(small.max(equal)).isSameAs(small);
            assertThat(small.min(equal)).isSameAs(small);
            assertThat(Stream.of(large, Bytes.ZERO, small).sorted()).containsExactly(Bytes.ZERO, small, large);
        }
    }

    @Nested
    class Parsing {

        @ParameterizedTest
        @CsvSource({
            "0, 0",
            "1536, 1536",
            "1536 B, 1536",
            "1536B, 1536",
            "1 byte, 1",
            "1536 bytes, 1536",
            "1536.0 B, 1536",
            "512KiB, 524288",
            "1 MiB, 1048576",
            "1.5 GiB, 1610612736",
            "0.5 TiB, 549755813888",
            "1 KB, 1000",
            "1 kB, 1000",
            "7 MB, 7000000",
            "80 GB, 80000000000",
            "80gb, 80000000000",
            "80GIB, 85899345920",
            "1.5 TB, 1500000000000",
            "007 KiB, 7168",
            "'  1.5  GiB  ', 1610612736",
            "9223372036854775807, 9223372036854775807",
            "8388607.9999999999990905 TiB, 9223372036854775807",
        })
        void readsWhatPeopleWrite(String text, long bytes) {
            assertThat(Bytes.parse(text)).isEqualTo(Bytes.of(bytes));
        }

        @ParameterizedTest
        @CsvSource({
            "0.3 KiB, 307", // 307.2
            "0.4 KiB, 410", // 409.6
            "0.00048828125 KiB, 1", // a half
            "0.00048828124 KiB, 0",
            "79.65 GiB, 85523536282", // 85523536281.6
            "0.1 GB, 100000000",
        })
        void roundsFractionsOfUnitsToTheNearestByte(String text, long bytes) {
            assertThat(Bytes.parse(text)).isEqualTo(Bytes.of(bytes));
        }

        @ParameterizedTest
        @ValueSource(strings = {"1.5", "1.5 B", "0.1 byte", "1536.00001"})
        void refusesFractionsOfAByte(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.parse(text))
                    .withMessage("text = \"" + text + "\" is not a whole number of bytes");
        }

        @ParameterizedTest
        @CsvSource({"1 Gb, GB", "1 Kb, KB", "1 Mb, MB", "1 Tb, TB", "1 Gib, GiB"})
        void refusesWhatMayBeBits(String text, String meant) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.parse(text))
                    .withMessageStartingWith("text = \"" + text + "\" may mean bits: write " + meant
                            + " for bytes, permitted units B, KiB,");
        }

        @ParameterizedTest
        @CsvSource({"1 K, K", "80 G, G", "80g, g", "3 furlongs, furlongs", "1 PiB, PiB", "5 GiBs, GiBs"})
        void refusesUnknownUnits(String text, String unit) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.parse(text))
                    .withMessage(
                            "text = \"" + text + "\" has the unknown unit \"" + unit
                                    + "\", permitted units B, KiB, MiB, GiB, TiB (powers of 1024), KB, MB, GB, TB (powers of 1000)");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "GiB",
                    "-1 GiB",
                    "+1 GiB",
                    "1e9",
                    "1e999999999 B",
                    "1,536",
                    "1_536",
                    "1 536",
                    ".5 GiB",
                    "5. GiB",
                    "1.2.3 GiB",
                    "1 GiB 2 MiB",
                    "1\nGiB",
                    "0x10",
                    "NaN",
                    "Infinity GiB",
                    "\u0661 GiB",
                    "1\u00a0GiB",
                    "14.96 GiB (16060522496)",
                    "14.9 GiB (16060522496 B)",
                    "14.96 GB (16060522496 B)",
                    "14.96 GiB (-16060522496 B)",
                })
        void refusesWhatIsNoSize(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.parse(text))
                    .withMessageStartingWith("text = \"" + text.strip() + "\" ");
        }

        @Test
        void refusesASecondFigureThatContradictsTheFirst() {
            assertThat(Bytes.parse("14.96 GiB (16060522496 B)")).isEqualTo(Bytes.of(16_060_522_496L));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.parse("15.96 GiB (16060522496 B)"))
                    .withMessage("text = \"15.96 GiB (16060522496 B)\" contradicts itself:"
                            + " those bytes are 14.96 GiB (16060522496 B)");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "9223372036854775808",
                    "8388608 TiB",
                    "9223372.1 TB",
                    "8388608.00 TiB (9999999999999999999 B)"
                })
        void refusesMoreThanTheLargestSize(String text) {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Bytes.parse(text))
                    .withMessage(text + " exceeds 9223372036854775807 bytes, the largest size");
        }

        @Test
        void refusesLongTextsWithoutRepeatingThem() {
            assertThat(Bytes.parse("0".repeat(99) + "1")).isEqualTo(Bytes.of(1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bytes.parse("9".repeat(1_000_000)))
                    .withMessage(
                            "text = \"99999999999999999999\"... of 1000000 characters, permitted at most 100 characters");
        }
    }

    @Nested
    class Printing {

        @ParameterizedTest
        @CsvSource({
            "0, 0 B",
            "1, 1 B",
            "512, 512 B",
            "1023, 1023 B",
            "1024, 1.00 KiB (1024 B)",
            "1029, 1.00 KiB (1029 B)",
            "1030, 1.01 KiB (1030 B)",
            "1536, 1.50 KiB (1536 B)",
            "1048570, 1023.99 KiB (1048570 B)",
            "1048571, 1.00 MiB (1048571 B)",
            "1048575, 1.00 MiB (1048575 B)",
            "1048576, 1.00 MiB (1048576 B)",
            "1073741823, 1.00 GiB (1073741823 B)",
            "16060522496, 14.96 GiB (16060522496 B)",
            "80000000000, 74.51 GiB (80000000000 B)",
            "1099511627775, 1.00 TiB (1099511627775 B)",
            "2251799813685248, 2048.00 TiB (2251799813685248 B)",
            "9223372036854775807, 8388608.00 TiB (9223372036854775807 B)",
        })
        void isForPeopleThenExact(long bytes, String text) {
            assertThat(Bytes.of(bytes)).hasToString(text);
            assertThat(Bytes.parse(text)).isEqualTo(Bytes.of(bytes));
        }

        @Test
        void doesNotDependOnTheLocale() {
            Locale before = Locale.getDefault();
            try {
                for (String language : new String[] {"de", "ar-EG-u-nu-arab", "tr", "hi-IN-u-nu-deva"}) {
                    Locale.setDefault(Locale.forLanguageTag(language));
                    assertThat(Bytes.of(16_060_522_496L)).hasToString("14.96 GiB (16060522496 B)");
                    assertThat(Bytes.parse("1.5 GIB")).isEqualTo(Bytes.of(1_610_612_736));
                }
            } finally {
                Locale.setDefault(before);
            }
        }
    }

    @Test
    void survivesSerialization() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(written)) {
            out.writeObject(Bytes.of(16_060_522_496L));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(written.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(Bytes.of(16_060_522_496L));
        }
    }
}
