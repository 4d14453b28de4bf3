package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossInputTest {

    @ParameterizedTest
    @CsvSource({
        "4.40.0, llama, SHIFTED_WIDE_LOGITS",
        "4.45.2, granite, SHIFTED_WIDE_LOGITS",
        "4.46.0, llama, SHIFTED_LOGITS",
        "4.48.1, mistral, SHIFTED_LOGITS",
        "4.48.1, gpt_bigcode, SHIFTED_NARROW_LOGITS",
        "4.49.0, llama, PADDED_LABELS",
        "4.57.1, qwen3, PADDED_LABELS",
        "5.0.0, gpt2, PADDED_LABELS",
        "5.18.0.dev0, llama, PADDED_LABELS"
    })
    void followsTheVersion(String version, String modelType, LossInput expected) {
        assertThat(LossInput.of(version, modelType)).isEqualTo(expected);
    }

    @Test
    void refusesWhatIsNotKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossInput.of("4.39.3", "llama"))
                .withMessage("transformers version is 4.39.3, but must be at least 4.40 for model type \"llama\": what"
                        + " others do with the logits is not known here");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossInput.of("4.50.0", "gpt2"))
                .withMessageContaining("must be at least 5.0, or 4.40 to 4.48, for model type \"gpt2\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossInput.of("4.48.0", "qwen3"))
                .withMessageContaining("must be at least 4.49 for model type \"qwen3\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossInput.of("latest", "llama"))
                .withMessage(
                        "transformers version is \"latest\", but must be two numbers with a point between, as 2.6.0"
                                + " begins");
    }
}
