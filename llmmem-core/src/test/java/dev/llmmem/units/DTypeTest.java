package dev.llmmem.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DTypeTest {

    @ParameterizedTest
    @CsvSource({
        "FP64, 64, true",
        "FP32, 32, true",
        "FP16, 16, true",
        "BF16, 16, true",
        "FP8_E4M3, 8, true",
        "FP8_E5M2, 8, true",
        "FP8_E4M3FNUZ, 8, true",
        "FP8_E5M2FNUZ, 8, true",
        "FP8_E8M0, 8, true",
        "FP6_E2M3, 6, true",
        "FP6_E3M2, 6, true",
        "FP4, 4, true",
        "NF4, 4, true",
        "COMPLEX64, 64, false",
        "INT64, 64, false",
        "INT32, 32, false",
        "INT16, 16, false",
        "INT8, 8, false",
        "INT4, 4, false",
        "UINT64, 64, false",
        "UINT32, 32, false",
        "UINT16, 16, false",
        "UINT8, 8, false",
        "BOOL, 8, false",
    })
    void hasAWidthAndAKind(DType type, int bits, boolean floating) {
        assertThat(type.bits()).isEqualTo(bits);
        assertThat(type.isFloating()).isEqualTo(floating);
    }

    @ParameterizedTest
    @CsvSource({
        "FP64, 3, 24",
        "FP32, 3, 12",
        "BF16, 8030261248, 16060522496",
        "INT8, 7, 7",
        "BOOL, 3, 3",
        "FP6_E2M3, 0, 0",
        "FP6_E2M3, 1, 1",
        "FP6_E2M3, 2, 2",
        "FP6_E2M3, 3, 3",
        "FP6_E2M3, 4, 3",
        "FP6_E2M3, 5, 4",
        "NF4, 0, 0",
        "NF4, 1, 1",
        "NF4, 2, 1",
        "NF4, 3, 2",
        "NF4, 9223372036854775807, 4611686018427387904",
        "INT8, 9223372036854775807, 9223372036854775807",
        "FP16, 4611686018427387903, 9223372036854775806",
    })
    void packsElementsAndRoundsUpToAByte(DType type, long elements, long bytes) {
        assertThat(type.bytes(elements)).isEqualTo(Bytes.of(bytes));
    }

    @Test
    void refusesANegativeNumberOfElements() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DType.BF16.bytes(-1))
                .withMessage("elements = -1, permitted [0, 9223372036854775807] elements");
    }

    @Test
    void refusesMoreThanTheLargestSize() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> DType.FP16.bytes(1L << 62));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> DType.FP32.bytes(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({
        // safetensors
        "BOOL, BOOL",
        "F4, FP4",
        "F6_E2M3, FP6_E2M3",
        "F6_E3M2, FP6_E3M2",
        "U8, UINT8",
        "I8, INT8",
        "F8_E5M2, FP8_E5M2",
        "F8_E4M3, FP8_E4M3",
        "F8_E8M0, FP8_E8M0",
        "F8_E4M3FNUZ, FP8_E4M3FNUZ",
        "F8_E5M2FNUZ, FP8_E5M2FNUZ",
        "I16, INT16",
        "U16, UINT16",
        "F16, FP16",
        "BF16, BF16",
        "I32, INT32",
        "U32, UINT32",
        "F32, FP32",
        "C64, COMPLEX64",
        "F64, FP64",
        "I64, INT64",
        "U64, UINT64",
        // PyTorch and Hugging Face configurations
        "float64, FP64",
        "double, FP64",
        "float32, FP32",
        "float, FP32",
        "torch.float32, FP32",
        "float16, FP16",
        "torch.float16, FP16",
        "half, FP16",
        "bfloat16, BF16",
        "torch.bfloat16, BF16",
        "torch.float8_e4m3fn, FP8_E4M3",
        "torch.float8_e5m2, FP8_E5M2",
        "float8_e4m3fnuz, FP8_E4M3FNUZ",
        "float8_e8m0fnu, FP8_E8M0",
        "int64, INT64",
        "torch.long, INT64",
        "int32, INT32",
        "int16, INT16",
        "int8, INT8",
        "torch.uint8, UINT8",
        "torch.bool, BOOL",
        "torch.complex64, COMPLEX64",
        "nf4, NF4",
        "fp4, FP4",
        "int4, INT4",
        // Case and space
        "bf16, BF16",
        "Bf16, BF16",
        "fp32, FP32",
        "'  Torch.BFloat16 ', BF16",
    })
    void knowsTheNamesInUse(String name, DType type) {
        assertThat(DType.find(name)).contains(type);
        assertThat(DType.parse(name)).isEqualTo(type);
    }

    @ParameterizedTest
    @EnumSource
    void knowsItsOwnName(DType type) {
        assertThat(DType.parse(type.toString())).isEqualTo(type);
        assertThat(type).hasToString(type.name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "torch.", "torch.torch.half", "fp8", "auto", "tf32", "bfloat", "BF 16", "Q4_K"})
    void doesNotGuess(String name) {
        assertThat(DType.find(name)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DType.parse(name))
                .withMessageStartingWith("name = \"" + name + "\" is no number format, permitted "
                        + "FP64 (F64, float64, double), FP32 (F32, float32, float), FP16 (F16, float16, half), BF16 (");
    }

    @Test
    void listsEveryFormatWhenItKnowsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DType.parse("fp8"))
                .withMessageContainingAll(
                        Arrays.stream(DType.values()).map(DType::name).toArray(String[]::new));
    }

    @Test
    void doesNotRepeatLongNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DType.parse("x".repeat(40)))
                .withMessageStartingWith("name = \"" + "x".repeat(40) + "\" is no number format");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DType.parse("x".repeat(1_000_000)))
                .withMessageStartingWith("name = \"" + "x".repeat(40) + "...\" is no number format");
    }

    @Test
    void noTwoFormatsShareAName() {
        // A shared alias would give one of the two formats the other's name.
        for (DType type : DType.values()) {
            assertThat(type.aliases()).as(type.name()).isNotEmpty();
            for (String alias : type.aliases()) {
                assertThat(DType.find(alias)).as(alias).contains(type);
            }
        }
    }

    @Test
    void doesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(DType.find("INT8")).contains(DType.INT8);
            assertThat(DType.find("torch.UINT8")).contains(DType.UINT8);
        } finally {
            Locale.setDefault(before);
        }
    }
}
