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

    @ParameterizedTest
    @CsvSource({
        "4.40.0, gpt_bigcode, SHIFTED_NARROW_LOGITS, true",
        "4.48.1, gpt_bigcode, SHIFTED_NARROW_LOGITS, true",
        "5.18.0, gpt_bigcode, PADDED_LABELS, false",
        "4.48.1, gpt2, SHIFTED_NARROW_LOGITS, false",
        "4.48.1, llama, SHIFTED_LOGITS, false"
    })
    void knowsVersionsOfTransformers(String version, String type, LossInput loss, boolean projections) {
        RuntimeProfile runtime = RuntimeProfile.pytorch().withTransformers(version, type);
        assertThat(runtime.lossInput()).isEqualTo(loss);
        assertThat(runtime.projectionsAsCache()).isEqualTo(projections);
    }

    @ParameterizedTest
    @CsvSource({"4.39.0, gpt_bigcode", "4.49.0, gpt_bigcode", "4.57.1, gpt_bigcode", "new, llama"})
    void refusesVersionsThatAreNotKnown(String version, String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuntimeProfile.pytorch().withTransformers(version, type))
                .withMessageStartingWith("transformers version is ");
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
                .isNotEqualTo(gpu.withLossInput(LossInput.SHIFTED_LOGITS))
                .isNotEqualTo(gpu.withProjectionsAsCache(true))
                .isNotEqualTo(gpu.withOutputsInFp32(true));
        assertThat(gpu.withFusedBackwardKernels(false).withGradientsSummedInPlace(false))
                .isEqualTo(RuntimeProfile.pytorchFakeTensors());
    }
}
