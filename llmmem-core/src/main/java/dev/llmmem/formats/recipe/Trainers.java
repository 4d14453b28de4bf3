package dev.llmmem.formats.recipe;

import dev.llmmem.units.DType;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Quantization.Preparation;
import dev.llmmem.workload.Strategy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** TrainingArguments of transformers 5.18, and TRL at f2cd5771 (trainer/sft_config.py, model_config.py, sft_trainer.py). */
final class Trainers {

    private static final String TRL = "TRL f2cd5771";

    private Trainers() {}

    static void read(Reading in, boolean trl) {
        Shared.batch(in, "per_device_train_batch_size", 8, Shared.TRANSFORMERS);
        Shared.optimizer(in, "optim", Shared.TRANSFORMERS);
        boolean fp16 = in.flag("fp16", false);
        Optional<Boolean> bf16 = in.flag("bf16");
        boolean standard = trl && !fp16;
        if (bf16.isEmpty()) {
            in.supplied("bf16", standard, trl ? TRL + ", trainer/base_config.py" : Shared.TRANSFORMERS);
        }
        Shared.autocast(in, bf16.orElse(standard), fp16);
        Optional<Boolean> checkpointing = in.flag("gradient_checkpointing");
        if (checkpointing.isEmpty()) {
            in.supplied("gradient_checkpointing", trl, trl ? TRL + ", trainer/base_config.py" : Shared.TRANSFORMERS);
        }
        Shared.checkpointing(in, checkpointing.orElse(trl), false, "transformers 5.18, modeling_utils.py");
        boolean liger = in.flag("use_liger_kernel", false);
        if (liger) {
            in.notModelled("use_liger_kernel", "of Liger the loss is modelled, other kernels are not");
        }
        in.set(Setting.LOSS_KERNEL, liger ? LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY : LossKernel.EAGER);
        if (trl) {
            scripts(in, liger);
        }
    }

    private static void scripts(Reading in, boolean liger) {
        in.model("model_name_or_path");
        for (String key : List.of("beta", "max_prompt_length", "num_generations", "rpo_alpha", "ref_model")) {
            if (in.peek(key) != null) {
                in.notModelled(key, "belongs to an objective that is not modelled");
            }
        }
        length(in);
        if (liger) {
            in.text("loss_type")
                    .filter(type -> !type.equals("nll"))
                    .ifPresent(type -> in.notModelled("loss_type", "a loss that is not modelled"));
        } else {
            in.notModelled(
                    "loss_type", "TRL's default loss is in chunks, and the other one measures entropy on the logits");
        }
        Shared.attention(in, "attn_implementation");
        DType weights = weights(in);
        if (in.flag("packing", false)) {
            in.notModelled("packing", "documents in a row, whose number and lengths the file does not say");
        }
        boolean four = in.flag("load_in_4bit", false);
        boolean eight = in.flag("load_in_8bit", false);
        if (!in.flag("use_peft", false)) {
            in.set(Setting.STRATEGY, Strategy.fullFineTuning());
            if (four || eight) {
                in.notModelled(four ? "load_in_4bit" : "load_in_8bit", "quantized weights without adapters");
            }
            return;
        }
        targets(
                in,
                Loras.read(in, "", "lora_r", OptionalInt.of(16), 0.05, TRL + ", trainer/model_config.py")
                        .dora(in.flag("use_dora", false))
                        .adaptersInFp32(!(four || eight)));
        quantization(in, four, eight, weights);
    }

    private static void length(Reading in) {
        String earlier = "max_seq_length";
        if (in.peek(earlier) != null) {
            in.whole(earlier, 1).ifPresent(tokens -> in.set(Setting.SEQUENCE, tokens));
            in.notModelled(earlier, "a key of TRL before 0.20, whose versions differ in what they keep");
            return;
        }
        in.whole("max_length", 1)
                .ifPresentOrElse(
                        tokens -> in.set(Setting.SEQUENCE, tokens),
                        () -> in.standard(Setting.SEQUENCE, 1024, "max_length", 1024, TRL + ", trainer/sft_config.py"));
    }

    private static DType weights(Reading in) {
        String key = in.peek("torch_dtype") == null ? "dtype" : "torch_dtype";
        Optional<String> format = in.text(key);
        if (format.isEmpty()) {
            in.standard(Setting.WEIGHTS, DType.FP32, key, "float32", TRL + ", trainer/model_config.py");
            return DType.FP32;
        }
        switch (format.get()) {
            case "bfloat16" -> in.set(Setting.WEIGHTS, DType.BF16);
            case "float16" -> in.set(Setting.WEIGHTS, DType.FP16);
            case "float32" -> in.set(Setting.WEIGHTS, DType.FP32);
            case "auto" -> in.set(Setting.WEIGHTS, Setting.AS_STORED);
            default -> throw in.wrong(key, format.get(), "auto, bfloat16, float16 and float32");
        }
        return in.find(Setting.WEIGHTS)
                .filter(value -> value instanceof DType)
                .map(value -> (DType) value)
                .orElse(DType.BF16);
    }

    /** The scripts' parser makes a text of a list with one name, which PEFT takes for a pattern. */
    private static void targets(Reading in, Strategy.Lora lora) {
        String key = "lora_target_modules";
        List<String> names = in.names(key);
        if (names.size() == 1) {
            Loras.matching(in, lora, names.get(0));
        } else {
            Loras.named(in, lora, key, names);
        }
    }

    private static void quantization(Reading in, boolean four, boolean eight, DType weights) {
        String type = in.text("bnb_4bit_quant_type").orElse("nf4");
        boolean doubled = in.flag("use_bnb_nested_quant", false);
        if (four && type.equals("nf4")) {
            in.set(
                    Setting.QUANTIZATION,
                    Quantization.nf4()
                            .withDoubled(doubled)
                            .withPreparation(Preparation.NONE)
                            .withCompute(weights));
        } else if (four) {
            in.notModelled("bnb_4bit_quant_type", "a format that is not modelled here");
        } else if (eight) {
            in.set(Setting.QUANTIZATION, Quantization.int8().withPreparation(Preparation.NONE));
        }
    }
}
