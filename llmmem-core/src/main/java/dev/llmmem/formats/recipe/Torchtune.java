package dev.llmmem.formats.recipe;

import com.google.common.base.CharMatcher;
import dev.llmmem.formats.recipe.Findings.Rank;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** torchtune at bd2a0fc7 (recipes, torchtune/models). */
final class Torchtune {

    private static final String SOURCE = "torchtune bd2a0fc7, torchtune/models";

    private Torchtune() {}

    static void read(Reading in) {
        in.notModelled("torchtune", "the layers of transformers stand for those of torchtune");
        // The directory that the checkpoint was loaded to ends in the model's name.
        String directory = "checkpointer.checkpoint_dir";
        in.text(directory)
                .map(path -> CharMatcher.is('/').trimTrailingFrom(path))
                .ifPresent(path -> in.model(directory, path.substring(path.lastIndexOf('/') + 1)));
        in.whole("batch_size", 1).ifPresent(rows -> in.set(Setting.BATCH, rows));
        in.whole("gradient_accumulation_steps", 1).ifPresent(steps -> in.set(Setting.ACCUMULATION, steps));
        in.whole("tokenizer.max_seq_len", 1).ifPresent(tokens -> in.set(Setting.SEQUENCE, tokens));
        in.text("dtype").ifPresent(format -> {
            switch (format) {
                case "bf16" -> in.set(Setting.WEIGHTS, DType.BF16);
                case "fp32" -> in.set(Setting.WEIGHTS, DType.FP32);
                default -> in.notModelled("dtype", "a format that torchtune does not train in");
            }
        });
        in.set(Setting.AUTOCAST, DType.FP32);
        in.text("optimizer._component_")
                .ifPresent(name -> Optimizers.torchtune(name, in.flag("optimizer.fused"))
                        .ifPresentOrElse(optimizer -> in.set(Setting.OPTIMIZER, optimizer), () -> {
                            in.put(Setting.OPTIMIZER, Optimizer.adamW(), Rank.DEFAULT);
                            in.notModelled("optimizer._component_", "an optimizer that is not modelled");
                        }));
        if (in.flag("optimizer_in_bwd", false)) {
            in.set(Setting.GRADIENTS, Gradients.STEP_IN_BACKWARD);
        }
        in.set(
                Setting.CHECKPOINTING,
                in.flag("enable_activation_checkpointing", false) ? Checkpointing.NON_REENTRANT : Checkpointing.NONE);
        in.notModelledIfOn("enable_activation_offloading", "activations on the host");
        in.set(Setting.ATTENTION, AttentionKernel.SDPA);
        in.set(Setting.LOSS_KERNEL, LossKernel.EAGER);
        if (!in.text("loss._component_").orElse("").equals("torch.nn.CrossEntropyLoss")) {
            in.notModelled("loss._component_", "torchtune's loss in chunks");
        }
        in.set(Setting.PACKED, in.flag("dataset.packed", false));
        strategy(in);
    }

    private static void strategy(Reading in) {
        String component = in.text("model._component_").orElse("");
        String name = component.substring(component.lastIndexOf('.') + 1);
        if (name.startsWith("qlora_") || in.flag("model.quantize_base", false)) {
            in.notModelled("model._component_", "NF4 of torchao");
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
            in.notModelled(
                    "model.lora_attn_modules",
                    "torchtune divides the layers of this model otherwise than transformers");
        }
        if (targets.isEmpty()) {
            throw in.wrong("model.lora_attn_modules", in.peek("model.lora_attn_modules"), "at least one name");
        }
        Strategy.Lora lora = Loras.read(in, "model.", "model.lora_rank", OptionalInt.of(8), 0, SOURCE)
                .dora(in.flag("model.use_dora", false))
                .adaptersInFp32(false);
        Loras.named(in, lora, "model.lora_attn_modules", targets);
    }
}
