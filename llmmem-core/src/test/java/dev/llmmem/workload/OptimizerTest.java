package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {

    private static Workload.Builder training() {
        return Workload.builder().model(TestModels.llama()).strategy(Strategy.fullFineTuning());
    }

    private static void refuses(Workload.Builder job, String message) {
        assertThatIllegalArgumentException().isThrownBy(job::build).withMessage(message);
    }

    static Stream<Arguments> optimizers() {
        Optimizer.Implementation foreach = Optimizer.Implementation.FOREACH;
        Optimizer.Implementation loop = Optimizer.Implementation.LOOP;
        return Stream.of(
                Arguments.of(new Optimizer.AdamW(loop, true), "AdamW with AMSGrad (loop)"),
                Arguments.of(new Optimizer.Sgd(true, true, false, foreach), "SGD with Nesterov momentum"),
                Arguments.of(new Optimizer.Sgd(true, false, true, loop), "SGD with momentum and weight decay (loop)"),
                Arguments.of(new Optimizer.Sgd(false, false, true, foreach), "SGD with weight decay"),
                Arguments.of(Optimizer.sgd(), "SGD"),
                Arguments.of(new Optimizer.RmsProp(), "RMSprop"),
                Arguments.of(new Optimizer.Adagrad(), "Adagrad"),
                Arguments.of(new Optimizer.Adafactor(), "Adafactor"),
                Arguments.of(new Optimizer.AdamW8bit(true), "paged 8-bit AdamW"),
                Arguments.of(new Optimizer.AdamW8bit(false, true), "8-bit AdamW but fp32 for embeddings"),
                Arguments.of(new Optimizer.AdamW32bit(true), "paged 32-bit AdamW"),
                Arguments.of(new Optimizer.Lion(), "Lion"),
                Arguments.of(new Optimizer.Lion8bit(true, true), "paged 8-bit Lion but fp32 for embeddings"),
                Arguments.of(new Optimizer.Lion32bit(false), "32-bit Lion"),
                Arguments.of(new Optimizer.AdamMini(), "Adam-mini"),
                Arguments.of(new Optimizer.GaLore(128), "GaLore rank 128"),
                Arguments.of(new Optimizer.GaLore(128, false), "GaLore rank 128 between refreshes"),
                Arguments.of(new Optimizer.Muon(), "Muon"));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void isToldAndStored(Optimizer optimizer, String text) {
        Workload job = training().optimizer(optimizer).build();
        assertThat(job.toString()).endsWith(", BF16, " + text);
        assertThat(Workload.fromJson(job.toJson())).isEqualTo(job);
        assertThat(Workload.fromJson(job.toJson()).optimizer()).isEqualTo(optimizer);
    }

    @ParameterizedTest
    @EnumSource(Gradients.class)
    void theLifeOfGradientsIsStored(Gradients gradients) {
        Workload job = training().gradients(gradients).build();
        assertThat(Workload.fromJson(job.toJson())).isEqualTo(job);
        assertThat(Workload.fromJson(job.toJson()).gradients()).isEqualTo(gradients);
    }

    @Test
    void theLifeOfGradientsIsToldWhereItIsNotTheUsualOne() {
        assertThat(training().gradients(Gradients.SET_TO_ZERO).build().toString())
                .endsWith(", AdamW, gradients set to zero");
        assertThat(training().build().toString()).endsWith(", AdamW");
    }

    @Test
    void settingsThatAnEarlierVersionDidNotWriteHaveTheirDefaults() {
        String json = training().optimizer(Optimizer.sgdWithMomentum()).build().toJson();
        String before = json.replace("\"nesterov\":false,\"weightDecay\":false,", "")
                .replace("\"gradients\":\"SET_TO_NONE\",", "");
        assertThat(before).hasSizeLessThan(json.length() - 60);
        assertThat(Workload.fromJson(before)).isEqualTo(Workload.fromJson(json));
    }

    @Test
    void refusesToLookAheadWithoutMomentum() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Optimizer.Sgd(false, true, false, Optimizer.Implementation.LOOP))
                .withMessage(
                        "nesterov is true, but must be false without momentum: there is nothing to look ahead with");
        String json = training().optimizer(Optimizer.sgd()).build().toJson();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workload.fromJson(json.replace("\"nesterov\":false", "\"nesterov\":true")))
                .withMessageContaining("must be false without momentum");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, (1 << 20) + 1})
    void refusesARankOutOfRange(int rank) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Optimizer.GaLore(rank))
                .withMessage("rank is " + rank + ", but must be 1 to 1048576 dimensions");
    }

    @Test
    void refusesGaloreOfAdapters() {
        refuses(
                training().strategy(Strategy.lora(8)).optimizer(new Optimizer.GaLore(4)),
                "optimizer is GaLore rank 4, but must be another unless all parameters are trained: adapters are of low rank"
                        + " already");
    }

    @Test
    void refusesAStepInTheBackwardPassThatComesTooSoon() {
        refuses(
                training().gradients(Gradients.STEP_IN_BACKWARD).accumulation(2),
                "accumulation is 2, but must be 1 for gradients STEP_IN_BACKWARD: each backward pass is followed by its step");
    }

    @Test
    void refusesAStepInTheBackwardPassOfOptimizersWhoseStepAloneIsNotModelled() {
        for (Optimizer optimizer : new Optimizer[] {
            new Optimizer.Adafactor(), new Optimizer.AdamMini(), new Optimizer.GaLore(4), new Optimizer.Muon()
        }) {
            refuses(
                    training().gradients(Gradients.STEP_IN_BACKWARD).optimizer(optimizer),
                    "gradients is STEP_IN_BACKWARD, but must be SET_TO_NONE or SET_TO_ZERO for "
                            + DescribeOptimizer.text(optimizer) + ": that is not modelled");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SET_TO_NONE")
    void refusesGradientsOfInference(Gradients gradients) {
        refuses(
                training().strategy(Strategy.inference(1)).gradients(gradients),
                "gradients is " + gradients + ", but must be SET_TO_NONE for inference: there is no backward pass");
    }
}
