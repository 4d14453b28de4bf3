package dev.llmmem.bench;

import dev.llmmem.memory.DeviceOptions;
import dev.llmmem.memory.GpuFamily;
import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.memory.Phase;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** The job behind a measured figure, as far as it was published: nothing is guessed. */
final class MeasuredCase {

    /** Thrown where the row, with what its source says elsewhere, does not tell the job. */
    static final class Incomplete extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Incomplete(String what) {
            super(what);
        }
    }

    /** Thrown where the job is known, but is not one that can be estimated. */
    static final class NotModelled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotModelled(String what) {
            super(what);
        }
    }

    private final MeasuredRow row;
    private final JsonNode source;
    private final JsonNode variant;

    private MeasuredCase(MeasuredRow row) {
        this.row = row;
        if (row.text("notes").contains("SUSPECT") || row.text("notes").contains("AMBIGUOUS")) {
            throw new Incomplete("marked as suspect or ambiguous by those who collected it");
        }
        this.source = MeasuredSources.find(row.text("source"))
                .orElseThrow(() -> new Incomplete("how " + row.text("source") + " runs its jobs is not on record"));
        String name = row.wordAfter(source.path("variantNote").asString(""));
        this.variant = source.path("variants")
                .optional(name)
                .orElseThrow(() -> new NotModelled("kernels or preparation of " + name));
    }

    /**
     * What is estimated for a row.
     *
     * @return GiB
     * @throws Incomplete if the row does not tell the job
     * @throws NotModelled if the job is not one that can be estimated
     * @throws IllegalArgumentException if the estimator refuses the job
     */
    static double estimate(MeasuredRow row) {
        return new MeasuredCase(row).estimate();
    }

    private double estimate() {
        if (!row.text("gpus").equals("1")) {
            throw new NotModelled("several GPUs");
        }
        MemoryEstimate estimate = MemoryEstimate.of(workload());
        return switch (row.text("what_was_measured")) {
            case "max_allocated" ->
                estimate.onDevice(device()).allocated().likely().toGiB();
            case "allocated" -> {
                if (!row.text("task").equals("weights")) {
                    throw new NotModelled("what is allocated between steps");
                }
                yield estimate.peak(Phase.LOAD).toGiB();
            }
            case "max_reserved" ->
                estimate.onDevice(device()).reserved().likely().toGiB();
            case "nvidia_smi" -> estimate.onDevice(device()).shown().likely().toGiB();
            default -> throw new Incomplete("what was measured is " + row.text("what_was_measured"));
        };
    }

    private DeviceOptions device() {
        String gpu = row.text("gpu_model").toUpperCase(Locale.ROOT);
        if (gpu.contains("A100") || gpu.contains("A10")) {
            return DeviceOptions.defaults().withFamily(GpuFamily.AMPERE);
        }
        if (gpu.contains("RTX 40") || gpu.contains("L40") || gpu.contains("L4")) {
            return DeviceOptions.defaults().withFamily(GpuFamily.ADA);
        }
        if (gpu.contains("H100") || gpu.contains("H200") || gpu.contains("H20")) {
            return DeviceOptions.defaults().withFamily(GpuFamily.HOPPER);
        }
        if (gpu.contains("V100")) {
            return DeviceOptions.defaults().withFamily(GpuFamily.VOLTA);
        }
        throw new Incomplete("the GPU is " + row.text("gpu_model"));
    }

    // ---- the job ---------------------------------------------------------------------------------------------------

    private Workload workload() {
        ModelSpec model = MeasuredSources.model(row.text("model"))
                .orElseThrow(() -> new NotModelled("model " + row.text("model")));
        Workload.Builder job = Workload.builder()
                .model(model)
                .precision(precision())
                .attention(attention())
                .runtime(runtime(model));
        UnaryOperator<Workload.Builder> quantized = quantization();
        return switch (row.text("task")) {
            case "weights" ->
                quantized.apply(job).strategy(Strategy.inference(0)).sequence(1).build();
            case "inference" -> inference(quantized.apply(job));
            case "full" -> training(job.strategy(Strategy.fullFineTuning()));
            case "lora", "qlora" -> training(quantized.apply(job).strategy(lora()));
            default -> throw new NotModelled("task " + row.text("task"));
        };
    }

    private Workload inference(Workload.Builder job) {
        if (!source.has("generatedTokens")) {
            throw new Incomplete("the tokens of the prompt are not given");
        }
        int generated = source.path("generatedTokens").asInt();
        return job.strategy(new Strategy.Inference(generated, allLogits()))
                .batch(number("micro_batch"))
                .sequence(number("seq_len") - generated)
                .build();
    }

    /** Up to 4.44 a model computed the logits of the whole prompt, whatever asked for it (transformers #31292). */
    private boolean allLogits() {
        return known(row.version("transformers"), "version of transformers").matches("4\\.([0-3]?\\d|4[0-4])\\..*");
    }

    private Workload training(Workload.Builder job) {
        return job.optimizer(optimizer())
                .checkpointing(checkpointing())
                .batch(number("micro_batch"))
                .sequence(number("seq_len"))
                .keepOutputs(source.path("outputsKept").asBoolean())
                .trainingCache(source.path("cache").asBoolean(false))
                .build();
    }

    private Precision precision() {
        Precision weights = switch (known(row.text("weight_dtype"), "format of the weights")) {
            case "bf16", "int8" -> Precision.BF16;
            case "fp16" -> Precision.FP16;
            case "fp32" -> Precision.FP32;
            case "bnb nf4", "nf4/fp4" -> row.text("compute_dtype").startsWith("fp16") ? Precision.FP16 : Precision.BF16;
            default -> throw new NotModelled("weights in " + row.text("weight_dtype"));
        };
        return switch (row.text("compute_dtype")) {
            case "bf16 autocast" -> weights.withAutocast(DType.BF16);
            case "fp16 autocast", "fp16 amp" -> weights.withAutocast(DType.FP16);
            default -> weights;
        };
    }

    private UnaryOperator<Workload.Builder> quantization() {
        boolean fine = source.path("doubleQuantization").asBoolean(false);
        Quantization nf4 = Quantization.nf4()
                .withPreparation(Quantization.Preparation.valueOf(
                        variant.path("preparation").asString("NONE")))
                .withCompute(row.text("compute_dtype").startsWith("fp16") ? DType.FP16 : DType.BF16);
        return switch (row.text("quantization")) {
            case "none", "" -> job -> job;
            case "bnb nf4" -> job -> job.quantization(nf4.withDoubled(fine));
            case "nf4+double quant" -> job -> job.quantization(nf4.withDoubled(true));
            default -> throw new NotModelled("quantization " + row.text("quantization"));
        };
    }

    private Strategy lora() {
        String[] targets = known(row.text("lora_targets"), "targets of LoRA").split(",", -1);
        return Strategy.lora(number("lora_rank"))
                .dropout(source.path("loraDropout").asDouble())
                .targeting(Arrays.stream(targets)
                        .map(String::strip)
                        .map(name -> name.length() == 1 ? name + "_proj" : name)
                        .toArray(String[]::new));
    }

    private Optimizer optimizer() {
        return switch (known(row.text("optimizer"), "optimizer")) {
            case "adamw_torch (Trainer default)", "AdamW" -> Optimizer.adamW();
            case "paged_adamw_8bit" -> new Optimizer.AdamW8bit(true);
            default -> throw new NotModelled("optimizer " + row.text("optimizer"));
        };
    }

    /** Until version 5 transformers chose reentrant checkpointing (modeling_utils.py, gradient_checkpointing_enable). */
    private Checkpointing checkpointing() {
        String version = known(row.version("transformers"), "version of transformers");
        return switch (row.text("grad_checkpointing")) {
            case "yes" -> version.startsWith("4.") ? Checkpointing.REENTRANT : Checkpointing.NON_REENTRANT;
            case "no" -> Checkpointing.NONE;
            default -> throw new Incomplete("whether layers are checkpointed is not given");
        };
    }

    private AttentionKernel attention() {
        return switch (row.text("attention")) {
            case "eager" -> AttentionKernel.EAGER;
            case "sdpa" -> AttentionKernel.SDPA;
            case "flash_attention_2" -> AttentionKernel.FLASH_ATTENTION_2;
            default -> throw new NotModelled("attention " + row.text("attention"));
        };
    }

    private RuntimeProfile runtime(ModelSpec model) {
        String transformers = known(row.version("transformers"), "version of transformers");
        String torch = known(row.version("torch"), "version of torch");
        return RuntimeProfile.pytorch()
                .withTorch(torch)
                .withTransformers(transformers, model.modelType())
                .withOutputsInFp32(source.path("outputsInFp32").asBoolean(false));
    }

    private int number(String column) {
        try {
            return Integer.parseInt(known(row.text(column), column));
        } catch (NumberFormatException e) {
            throw new Incomplete(column + " is " + row.text(column));
        }
    }

    private static String known(String text, String what) {
        if (text.isEmpty()) {
            throw new Incomplete("the " + what + " is not given");
        }
        return text;
    }
}
