package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.Findings.Rank;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Quantization.Preparation;
import dev.llmmem.workload.Strategy;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** LLaMA-Factory at ff6d4d12 (src/llamafactory/hparams, model/adapter.py, model/loader.py, model/model_utils). */
final class LlamaFactory {

    private static final String SOURCE = "LLaMA-Factory ff6d4d12, hparams";
    private static final String LOADER = "LLaMA-Factory ff6d4d12, model/loader.py";

    private LlamaFactory() {}

    static void read(Reading in) {
        in.model("model_name_or_path");
        Shared.batch(in, "per_device_train_batch_size", 8, Shared.TRANSFORMERS);
        in.whole("cutoff_len", 1)
                .ifPresentOrElse(
                        tokens -> in.set(Setting.SEQUENCE, tokens),
                        () -> in.standard(Setting.SEQUENCE, 2048, "cutoff_len", 2048, SOURCE));
        String stage = in.text("stage").orElse("sft");
        if (!stage.equals("sft") && !stage.equals("pt")) {
            in.notModelled("stage", "an objective that is not modelled");
        }
        String method = in.text("finetuning_type").orElse("lora");
        boolean pure = in.flag("pure_bf16", false);
        boolean bf16 = in.flag("bf16", false);
        boolean fp16 = in.flag("fp16", false);
        Shared.autocast(in, bf16, fp16);
        weights(in, method.equals("full") && !pure);
        optimizer(in);
        strategy(in, method, pure);
        quantization(in, pure || bf16, fp16);
        checkpointing(in);
        attention(in);
        boolean liger = in.flag("enable_liger_kernel", false);
        in.set(Setting.LOSS_KERNEL, liger ? LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY : LossKernel.EAGER);
        if (liger) {
            in.notModelled("enable_liger_kernel", "of Liger the loss is modelled, other kernels are not");
        }
        in.set(Setting.PACKED, in.flag("neat_packing", false));
    }

    /** What is trained is cast to fp32 unless {@code pure_bf16} says otherwise, in full fine-tuning all of it. */
    private static void weights(Reading in, boolean wide) {
        if (wide) {
            in.standard(
                    Setting.WEIGHTS, DType.FP32, "torch_dtype", "float32", "LLaMA-Factory ff6d4d12, model/adapter.py");
        } else {
            in.standard(Setting.WEIGHTS, Setting.AS_STORED, "torch_dtype", "auto", LOADER);
        }
    }

    private static void optimizer(Reading in) {
        Shared.optimizer(in, "optim", Shared.TRANSFORMERS);
        if (in.flag("use_adam_mini", false)) {
            in.set(Setting.OPTIMIZER, new Optimizer.AdamMini());
        }
        for (String key : List.of("use_galore", "use_apollo", "use_badam", "use_muon")) {
            in.notModelledIfOn(key, "an optimizer that is not modelled in this form");
        }
    }

    private static void strategy(Reading in, String method, boolean pure) {
        switch (method) {
            case "full" -> in.set(Setting.STRATEGY, Strategy.fullFineTuning());
            case "lora" -> lora(in, pure);
            default -> {
                in.put(Setting.STRATEGY, Strategy.fullFineTuning(), Rank.DEFAULT);
                in.notModelled("finetuning_type", "a method that is not modelled as LLaMA-Factory has it");
            }
        }
    }

    private static void lora(Reading in, boolean pure) {
        Strategy.Lora lora = Loras.read(in, "", "lora_rank", OptionalInt.of(8), 0, SOURCE)
                .dora(in.flag("use_dora", false))
                .adaptersInFp32(!pure);
        String key = "lora_target";
        List<String> names = in.names(key);
        if (names.isEmpty()) {
            in.supplied(key, "all", SOURCE);
        }
        if (names.isEmpty() || names.equals(List.of("all"))) {
            Loras.linear(in, lora, key, List.of());
        } else {
            Loras.named(in, lora, key, names);
        }
    }

    private static void quantization(Reading in, boolean bf16, boolean fp16) {
        OptionalInt bits = in.whole("quantization_bit", 1);
        if (bits.isEmpty()) {
            return;
        }
        String method = in.text("quantization_method").orElse("bnb");
        boolean doubled = in.flag("double_quantization", true);
        boolean nf4 = in.text("quantization_type").orElse("nf4").equals("nf4");
        boolean bnb = method.equals("bnb") || method.equals("bitsandbytes");
        if (bnb && bits.getAsInt() == 4 && nf4 && (bf16 || fp16)) {
            in.set(
                    Setting.QUANTIZATION,
                    Quantization.nf4()
                            .withDoubled(doubled)
                            .withPreparation(Preparation.NONE)
                            .withCompute(Shared.half(bf16, fp16)));
        } else if (bnb && bits.getAsInt() == 8) {
            in.set(Setting.QUANTIZATION, Quantization.int8().withPreparation(Preparation.NONE));
        } else {
            in.notModelled("quantization_bit", "a quantization that is not modelled as LLaMA-Factory has it");
        }
    }

    private static void checkpointing(Reading in) {
        in.notModelledIfOn("use_unsloth_gc", "Unsloth's checkpointing");
        boolean reentrant = in.flag("use_reentrant_gc", true);
        if (in.peek("use_reentrant_gc") == null) {
            in.supplied("use_reentrant_gc", true, SOURCE);
        }
        in.set(
                Setting.CHECKPOINTING,
                in.flag("disable_gradient_checkpointing", false)
                        ? Checkpointing.NONE
                        : reentrant ? Checkpointing.REENTRANT : Checkpointing.NON_REENTRANT);
        // The Trainer runs before it with kwargs of its own where this is set as well.
        in.notModelledIfOn("gradient_checkpointing", "the Trainer's checkpointing beside that of LLaMA-Factory");
    }

    private static void attention(Reading in) {
        String key = "flash_attn";
        String kernel = in.text(key).orElse("auto");
        switch (kernel) {
            case "auto", "sdpa" -> in.set(Setting.ATTENTION, AttentionKernel.SDPA);
            case "disabled" -> in.set(Setting.ATTENTION, AttentionKernel.EAGER);
            case "fa2" -> in.set(Setting.ATTENTION, AttentionKernel.FLASH_ATTENTION_2);
            default -> {
                in.put(Setting.ATTENTION, AttentionKernel.SDPA, Rank.DEFAULT);
                in.notModelled(key, "an implementation of attention that is not modelled");
            }
        }
        String name = in.modelId().orElse("").toLowerCase(Locale.ROOT);
        if (kernel.equals("auto") && name.contains("gemma-2-")) {
            in.notModelled(key, "for Gemma 2 it depends on whether flash-attn is installed");
        } else if (name.contains("gpt-oss")) {
            in.notModelled(key, "gpt-oss runs with FlashAttention 3, whatever is asked for");
        }
    }
}
