package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.Findings.Rank;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import java.util.Optional;

/** Keys that tools over the Trainer of transformers have in common. */
final class Shared {

    static final String TRANSFORMERS = "transformers 5.18, training_args.py";

    private Shared() {}

    static void batch(Reading in, String key, int standard, String source) {
        in.whole(key, 1)
                .ifPresentOrElse(
                        rows -> in.set(Setting.BATCH, rows),
                        () -> in.standard(Setting.BATCH, standard, key, standard, source));
        in.whole("gradient_accumulation_steps", 1)
                .ifPresentOrElse(
                        steps -> in.set(Setting.ACCUMULATION, steps),
                        () -> in.standard(Setting.ACCUMULATION, 1, "gradient_accumulation_steps", 1, source));
    }

    static void optimizer(Reading in, String key, String source) {
        boolean decay = in.number("weight_decay").orElse(0.0) != 0;
        Optional<String> named = in.text(key);
        String name = named.orElse("adamw_torch_fused");
        Optional<Optimizer> optimizer = Optimizers.huggingFace(name, decay);
        in.notModelledIfOn("optim_args", "arguments of the optimizer are not read");
        if (optimizer.isEmpty()) {
            in.put(Setting.OPTIMIZER, Optimizer.adamW(), Rank.DEFAULT);
            in.notModelled(key, "an optimizer that is not modelled");
        } else if (named.isEmpty()) {
            in.standard(Setting.OPTIMIZER, optimizer.get(), key, name, source + ", with PyTorch 2.8 and later");
        } else {
            in.set(Setting.OPTIMIZER, optimizer.get());
        }
    }

    static void attention(Reading in, String key) {
        Optional<String> named = in.text(key);
        if (named.isEmpty()) {
            in.standard(
                    Setting.ATTENTION,
                    AttentionKernel.SDPA,
                    key,
                    "sdpa",
                    "transformers 5.18, where the model supports it");
            return;
        }
        switch (named.get()) {
            case "sdpa" -> in.set(Setting.ATTENTION, AttentionKernel.SDPA);
            case "eager" -> in.set(Setting.ATTENTION, AttentionKernel.EAGER);
            case "flash_attention_2" -> in.set(Setting.ATTENTION, AttentionKernel.FLASH_ATTENTION_2);
            default -> {
                in.put(Setting.ATTENTION, AttentionKernel.SDPA, Rank.DEFAULT);
                in.notModelled(key, "an implementation of attention that is not modelled");
            }
        }
    }

    /**
     * Gradient checkpointing by torch.utils.checkpoint.
     *
     * @param on whether there is any
     * @param reentrant the tool's default of {@code use_reentrant}
     */
    static void checkpointing(Reading in, boolean on, boolean reentrant, String source) {
        String key = "gradient_checkpointing_kwargs.use_reentrant";
        Optional<Boolean> given = in.flag(key);
        if (!on) {
            in.set(Setting.CHECKPOINTING, Checkpointing.NONE);
            in.ignored("gradient_checkpointing_kwargs", "there is no checkpointing");
            return;
        }
        boolean chosen = given.orElse(reentrant);
        in.set(Setting.CHECKPOINTING, chosen ? Checkpointing.REENTRANT : Checkpointing.NON_REENTRANT);
        if (given.isEmpty() && in.isOn("gradient_checkpointing_kwargs")) {
            in.notModelled("gradient_checkpointing_kwargs", "without use_reentrant, which PyTorch asks for");
        } else if (given.isEmpty()) {
            in.supplied(key, reentrant, source);
        }
    }

    /** Autocast under {@code bf16} or {@code fp16}; without either a launcher may say it. */
    static void autocast(Reading in, boolean bf16, boolean fp16) {
        DType type = half(bf16, fp16);
        in.put(Setting.AUTOCAST, type, type == DType.FP32 ? Rank.DEFAULT : Rank.SET);
    }

    static DType half(boolean bf16, boolean fp16) {
        return bf16 ? DType.BF16 : fp16 ? DType.FP16 : DType.FP32;
    }
}
