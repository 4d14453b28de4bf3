package dev.llmmem.formats.recipe;

import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Strategy;
import java.util.ArrayList;
import java.util.List;

/** torchtune at bd2a0fc7 (recipes, torchtune/models). */
final class Torchtune {

    private Torchtune() {}

    static void read(Reading in) {
        in.text("checkpointer.checkpoint_dir")
                .ifPresent(path -> in.model(path.replaceFirst("/+$", "").replaceFirst(".*/", "")));
        in.whole("batch_size", 1).ifPresent(rows -> in.set(Setting.BATCH, rows));
        in.whole("gradient_accumulation_steps", 1).ifPresent(steps -> in.set(Setting.ACCUMULATION, steps));
        in.whole("tokenizer.max_seq_len", 1)
                .ifPresentOrElse(
                        tokens -> in.set(Setting.SEQUENCE, tokens),
                        () -> in.block(
                                Setting.SEQUENCE, "rows are as long as the data: tokenizer.max_seq_len is not set"));
        switch (in.text("dtype").orElse("")) {
            case "bf16" -> in.set(Setting.WEIGHTS, DType.BF16);
            case "fp32" -> in.set(Setting.WEIGHTS, DType.FP32);
            default -> in.block(Setting.WEIGHTS, "dtype is not set to bf16 or fp32");
        }
        in.text("optimizer._component_")
                .ifPresent(name -> Optimizers.torchtune(name, in.flag("optimizer.fused"))
                        .ifPresentOrElse(optimizer -> in.set(Setting.OPTIMIZER, optimizer), () -> {
                            in.leftOut("optimizer._component_", "an optimizer that is not modelled");
                            in.block(Setting.OPTIMIZER, Shown.text(name) + " is not modelled");
                        }));
        if (in.flag("optimizer_in_bwd", false)) {
            in.set(Setting.GRADIENTS, Gradients.STEP_IN_BACKWARD);
        }
        in.set(
                Setting.CHECKPOINTING,
                in.flag("enable_activation_checkpointing", false) ? Checkpointing.NON_REENTRANT : Checkpointing.NONE);
        if (in.flag("enable_activation_offloading", false)) {
            in.block(Setting.CHECKPOINTING, "offloaded activations are not modelled");
        }
        in.set(Setting.ATTENTION, AttentionKernel.SDPA);
        String loss = in.text("loss._component_").orElse("");
        if (loss.equals("torch.nn.CrossEntropyLoss")) {
            in.set(Setting.LOSS_KERNEL, LossKernel.EAGER);
        } else {
            in.block(Setting.LOSS_KERNEL, "torchtune's loss in chunks is not modelled");
        }
        in.set(Setting.PACKED, in.flag("dataset.packed", false));
        strategy(in);
    }

    private static void strategy(Reading in) {
        String component = in.text("model._component_").orElse("");
        String name = component.replaceFirst(".*\\.", "");
        boolean quantized = name.startsWith("qlora_") || in.flag("model.quantize_base", false);
        if (quantized) {
            in.block(Setting.QUANTIZATION, "NF4 of torchao is not modelled");
        }
        if (!name.startsWith("lora_") && !name.startsWith("qlora_")) {
            in.set(Setting.STRATEGY, Strategy.fullFineTuning());
            return;
        }
        List<String> targets = new ArrayList<>(in.names("model.lora_attn_modules"));
        targets.replaceAll(each -> each.equals("output_proj") ? "o_proj" : each);
        if (in.flag("model.apply_lora_to_mlp", false)) {
            targets.addAll(List.of("gate_proj", "up_proj", "down_proj"));
        }
        if (in.flag("model.apply_lora_to_output", false)) {
            targets.add("lm_head");
        }
        if (component.contains("phi") || component.contains("llama4")) {
            in.block(Setting.STRATEGY, "torchtune divides the layers of this model otherwise than transformers");
        }
        Loras.read(in, "model.lora_rank", 8, "model.lora_alpha", "model.lora_dropout", 0, "torchtune bd2a0fc7, models")
                .map(lora -> lora.dora(in.flag("model.use_dora", false)).adaptersInFp32(false))
                .ifPresent(lora -> Loras.target(in, lora, targets, false));
    }
}
