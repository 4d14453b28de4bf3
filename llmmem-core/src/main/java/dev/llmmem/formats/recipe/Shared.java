package dev.llmmem.formats.recipe;

import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import java.util.Optional;

/** Keys that tools over the Trainer of transformers have in common. */
final class Shared {

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
        if (in.peek("optim_args") != null) {
            in.leftOut("optim_args", "arguments of the optimizer are not read");
            in.block(Setting.OPTIMIZER, "its arguments are not read");
        }
        if (optimizer.isEmpty()) {
            in.leftOut(key, "an optimizer that is not modelled");
            in.block(Setting.OPTIMIZER, Shown.text(name) + " is not modelled");
        } else if (named.isEmpty()) {
            in.standard(Setting.OPTIMIZER, optimizer.get(), key, name, source);
        } else {
            in.set(Setting.OPTIMIZER, optimizer.get());
        }
    }

    static void attention(Reading in, String key) {
        Optional<String> named = in.text(key);
        switch (named.orElse("sdpa")) {
            case "sdpa" -> in.set(Setting.ATTENTION, AttentionKernel.SDPA);
            case "eager" -> in.set(Setting.ATTENTION, AttentionKernel.EAGER);
            case "flash_attention_2" -> in.set(Setting.ATTENTION, AttentionKernel.FLASH_ATTENTION_2);
            default -> {
                in.leftOut(key, "an implementation of attention that is not modelled");
                in.block(Setting.ATTENTION, Shown.text(named.orElse("")) + " is not modelled");
            }
        }
        if (named.isEmpty()) {
            in.supplied(key, "sdpa", "transformers 5.18, where the model supports it");
        }
    }

    static void checkpointing(Reading in, boolean on) {
        boolean reentrant = in.flag("gradient_checkpointing_kwargs.use_reentrant", false);
        in.set(
                Setting.CHECKPOINTING,
                !on ? Checkpointing.NONE : reentrant ? Checkpointing.REENTRANT : Checkpointing.NON_REENTRANT);
    }

    /** Autocast under {@code bf16} or {@code fp16}; fp32 stands for none. */
    static DType half(boolean bf16, boolean fp16) {
        return bf16 ? DType.BF16 : fp16 ? DType.FP16 : DType.FP32;
    }
}
