package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.LossInput;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What earlier versions of transformers, and trainers, hold besides. */
class EarlierVersionsTest {

    private static final RuntimeProfile EARLIER = RuntimeProfile.pytorch().withTransformers("4.48.1", "gpt_bigcode");

    private static ModelSpec bigCode(boolean multiQuery) {
        return HuggingFace.read("""
                {"model_type": "gpt_bigcode", "vocab_size": 4000, "n_embd": 64, "n_layer": 6, "n_head": 4, "n_inner": 128,
                 "n_positions": 64, "multi_query": %s, "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0}
                """.formatted(multiQuery));
    }

    private static Workload.Builder job(ModelSpec model) {
        return Workload.builder()
                .model(model)
                .strategy(Strategy.fullFineTuning())
                .checkpointing(Checkpointing.REENTRANT)
                .batch(4)
                .sequence(64);
    }

    private static long forward(Workload.Builder job) {
        return MemoryEstimate.of(job.build()).peak(Phase.FORWARD).value();
    }

    /**
     * With transformers 4.47 (torch.utils dispatch mode on a CPU, this model in bf16) the forward pass holds 294,912 B more
     * with the cache than without: six projections of 256 tokens by 64 + 2 × 16 values. Keys and values alone are 98,304 B.
     */
    @Test
    void aCacheOfViewsHoldsWholeProjections() {
        Workload.Builder job = job(bigCode(true)).runtime(EARLIER);
        assertThat(forward(job.trainingCache(true)) - forward(job)).isEqualTo(294_912);
        MemoryEstimate estimate = MemoryEstimate.of(job.trainingCache(true).build());
        assertThat(estimate.at(Phase.FORWARD).of(MemoryKind.KEY_VALUE_CACHE).value())
                .isEqualTo(294_912);
        assertThat(estimate.at(Phase.STEP).of(MemoryKind.KEY_VALUE_CACHE).value())
                .isZero();
    }

    @Test
    void otherVersionsAndModelsSwitchItOff() {
        Workload.Builder job = job(bigCode(true));
        assertThat(forward(job.trainingCache(true))).isEqualTo(forward(job));
        Workload.Builder gpt2 = job(HuggingFace.read(
                "{\"model_type\": \"gpt2\", \"vocab_size\": 4000, \"n_embd\": 64, \"n_layer\": 6, \"n_head\": 4}"));
        RuntimeProfile forced = EARLIER.withProjectionsAsCache(true);
        assertThat(forward(gpt2.runtime(forced).trainingCache(true))).isEqualTo(forward(gpt2.runtime(forced)));
    }

    @ParameterizedTest
    @EnumSource(value = Checkpointing.class, mode = EnumSource.Mode.EXCLUDE, names = "OFFLOADED")
    void layersThatReturnProjectionsFold(Checkpointing how) {
        for (AttentionKernel kernel : AttentionKernel.values()) {
            for (boolean kept : new boolean[] {false, true}) {
                for (Strategy strategy : new Strategy[] {Strategy.fullFineTuning(), Strategy.lora(4)}) {
                    Workload job = job(bigCode(true))
                            .strategy(strategy)
                            .checkpointing(how)
                            .attention(kernel)
                            .precision(Precision.BF16.withAutocast(DType.BF16))
                            .keepOutputs(kept)
                            .trainingCache(true)
                            .accumulation(2)
                            .runtime(EARLIER.withOutputsInFp32(true))
                            .build();
                    Folding.assertSamePeaks(job);
                    Folding.assertSameItems(job);
                    Folding.assertSameRemainder(job);
                }
            }
        }
    }

    @Test
    void refusesWhatIsNotModelled() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forward(job(bigCode(false)).runtime(EARLIER).trainingCache(true)))
                .withMessage(
                        "runtime projectionsAsCache is true, but must be false for a gpt_bigcode with 4 key-value heads:"
                                + " it is modelled for multi-query attention alone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forward(
                        job(bigCode(true)).runtime(EARLIER).trainingCache(true).checkpointing(Checkpointing.OFFLOADED)))
                .withMessageStartingWith("checkpointing is OFFLOADED, but must be another for layers that return more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job(bigCode(true))
                        .checkpointing(Checkpointing.NONE)
                        .strategy(Strategy.inference(2))
                        .runtime(EARLIER)
                        .build())
                .withMessageContaining("runtime projectionsAsCache is true, but must be false for inference");
    }

    /** The logits of 256 tokens, at 4 bytes instead of 2, live from the call to the end of the step. */
    @Test
    void aTrainerCastsWhatAModelReturns() {
        Workload.Builder job = job(bigCode(true))
                .precision(Precision.BF16.withAutocast(DType.BF16))
                .keepOutputs(true);
        RuntimeProfile runtime = RuntimeProfile.pytorch();
        long plain = MemoryEstimate.of(job.build()).peak(Phase.STEP).value();
        long cast = MemoryEstimate.of(
                        job.runtime(runtime.withOutputsInFp32(true)).build())
                .peak(Phase.STEP)
                .value();
        assertThat(cast - plain).isEqualTo(256 * 4000 * 2);
        Workload.Builder narrow = job.precision(Precision.BF16);
        assertThat(forward(narrow.runtime(runtime.withOutputsInFp32(true)))).isEqualTo(forward(narrow));
    }

    /** Where the loss keeps the logits' format, the casts stand higher than the loss: 12 bytes a logit instead of 10. */
    @Test
    void castsCanBeThePeak() {
        Workload.Builder job = job(bigCode(true))
                .precision(Precision.BF16.withAutocast(DType.BF16))
                .runtime(RuntimeProfile.pytorch().withLossInput(LossInput.SHIFTED_NARROW_LOGITS));
        long plain = forward(job);
        long cast = forward(job.runtime(RuntimeProfile.pytorch()
                .withLossInput(LossInput.SHIFTED_NARROW_LOGITS)
                .withOutputsInFp32(true)));
        assertThat(cast - plain).isBetween(256L * 4000, 256L * 4000 * 2);
    }
}
