package dev.llmmem.formats.recipe;

import dev.llmmem.units.DType;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Quantization.Preparation;
import dev.llmmem.workload.Strategy;
import java.util.List;
import java.util.Optional;

/** TrainingArguments of transformers 5.18, and TRL at f2cd5771 (trainer/sft_config.py, model_config.py, utils.py). */
final class Trainers {

    private static final String TRANSFORMERS = "transformers 5.18, TrainingArguments";
    private static final String TRL = "TRL f2cd5771";

    private Trainers() {}

    static void read(Reading in, boolean trl) {
        in.text("model_name_or_path").ifPresent(in::model);
        Shared.batch(in, "per_device_train_batch_size", 8, TRANSFORMERS);
        Shared.optimizer(in, "optim", TRANSFORMERS);
        boolean fp16 = in.flag("fp16", false);
        Optional<Boolean> bf16 = in.flag("bf16");
        if (trl || fp16 || bf16.isPresent()) {
            in.set(Setting.AUTOCAST, Shared.half(bf16.orElse(trl && !fp16), fp16));
        }
        if (trl && bf16.isEmpty()) {
            in.supplied("bf16", !fp16, TRL);
        }
        Optional<Boolean> checkpointing = in.flag("gradient_checkpointing");
        if (checkpointing.isEmpty()) {
            in.supplied("gradient_checkpointing", trl, trl ? TRL : TRANSFORMERS);
        }
        Shared.checkpointing(in, checkpointing.orElse(trl));
        boolean liger = in.flag("use_liger_kernel", false);
        if (liger) {
            in.leftOut("use_liger_kernel", "of Liger the loss is modelled, other kernels are not");
        }
        in.set(Setting.LOSS_KERNEL, liger ? LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY : LossKernel.EAGER);
        if (trl) {
            scripts(in, liger);
        }
    }

    private static void scripts(Reading in, boolean liger) {
        for (String key : List.of("beta", "max_prompt_length", "num_generations", "rpo_alpha", "ref_model")) {
            if (in.peek(key) != null) {
                in.leftOut(key, "belongs to an objective that is not modelled");
                in.block(Setting.OBJECTIVE, key + " belongs to an objective that is not modelled");
            }
        }
        boolean early = in.peek("max_seq_length") != null;
        String key = early ? "max_seq_length" : "max_length";
        in.whole(key, 1)
                .ifPresentOrElse(
                        tokens -> in.set(Setting.SEQUENCE, tokens),
                        () -> in.standard(Setting.SEQUENCE, 1024, key, 1024, TRL));
        if (!early && !liger && !in.text("loss_type").orElse("chunked_nll").equals("nll")) {
            in.block(Setting.LOSS_KERNEL, "TRL's default loss in chunks is not modelled");
        }
        Shared.attention(in, "attn_implementation");
        String format = in.text(in.peek("torch_dtype") == null ? "dtype" : "torch_dtype")
                .orElse("");
        switch (format) {
            case "bfloat16" -> in.set(Setting.WEIGHTS, DType.BF16);
            case "float16" -> in.set(Setting.WEIGHTS, DType.FP16);
            case "float32" -> in.set(Setting.WEIGHTS, DType.FP32);
            default ->
                in.block(
                        Setting.WEIGHTS,
                        "the format of the weights differs between versions or follows the checkpoint");
        }
        if (in.flag("packing", false)) {
            in.leftOut("packing", "a row counts as one document");
        }
        boolean four = in.flag("load_in_4bit", false);
        boolean eight = in.flag("load_in_8bit", false);
        if (!in.flag("use_peft", false)) {
            in.set(Setting.STRATEGY, Strategy.fullFineTuning());
            if (four || eight) {
                in.block(Setting.STRATEGY, "quantized weights are not trained");
            }
            return;
        }
        Loras.read(in, "lora_r", 16, "lora_alpha", "lora_dropout", 0.05, TRL)
                .map(lora -> lora.dora(in.flag("use_dora", false)).adaptersInFp32(early || !(four || eight)))
                .ifPresent(lora -> Loras.target(in, lora, in.names("lora_target_modules"), false));
        Preparation preparation = early ? Preparation.TRL : Preparation.NONE;
        if (four && in.text("bnb_4bit_quant_type").orElse("nf4").equals("nf4")) {
            Loras.quantize(
                    in,
                    Quantization.nf4()
                            .withDoubled(in.flag("use_bnb_nested_quant", false))
                            .withPreparation(preparation));
        } else if (four) {
            in.block(Setting.QUANTIZATION, "this format is not read");
        } else if (eight) {
            in.set(Setting.QUANTIZATION, Quantization.int8().withPreparation(preparation));
        }
    }
}
