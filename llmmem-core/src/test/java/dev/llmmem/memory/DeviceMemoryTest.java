package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.model.Models;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.TestModels;
import dev.llmmem.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceMemoryTest {

    private static final DeviceOptions DEFAULTS = DeviceOptions.defaults();

    private static MemoryEstimate tiny() {
        return MemoryEstimate.of(Workload.builder()
                .model(TestModels.llama())
                .sequence(64)
                .strategy(Strategy.fullFineTuning())
                .build());
    }

    private static MemoryEstimate small(Strategy strategy) {
        return MemoryEstimate.of(Workload.builder()
                .model(Models.get("Qwen/Qwen2.5-0.5B"))
                .sequence(512)
                .strategy(strategy)
                .build());
    }

    /**
     * QLoRA of Qwen2.5 on an RTX 4080 with torch 2.6, two or three steps that keep the model's outputs: GiB of
     * torch.cuda.max_memory_allocated() and max_memory_reserved() (github.com/DaoyuanLi2816/can-i-finetune-this, commit
     * 053ce9e). The 8-bit states of the runs' optimizer, 0.01 GiB, are not modelled here.
     */
    @ParameterizedTest
    @CsvSource({
        "Qwen/Qwen2.5-0.5B, 1, 2048, NON_REENTRANT, 5.5220, 6.2812",
        "Qwen/Qwen2.5-1.5B, 1, 1024, NON_REENTRANT, 4.0413, 4.3574",
        "Qwen/Qwen2.5-1.5B, 2, 1024, NON_REENTRANT, 6.5311, 6.8809",
        "Qwen/Qwen2.5-7B, 1, 1024, NON_REENTRANT, 10.0023, 11.2324"
    })
    void agreesWithPublishedRuns(
            String model, int batch, int sequence, Checkpointing checkpointing, double allocated, double reserved) {
        DeviceMemory device = MemoryEstimate.of(Workload.builder()
                        .model(Models.get(model))
                        .quantization(Quantization.nf4Double())
                        .strategy(Strategy.lora(16).targeting("q_proj", "k_proj", "v_proj", "o_proj"))
                        .optimizer(Optimizer.sgd())
                        .batch(batch)
                        .sequence(sequence)
                        .checkpointing(checkpointing)
                        .keepOutputs(true)
                        .build())
                .onDevice(DEFAULTS.withFamily(GpuFamily.ADA));
        assertThat(device.allocated().likely().toGiB()).isCloseTo(allocated, within(0.005 * allocated));
        assertThat(device.reserved().likely().toGiB()).isCloseTo(reserved, within(0.04 * reserved));
    }

    /** Full fine-tuning of Mistral-7B in bf16: 72434837504 bytes (fms-acceleration, commit 876e2ed6fc). */
    @Test
    void agreesWithAPublishedPeakToAThousandth() {
        DeviceMemory device = MemoryEstimate.of(Workload.builder()
                        .model(Models.get("mistralai/Mistral-7B-v0.1"))
                        .strategy(Strategy.fullFineTuning())
                        .checkpointing(Checkpointing.REENTRANT)
                        .batch(4)
                        .sequence(4096)
                        .build())
                .onDevice();
        assertThat(device.allocated().likely().value()).isCloseTo(72434837504L, within(72434837L));
    }

    @Test
    void beginsWithTheEstimate() {
        MemoryEstimate estimate = small(Strategy.fullFineTuning());
        DeviceMemory device = estimate.onDevice();
        assertThat(device.allocated().low()).isEqualTo(estimate.peak());
        assertThat(device.allocated().likely()).isGreaterThan(estimate.peak().plus(Bytes.ofMiB(16)));
        assertThat(device.reserved().likely()).isGreaterThan(device.allocated().likely());
        assertThat(device.shown().likely()).isGreaterThan(device.reserved().likely());
    }

    @Test
    void expandableSegmentsReserveLess() {
        MemoryEstimate estimate = small(Strategy.fullFineTuning());
        DeviceMemory fixed = estimate.onDevice();
        DeviceMemory expandable = estimate.onDevice(DEFAULTS.withExpandableSegments(true));
        assertThat(expandable.reserved().likely()).isLessThan(fixed.reserved().likely());
        assertThat(expandable.reserved().low()).isEqualTo(fixed.reserved().low());
        assertThat(expandable.reserved().high()).isEqualTo(fixed.reserved().high());
    }

    @Test
    void inferenceHasOneWorkspace() {
        MemoryEstimate estimate = small(Strategy.inference(16));
        DeviceMemory ampere = estimate.onDevice();
        DeviceMemory hopper = estimate.onDevice(DEFAULTS.withFamily(GpuFamily.HOPPER));
        assertThat(hopper.allocated()
                        .likely()
                        .minus(ampere.allocated().likely())
                        .toMiB())
                .isCloseTo(32 - 8.125, within(1.0));
    }

    @Test
    void severalGpusHaveCommunicationBuffers() {
        MemoryEstimate estimate = tiny();
        DeviceMemory one = estimate.onDevice();
        DeviceMemory two = estimate.onDevice(DEFAULTS.withGpus(2));
        DeviceMemory eight = estimate.onDevice(DEFAULTS.withGpus(8));
        assertThat(two.reserved()).isEqualTo(one.reserved());
        assertThat(two.shown().likely().minus(one.shown().likely())).isEqualTo(Bytes.ofMiB(342));
        assertThat(eight.shown().likely().minus(one.shown().likely())).isEqualTo(Bytes.ofMiB(392));
        assertThat(eight.shown().high().minus(one.shown().high())).isEqualTo(Bytes.ofMiB(1485));
    }

    @ParameterizedTest
    @EnumSource(GpuFamily.class)
    void everyFamilyHasAContext(GpuFamily family) {
        for (KernelLoading loading : KernelLoading.values()) {
            MemoryRange context = Overheads.context(DEFAULTS.withFamily(family).withKernelLoading(loading));
            assertThat(context.low()).isBetween(Bytes.ofMiB(200), Bytes.ofMiB(500));
            assertThat(context.high()).isBetween(Bytes.ofMiB(900), Bytes.ofMiB(1500));
        }
    }

    @Test
    void theContextOfAnAmpereIsTheMeasuredOne() {
        assertThat(Overheads.context(DEFAULTS).likely()).isEqualTo(Bytes.ofMiB(481));
        assertThat(Overheads.context(DEFAULTS.withKernelLoading(KernelLoading.EAGER))
                        .likely())
                .isEqualTo(Bytes.ofMiB(1001));
    }

    @Test
    void everyFactNamesItsPage() {
        assertThat(DeviceFact.all()).isNotEmpty().allSatisfy(fact -> {
            assertThat(fact.source()).startsWith("https://github.com/");
            assertThat(fact.what()).isIn("context", "nccl");
            assertThat(fact.size()).isGreaterThan(Bytes.ofMiB(100));
        });
    }

    @Test
    void workspacesAreThoseOfPyTorch() {
        assertThat(GpuFamily.AMPERE.workspace()).isEqualTo(Bytes.of(8519680));
        assertThat(GpuFamily.HOPPER.workspace()).isEqualTo(Bytes.ofMiB(32));
    }

    @Test
    void saysWhatItIs() {
        DeviceMemory device = tiny().onDevice();
        assertThat(device.toString())
                .startsWith("allocated ")
                .contains(", reserved ", ", shown ")
                .endsWith(" (AMPERE, fixed segments, kernels loaded LAZY, 1 GPU)");
        assertThat(device.explain())
                .contains("CUDACachingAllocator.cpp", "cuBLAS workspaces of 8.13 MiB", "no communication buffers")
                .endsWith("\n");
        assertThat(device.options()).isEqualTo(DEFAULTS).hasSameHashCodeAs(DEFAULTS);
    }

    @Test
    void optionsAreValues() {
        DeviceOptions options = DEFAULTS.withFamily(GpuFamily.BLACKWELL)
                .withExpandableSegments(true)
                .withKernelLoading(KernelLoading.EAGER)
                .withGpus(8);
        assertThat(options).hasToString("BLACKWELL, expandable segments, kernels loaded EAGER, 8 GPUs");
        assertThat(options).isNotEqualTo(DEFAULTS);
        assertThat(options.family()).isEqualTo(GpuFamily.BLACKWELL);
        assertThat(options.kernelLoading()).isEqualTo(KernelLoading.EAGER);
        assertThat(options.gpus()).isEqualTo(8);
        assertThat(options.expandableSegments()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withGpus(0))
                .withMessage("gpus = 0, permitted [1, 1048576] GPUs");
    }

    @Test
    void rangesAreInOrder() {
        MemoryRange range = new MemoryRange(Bytes.of(1), Bytes.of(2), Bytes.of(3), "somewhere");
        assertThat(range).hasToString("2 B, from 1 B to 3 B");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryRange(Bytes.of(2), Bytes.of(1), Bytes.of(3), ""))
                .withMessage("range low = 2 B, likely = 1 B, high = 3 B, permitted low <= likely <= high");
    }
}
