package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeProfileTest {

    @ParameterizedTest
    @CsvSource({"2.0.1, false", "2.4.1, false", "2.5.0, true", "2.6.0+cu124, true", "2.7.0, false", "3.0, false"})
    void knowsWhoseSoftmaxIsSafe(String torch, boolean safe) {
        assertThat(RuntimeProfile.pytorch().withTorch(torch).safeSoftmax()).isEqualTo(safe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "two.six", "2.6.0 ", "1.13.1", "99999999999.1"})
    void refusesOtherVersions(String torch) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuntimeProfile.pytorch().withTorch(torch))
                .withMessageStartingWith("torch version is ");
    }

    @Test
    void differsInEachSetting() {
        RuntimeProfile gpu = RuntimeProfile.pytorch();
        assertThat(gpu)
                .isEqualTo(RuntimeProfile.pytorch().withSafeSoftmax(false))
                .hasSameHashCodeAs(RuntimeProfile.pytorch().withSafeSoftmax(false))
                .isNotEqualTo(gpu.withSafeSoftmax(true))
                .isNotEqualTo(gpu.withFusedBackwardKernels(false))
                .isNotEqualTo(gpu.withGradientsSummedInPlace(false))
                .isNotEqualTo(gpu.withLossInput(LossInput.SHIFTED_LOGITS));
        assertThat(gpu.withFusedBackwardKernels(false).withGradientsSummedInPlace(false))
                .isEqualTo(RuntimeProfile.pytorchFakeTensors());
    }
}
