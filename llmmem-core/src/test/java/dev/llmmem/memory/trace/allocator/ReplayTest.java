package dev.llmmem.memory.trace.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.loop.Step;
import dev.llmmem.model.Models;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.TestModels;
import dev.llmmem.workload.Workload;
import org.junit.jupiter.api.Test;

/**
 * Jobs played to the allocator against what PyTorch itself does: the births and deaths of two steps, as torch 2.13 and
 * transformers 5.18 go through them over fake tensors, served by the same allocator.
 */
class ReplayTest {

    private static final Workload.Builder FAKE =
            Workload.builder().runtime(RuntimeProfile.pytorchFakeTensors()).packed(true);

    private static CachingAllocator play(Workload job, CachingAllocator allocator, long workspace) {
        Recording recording = new Recording();
        Step.run(job, new Ledger(recording), false);
        Replay.play(job, recording, allocator, Loading.ONE_BY_ONE, workspace);
        return allocator;
    }

    private static void assertReserves(Workload job, long fixed, long expandable) {
        assertThat(play(job, CachingAllocator.segmented(), 0).reserved()).isCloseTo(fixed, withinPercentage(0.5));
        assertThat(play(job, CachingAllocator.expandable(), 0).reserved()).isCloseTo(expandable, withinPercentage(0.5));
    }

    @Test
    void fullFineTuningReservesWhatPyTorchDoes() {
        Workload job = FAKE.model(Models.get("Qwen/Qwen2.5-1.5B"))
                .sequence(1024)
                .strategy(Strategy.fullFineTuning())
                .build();
        assertReserves(job, 20436746240L, 15917383680L);
    }

    @Test
    void loraReservesWhatPyTorchDoes() {
        Workload job = FAKE.model(Models.get("Qwen/Qwen2.5-0.5B"))
                .batch(2)
                .sequence(1024)
                .strategy(Strategy.lora(16).targeting("q_proj", "v_proj"))
                .checkpointing(Checkpointing.NON_REENTRANT)
                .build();
        assertReserves(job, 5609881600L, 5486149632L);
    }

    @Test
    void mixedPrecisionReservesWhatPyTorchDoes() {
        Workload job = FAKE.model(Models.get("Qwen/Qwen2.5-0.5B"))
                .batch(4)
                .sequence(512)
                .precision(Precision.MIXED_BF16)
                .strategy(Strategy.fullFineTuning())
                .build();
        assertReserves(job, 15638462464L, 14818476032L);
    }

    @Test
    void aWorkspaceComesWithEachThread() {
        Workload.Builder job = Workload.builder().model(TestModels.llama()).sequence(32);
        Workload training = job.strategy(Strategy.fullFineTuning()).build();
        Workload inference = job.strategy(Strategy.inference(4)).build();
        long workspace = 32L << 20;
        assertThat(play(training, CachingAllocator.segmented(), workspace).reserved()
                        - play(training, CachingAllocator.segmented(), 0).reserved())
                .isEqualTo(2 * workspace);
        assertThat(play(inference, CachingAllocator.segmented(), workspace).reserved()
                        - play(inference, CachingAllocator.segmented(), 0).reserved())
                .isEqualTo(workspace);
    }

    @Test
    void warmingUpMakesOneSegmentForTheWeights() {
        Workload job = Workload.builder()
                .model(Models.get("Qwen/Qwen2.5-0.5B"))
                .sequence(32)
                .strategy(Strategy.inference(1))
                .build();
        Recording recording = new Recording();
        Step.run(job, new Ledger(recording), false);
        CachingAllocator oneByOne = CachingAllocator.segmented();
        Replay.play(job, recording, oneByOne, Loading.ONE_BY_ONE, 0);
        CachingAllocator warmedUp = CachingAllocator.segmented();
        Replay.play(job, recording, warmedUp, Loading.WARMED_UP, 0);
        assertThat(warmedUp.segments()).isLessThan(oneByOne.segments());
    }
}
