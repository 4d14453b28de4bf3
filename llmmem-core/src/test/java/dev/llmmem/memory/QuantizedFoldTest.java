package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.units.DType;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of equal layers over quantized bases, where layers hold their inputs or change the format of the stream. */
class QuantizedFoldTest {

    private static final List<Checkpointing> RECORDED =
            List.of(Checkpointing.NONE, Checkpointing.REENTRANT, Checkpointing.NON_REENTRANT, Checkpointing.SELECTIVE);

    private static Workload.Builder job(String modelType, Strategy strategy, Quantization quantization) {
        return Workload.builder()
                .model(TinyFamilies.of(modelType))
                .strategy(strategy)
                .quantization(quantization)
                .batch(2)
                .sequence(16);
    }

    /** What a layer is given goes straight into layers of 8 bits: their contexts hold the stream to the end. */
    @ParameterizedTest
    @ValueSource(strings = {"olmo2", "exaone4", "opt", "llama"})
    void layersOfEightBitsHoldTheStream(String modelType) {
        for (Checkpointing how : RECORDED) {
            for (int accumulation = 1; accumulation <= 2; accumulation++) {
                assertSame(job(modelType, Strategy.lora(4).targetingAllLinear(), Quantization.int8())
                        .precision(Precision.FP16)
                        .checkpointing(how)
                        .accumulation(accumulation)
                        .build());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Checkpointing.class)
    void nothingOfTheStreamIsLeftInTheStep(Checkpointing how) {
        Workload job = job("olmo2", Strategy.lora(4).targetingAllLinear(), Quantization.int8())
                .precision(Precision.FP16)
                .checkpointing(how)
                .build();
        assertThat(MemoryEstimate.of(job).at(Phase.STEP).items())
                .noneMatch(item -> item.kind() == MemoryKind.ACTIVATIONS);
    }

    /** The embedding is in bf16 and norms are in fp32, so layers after the first may be given another format. */
    @ParameterizedTest
    @MethodSource("dev.llmmem.memory.TinyFamilies#types")
    void theFirstLayerChangesTheFormat(String modelType) {
        for (Strategy strategy : List.of(lora(modelType), new Strategy.PromptTuning(3))) {
            for (Precision precision : List.of(Precision.BF16.withAutocast(DType.BF16), Precision.MIXED_BF16)) {
                for (Checkpointing how : RECORDED) {
                    for (DType compute : List.of(DType.FP32, DType.BF16)) {
                        assertSame(job(modelType, strategy, byTrl().withCompute(compute))
                                .precision(precision)
                                .checkpointing(how)
                                .build());
                    }
                }
            }
        }
    }

    /** With the attention weights that this family returns, in the format of what it was given. */
    @ParameterizedTest
    @EnumSource(
            value = Checkpointing.class,
            names = {"NONE", "REENTRANT", "NON_REENTRANT", "SELECTIVE"})
    void weightsThatTheFirstLayerReturnsHaveAnotherFormat(Checkpointing how) {
        Strategy ia3 = new Strategy.Ia3(
                new Targets.Named(List.of("fc_in", "fc_out")),
                new Targets.Named(List.of("out_proj", "qkv_proj", "fc_out")));
        assertSame(job("codegen", ia3, byTrl())
                .precision(Precision.BF16.withAutocast(DType.BF16))
                .checkpointing(how)
                .build());
    }

    private static Strategy lora(String modelType) {
        return modelType.equals("deepseek_v2") // whose experts are not reached
                ? Strategy.lora(4).targeting("q_proj", "kv_b_proj", "o_proj")
                : Strategy.lora(4).targetingAllLinear();
    }

    private static Quantization byTrl() {
        return Quantization.nf4().withPreparation(Quantization.Preparation.TRL);
    }

    private static void assertSame(Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
        Folding.assertSameRemainder(job);
    }
}
