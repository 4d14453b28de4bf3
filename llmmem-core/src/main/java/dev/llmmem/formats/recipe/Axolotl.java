package dev.llmmem.formats.recipe;

import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Quantization.Preparation;
import dev.llmmem.workload.Strategy;
import java.util.List;
import java.util.Optional;

/** Axolotl at 067b021c (src/axolotl/utils/schemas, loaders/model.py, loaders/adapter.py, core/builders/base.py). */
final class Axolotl {

    private static final String SOURCE = "Axolotl 067b021c, utils/schemas";

    private Axolotl() {}

    static void read(Reading in) {
        in.text("base_model").ifPresent(in::model);
        Shared.batch(in, "micro_batch_size", 1, SOURCE);
        in.whole("sequence_len", 1)
                .ifPresentOrElse(
                        tokens -> in.set(Setting.SEQUENCE, tokens),
                        () -> in.standard(Setting.SEQUENCE, 512, "sequence_len", 512, SOURCE));
        Shared.optimizer(in, "optimizer", SOURCE);
        precision(in);
        strategy(in);
        Shared.checkpointing(in, !KeyList.isOff(in.peek("gradient_checkpointing")));
        if (!KeyList.isOff(in.peek("activation_offloading"))
                || String.valueOf(in.peek("gradient_checkpointing")).startsWith("offload")) {
            in.block(Setting.CHECKPOINTING, "activations are kept on the host in a way that is not modelled");
        }
        in.text("gradient_checkpointing");
        Shared.attention(in, "attn_implementation");
        if (in.flag("sample_packing", false)) {
            in.set(Setting.PACKED, false);
            in.leftOut("sample_packing", "a row counts as one document of sequence_len tokens");
        }
        loss(in);
        for (String key : List.of("rl", "reward_model", "process_reward_model")) {
            if (!KeyList.isOff(in.peek(key))) {
                in.leftOut(key, "an objective that is not modelled");
                in.block(Setting.OBJECTIVE, key + " is not modelled");
            }
        }
    }

    private static void precision(Reading in) {
        Optional<String> bf16 = in.text("bf16");
        if (bf16.isEmpty()) {
            in.supplied("bf16", "auto", SOURCE + "; the device is taken to have bf16");
        }
        boolean fp16 = in.flag("fp16", false);
        boolean pureFp16 = in.flag("float16", false);
        boolean auto = bf16.orElse("auto").equals("auto");
        boolean brain = in.flag("bfloat16", false) || (auto ? !fp16 : !KeyList.isOff(bf16.orElse("")));
        boolean half = !brain && (fp16 || pureFp16 || in.flag("load_in_8bit", false));
        in.set(Setting.WEIGHTS, Shared.half(brain, half));
        in.set(Setting.AUTOCAST, Shared.half(brain, fp16));
    }

    private static void strategy(Reading in) {
        String adapter = in.text("adapter").orElse("");
        boolean four = in.flag("load_in_4bit", false);
        boolean eight = in.flag("load_in_8bit", false);
        if (adapter.isEmpty()) {
            in.set(Setting.STRATEGY, Strategy.fullFineTuning());
            if (List.of("sdpa", "eager", "null").contains(String.valueOf(in.peek("attn_implementation")))) {
                in.block(
                        Setting.WEIGHTS,
                        "embeddings and norms are in fp32 beside 16-bit weights, which is not modelled");
            }
            return;
        }
        if (!adapter.equals("lora") && !adapter.equals("qlora")) {
            in.leftOut("adapter", "an adapter that is not modelled");
            in.block(Setting.STRATEGY, Shown.text(adapter) + " is not modelled");
            return;
        }
        Loras.read(in, "lora_r", -1, "lora_alpha", "lora_dropout", 0, SOURCE)
                .map(lora -> lora.dora(in.flag("peft_use_dora", false))
                        .adaptersInFp32(in.flag("peft_autocast_adapter_dtype", true)))
                .ifPresent(lora ->
                        Loras.target(in, lora, in.names("lora_target_modules"), in.flag("lora_target_linear", false)));
        // After PEFT's preparation Axolotl casts embeddings, norms and head back to the format of the weights.
        if (adapter.equals("qlora") && four) {
            Loras.quantize(in, Quantization.nf4Double().withPreparation(Preparation.NONE));
        } else if (adapter.equals("lora") && eight) {
            in.set(Setting.QUANTIZATION, Quantization.int8().withPreparation(Preparation.NONE));
        }
    }

    private static void loss(Reading in) {
        boolean cut = in.flag("cut_cross_entropy", false)
                || String.valueOf(in.peek("plugins")).contains("cut_cross_entropy");
        if (cut || in.flag("chunked_cross_entropy", false)) {
            in.leftOut(in.peek("plugins") == null ? "cut_cross_entropy" : "plugins", "a loss that is not modelled");
            in.block(Setting.LOSS_KERNEL, "cut or chunked cross-entropy is not modelled");
        } else if (in.flag("liger_fused_linear_cross_entropy", false)) {
            in.set(Setting.LOSS_KERNEL, LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY);
        } else {
            in.set(
                    Setting.LOSS_KERNEL,
                    in.flag("liger_cross_entropy", false) ? LossKernel.LIGER_CROSS_ENTROPY : LossKernel.EAGER);
        }
    }
}
