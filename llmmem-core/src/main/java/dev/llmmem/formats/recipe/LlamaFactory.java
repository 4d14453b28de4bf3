package dev.llmmem.formats.recipe;

import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Quantization.Preparation;
import dev.llmmem.workload.Strategy;
import java.util.List;
import java.util.Optional;

/** LLaMA-Factory at ff6d4d12 (src/llamafactory/hparams, model/adapter.py, model/model_utils). */
final class LlamaFactory {

    private static final String SOURCE = "LLaMA-Factory ff6d4d12, hparams";

    private LlamaFactory() {}

    static void read(Reading in) {
        in.text("model_name_or_path").ifPresent(in::model);
        Shared.batch(in, "per_device_train_batch_size", 8, "transformers 5.18, TrainingArguments");
        in.whole("cutoff_len", 1)
                .ifPresentOrElse(
                        tokens -> in.set(Setting.SEQUENCE, tokens),
                        () -> in.standard(Setting.SEQUENCE, 2048, "cutoff_len", 2048, SOURCE));
        String stage = in.text("stage").orElse("sft");
        if (!stage.equals("sft") && !stage.equals("pt")) {
            in.leftOut("stage", "an objective that is not modelled");
            in.block(Setting.OBJECTIVE, Shown.text(stage) + " is not modelled");
        }
        String method = in.text("finetuning_type").orElse("lora");
        precision(in, method);
        optimizer(in);
        strategy(in, method);
        if (in.flag("use_unsloth_gc", false)) {
            in.block(Setting.CHECKPOINTING, "Unsloth's checkpointing under autocast is not modelled");
        }
        boolean reentrant = in.flag("use_reentrant_gc", true);
        if (in.peek("use_reentrant_gc") == null) {
            in.supplied("use_reentrant_gc", true, SOURCE);
        }
        in.set(
                Setting.CHECKPOINTING,
                in.flag("disable_gradient_checkpointing", false)
                        ? Checkpointing.NONE
                        : reentrant ? Checkpointing.REENTRANT : Checkpointing.NON_REENTRANT);
        attention(in);
        boolean liger = in.flag("enable_liger_kernel", false);
        in.set(Setting.LOSS_KERNEL, liger ? LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY : LossKernel.EAGER);
        if (liger) {
            in.leftOut("enable_liger_kernel", "of Liger the loss is modelled, other kernels are not");
        }
        in.set(Setting.PACKED, in.flag("neat_packing", false));
    }

    private static void precision(Reading in, String method) {
        boolean pure = in.flag("pure_bf16", false);
        boolean bf16 = in.flag("bf16", false);
        boolean fp16 = in.flag("fp16", false);
        in.set(Setting.AUTOCAST, Shared.half(bf16, fp16));
        if (method.equals("freeze") && !pure) {
            in.block(Setting.WEIGHTS, "trained layers are in fp32 beside frozen 16-bit ones, which is not modelled");
        } else if (!pure && !bf16 && !fp16) {
            in.block(
                    Setting.WEIGHTS, "the format follows the checkpoint where neither bf16, fp16 nor pure_bf16 is set");
        } else {
            // What is trained is cast to fp32, all of it in full fine-tuning.
            in.set(Setting.WEIGHTS, method.equals("full") && !pure ? DType.FP32 : Shared.half(pure || bf16, fp16));
        }
    }

    private static void optimizer(Reading in) {
        Shared.optimizer(in, "optim", "transformers 5.18, TrainingArguments");
        if (in.flag("use_adam_mini", false)) {
            in.set(Setting.OPTIMIZER, new Optimizer.AdamMini());
        }
        for (String key : List.of("use_galore", "use_apollo", "use_badam", "use_muon")) {
            if (!KeyList.isOff(in.peek(key))) {
                in.leftOut(key, "an optimizer that is not modelled in this form");
                in.block(Setting.OPTIMIZER, key + " is not modelled in this form");
            }
        }
    }

    private static void strategy(Reading in, String method) {
        switch (method) {
            case "full" -> in.set(Setting.STRATEGY, Strategy.fullFineTuning());
            case "lora" ->
                Loras.read(in, "lora_rank", 8, "lora_alpha", "lora_dropout", 0, SOURCE)
                        .map(lora -> lora.dora(in.flag("use_dora", false)))
                        .ifPresent(lora -> {
                            List<String> targets = in.names("lora_target");
                            Loras.target(in, lora, targets, targets.isEmpty());
                        });
            default -> {
                in.leftOut("finetuning_type", "a method that is not modelled as LLaMA-Factory has it");
                in.block(Setting.STRATEGY, Shown.text(method) + " is not modelled");
            }
        }
        Optional<String> bits = in.text("quantization_bit");
        if (bits.isEmpty()) {
            return;
        }
        boolean bnb = List.of("bnb", "bitsandbytes")
                .contains(in.text("quantization_method").orElse("bnb"));
        boolean doubled = in.flag("double_quantization", true);
        boolean nf4 = in.text("quantization_type").orElse("nf4").equals("nf4");
        if (bnb && bits.get().equals("4") && nf4) {
            Loras.quantize(in, Quantization.nf4().withDoubled(doubled).withPreparation(Preparation.NONE));
        } else if (bnb && bits.get().equals("8")) {
            in.set(Setting.QUANTIZATION, Quantization.int8().withPreparation(Preparation.NONE));
        } else {
            in.block(Setting.QUANTIZATION, "this quantization is not modelled");
        }
    }

    private static void attention(Reading in) {
        switch (in.text("flash_attn").orElse("auto")) {
            case "auto", "sdpa" -> in.set(Setting.ATTENTION, AttentionKernel.SDPA);
            case "disabled" -> in.set(Setting.ATTENTION, AttentionKernel.EAGER);
            case "fa2" -> in.set(Setting.ATTENTION, AttentionKernel.FLASH_ATTENTION_2);
            default -> in.block(Setting.ATTENTION, "this kernel is not modelled");
        }
    }
}
