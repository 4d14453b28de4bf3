package dev.llmmem.formats.recipe;

import dev.llmmem.units.DType;

/** DeepSpeed and accelerate: settings of a job that is described elsewhere. */
final class Launchers {

    private Launchers() {}

    static void read(Reading in, RecipeKind kind) {
        if (kind == RecipeKind.DEEPSPEED) {
            count(in, "train_micro_batch_size_per_gpu", Setting.BATCH);
            count(in, "gradient_accumulation_steps", Setting.ACCUMULATION);
            engine(in, "bf16.enabled");
            engine(in, "fp16.enabled");
            return;
        }
        in.text("mixed_precision").ifPresent(format -> {
            switch (format) {
                case "bf16" -> in.set(Setting.AUTOCAST, DType.BF16);
                case "fp16" -> in.set(Setting.AUTOCAST, DType.FP16);
                case "no", "false" -> in.set(Setting.AUTOCAST, DType.FP32);
                default -> {
                    in.leftOut("mixed_precision", "arithmetic in 8 bits is not modelled");
                    in.block(Setting.AUTOCAST, Shown.text(format) + " is not modelled");
                }
            }
        });
    }

    private static void count(Reading in, String key, Setting setting) {
        if ("auto".equals(in.peek(key))) {
            in.open(key);
        } else {
            in.whole(key, 1).ifPresent(value -> in.set(setting, value));
        }
    }

    private static void engine(Reading in, String key) {
        if ("auto".equals(in.peek(key))) {
            in.open(key);
        } else if (in.flag(key, false)) {
            in.leftOut(key, "DeepSpeed casts the weights and keeps a copy of them in fp32");
            in.block(Setting.WEIGHTS, "DeepSpeed's own mixed precision is not modelled");
        }
    }
}
