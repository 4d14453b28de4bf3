package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Models;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.PromptEncoder;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Explanations name the code and the paper of what the job runs, not of something like it. */
class SourcesTest {

    private static final Workload.Builder LORA = Workload.builder()
            .model(Models.get("Qwen/Qwen2.5-0.5B"))
            .strategy(Strategy.lora(8))
            .batch(2)
            .sequence(64);

    private static String explained(Workload.Builder job, Phase phase) {
        return MemoryEstimate.of(job.build()).at(phase).explain();
    }

    static Stream<Arguments> optimizers() {
        return Stream.of(
                Arguments.of(Optimizer.adamW(), "1711.05101"),
                Arguments.of(new Optimizer.AdamW8bit(false), "2110.02861"),
                Arguments.of(new Optimizer.Lion(), "2302.06675"),
                Arguments.of(new Optimizer.Adafactor(), "1804.04235"),
                Arguments.of(new Optimizer.GaLore(4), "2403.03507"),
                Arguments.of(Optimizer.sgdWithMomentum(), "torch.optim of PyTorch 2.13"),
                Arguments.of(new Optimizer.Muon(), "torch.optim.Muon"));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void statesAreThoseOfTheOptimizer(Optimizer optimizer, String source) {
        assertThat(explained(LORA.strategy(Strategy.fullFineTuning()).optimizer(optimizer), Phase.STEP))
                .containsPattern("optimizer states, [^\\n]*\\n    source: [^\\n]*" + source.replace(".", "\\."));
    }

    static Stream<Arguments> strategies() {
        return Stream.of(
                Arguments.of(Strategy.lora(8), "2106.09685"),
                Arguments.of(
                        new Strategy.Ia3(
                                new Targets.Named(List.of("k_proj", "down_proj")),
                                new Targets.Named(List.of("down_proj"))),
                        "2205.05638"),
                Arguments.of(new Strategy.PromptTuning(8), "2104.08691"),
                Arguments.of(new Strategy.PrefixTuning(8), "2101.00190"),
                Arguments.of(new Strategy.PTuning(8, new PromptEncoder.Mlp(16)), "2103.10385"),
                Arguments.of(
                        new Strategy.Bottleneck(
                                8, Activation.RELU, 0, new Placement.Parallel(new Targets.Named(List.of("q_proj")))),
                        "2304.01933"));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void adaptersAreThoseOfTheStrategy(Strategy strategy, String source) {
        assertThat(explained(LORA.strategy(strategy), Phase.LOAD))
                .containsPattern("weights, adapters: [^\\n]*\\n    source: [^\\n]*" + source);
    }

    @Test
    void kernelsAreNamed() {
        assertThat(explained(LORA.attention(AttentionKernel.FLASH_ATTENTION_2), Phase.BACKWARD))
                .contains("2307.08691");
        assertThat(explained(LORA.lossKernel(LossKernel.LIGER_CROSS_ENTROPY), Phase.FORWARD))
                .contains("2410.10989");
    }

    @Test
    void quantizedWeightsAreToldFromThoseThatAreNot() {
        String eight = explained(LORA.precision(Precision.FP16).quantization(Quantization.int8()), Phase.LOAD);
        assertThat(eight).contains("packed as INT8 by bitsandbytes, with its scales (arXiv 2208.07339)");
        String trl = explained(
                LORA.precision(Precision.BF16.withAutocast(DType.BF16))
                        .quantization(Quantization.nf4().withPreparation(Quantization.Preparation.TRL)),
                Phase.LOAD);
        assertThat(trl).containsPattern("frozen weights, embedding: [^\\n]*× 2 B\\n    source: [^\\n;]*\\n");
    }

    @Test
    void logitsOfLearnedTokensCount() {
        Workload.Builder eager = LORA.model(Models.get("Qwen/Qwen2.5-0.5B"));
        for (Strategy strategy :
                List.of(Strategy.lora(8), new Strategy.PromptTuning(64), new Strategy.PrefixTuning(64))) {
            assertThat(MemoryEstimate.of(eager.strategy(strategy).build()).explain())
                    .contains("logits: 12.00 bytes for each of "
                            + (strategy instanceof Strategy.PromptTuning ? 2 * 128 : 2 * 64) + " × 151936");
        }
    }
}
