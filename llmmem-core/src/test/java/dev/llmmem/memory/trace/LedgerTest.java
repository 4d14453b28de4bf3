package dev.llmmem.memory.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.Phase;
import dev.llmmem.units.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {

    private final Ledger ledger = new Ledger(null);

    @ParameterizedTest
    @CsvSource({"1, 512", "511, 512", "512, 512", "513, 1024", "1024, 1024", "1025, 1536"})
    void bytesAreRoundedUpTo512(long bytes, long rounded) {
        assertThat(Ledger.rounded(1, bytes, DType.UINT8)).isEqualTo(rounded);
        assertThat(Ledger.rounded(bytes, 1, DType.UINT8)).isEqualTo(rounded);
        ledger.enter(Phase.FORWARD);
        assertThat(ledger.allocate(1, bytes, DType.UINT8, "").bytes()).isEqualTo(rounded);
        assertThat(ledger.live()).isEqualTo(rounded);
    }

    @Test
    void nothingIsRoundedToNothing() {
        assertThat(Ledger.rounded(0, 0, DType.FP32)).isZero();
    }

    @Test
    void partsOfAByteAreRoundedUpFirst() {
        assertThat(Ledger.rounded(1, 1024, DType.NF4)).isEqualTo(512);
        assertThat(Ledger.rounded(1, 1025, DType.NF4)).isEqualTo(1024);
    }

    @Test
    void eachTensorIsRoundedByItself() {
        ledger.enter(Phase.LOAD);
        ledger.hold(MemoryKind.WEIGHTS, "norms", 1, 64, DType.BF16, 3);
        assertThat(ledger.live()).isEqualTo(3 * 512);
    }

    @Test
    void aPhaseThatWasNeverEnteredHasNoPeak() {
        ledger.enter(Phase.LOAD);
        assertThat(ledger.peak(Phase.LOAD)).isZero();
        assertThat(ledger.peak(Phase.FORWARD)).isNegative();
    }

    @Test
    void thePeakOfAPhaseIsTheHighestPointInIt() {
        ledger.enter(Phase.LOAD);
        ledger.hold(MemoryKind.WEIGHTS, "weights", 1, 1000, DType.UINT8, 1);
        ledger.enter(Phase.FORWARD);
        Storage first = ledger.allocate(1, 2048, DType.UINT8, "");
        ledger.release(first);
        ledger.allocate(1, 512, DType.UINT8, "");
        ledger.enter(Phase.BACKWARD);

        assertThat(ledger.peak(Phase.LOAD)).isEqualTo(1024);
        assertThat(ledger.peak(Phase.FORWARD)).isEqualTo(1024 + 2048);
        assertThat(ledger.peak(Phase.BACKWARD))
                .as("what is alive when it begins")
                .isEqualTo(1024 + 512);
        assertThat(ledger.live()).isEqualTo(1024 + 512);
    }

    @Test
    void aPhaseThatIsEnteredAgainKeepsItsHighestPoint() {
        ledger.enter(Phase.FORWARD);
        ledger.release(ledger.allocate(1, 4096, DType.UINT8, ""));
        ledger.enter(Phase.BACKWARD);
        ledger.enter(Phase.FORWARD);
        ledger.release(ledger.allocate(1, 2048, DType.UINT8, ""));
        assertThat(ledger.peak(Phase.FORWARD)).isEqualTo(4096);
        ledger.allocate(1, 8192, DType.UINT8, "");
        assertThat(ledger.peak(Phase.FORWARD)).isEqualTo(8192);
    }

    @Test
    void aStorageIsOfTheKindOfItsPhaseUnlessItIsRenamed() {
        ledger.enter(Phase.FORWARD);
        assertThat(ledger.allocate(1, 1, DType.FP32, "").kind()).isEqualTo(MemoryKind.ACTIVATIONS);
        ledger.enter(Phase.BACKWARD);
        Storage gradient = ledger.allocate(1, 1, DType.FP32, "");
        assertThat(gradient.kind()).isEqualTo(MemoryKind.BACKWARD_TEMPORARIES);
        ledger.rename(gradient, MemoryKind.GRADIENTS);
        assertThat(gradient.kind()).isEqualTo(MemoryKind.GRADIENTS);
        ledger.enter(Phase.STEP);
        assertThat(ledger.allocate(1, 1, DType.FP32, "").kind()).isEqualTo(MemoryKind.STEP_TEMPORARIES);
        ledger.enter(Phase.GENERATE);
        assertThat(ledger.allocate(1, 1, DType.FP32, "").kind()).isEqualTo(MemoryKind.ACTIVATIONS);
    }

    @Test
    void theLastHolderFrees() {
        ledger.enter(Phase.FORWARD);
        Storage storage = ledger.allocate(1, 512, DType.UINT8, "");
        Ledger.retain(storage);
        ledger.release(storage);
        assertThat(ledger.live()).isEqualTo(512);
        ledger.release(storage);
        assertThat(ledger.live()).isZero();
    }

    @Test
    void anAdoptedStorageIsOneOfThoseThatAreHeld() {
        ledger.enter(Phase.GENERATE);
        ledger.hold(MemoryKind.KEY_VALUE_CACHE, "cache", 10, 100, DType.BF16, 6);
        assertThat(ledger.live()).isEqualTo(6 * 2048);
        Storage one = ledger.adopt(MemoryKind.KEY_VALUE_CACHE, "cache", 10, 100, DType.BF16);
        assertThat(ledger.live()).as("it was counted before").isEqualTo(6 * 2048);
        ledger.release(one);
        assertThat(ledger.live()).isEqualTo(5 * 2048);
    }

    @Test
    void sizesThatDoNotFitAreErrors() {
        ledger.enter(Phase.LOAD);
        assertOverflow(() -> Ledger.rounded(Long.MAX_VALUE, 2, DType.UINT8));
        assertOverflow(() -> Ledger.rounded(1, Long.MAX_VALUE / 16, DType.FP32));
        assertOverflow(() -> ledger.allocate(1L << 32, 1L << 31, DType.UINT8, ""));
        assertOverflow(() -> ledger.hold(MemoryKind.WEIGHTS, "", 1L << 30, 1L << 20, DType.UINT8, 1L << 13));
        assertThat(ledger.live()).as("none of them was counted").isZero();
    }

    @Test
    void aSumThatDoesNotFitIsAnError() {
        ledger.enter(Phase.LOAD);
        for (int i = 0; i < 7; i++) {
            ledger.hold(MemoryKind.WEIGHTS, "", 1L << 30, 1L << 29, DType.UINT8, 2);
        }
        assertThat(ledger.live()).isEqualTo(7L << 60);
        assertOverflow(() -> ledger.hold(MemoryKind.WEIGHTS, "", 1L << 30, 1L << 29, DType.UINT8, 2));
        assertOverflow(() -> {
            ledger.allocate(1L << 30, 1L << 29, DType.UINT8, "");
            ledger.allocate(1L << 30, 1L << 29, DType.UINT8, "");
        });
    }

    private static void assertOverflow(org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(code);
    }
}
