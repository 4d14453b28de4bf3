package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.Findings.Rank;
import dev.llmmem.units.DType;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * DeepSpeed (docs/_pages/config-json.md, runtime/config.py) and accelerate 1.15 (commands/config/config_args.py): settings of
 * a job that is described elsewhere.
 */
final class Launchers {

    private static final String CAST = "DeepSpeed casts the weights and keeps a copy of them in fp32";

    private Launchers() {}

    static void deepSpeed(Reading in) {
        in.notModelled("deepspeed", "DeepSpeed's engine has buffers of its own");
        count(in, "train_micro_batch_size_per_gpu", Setting.BATCH);
        count(in, "gradient_accumulation_steps", Setting.ACCUMULATION);
        total(in);
        engine(in, "bf16.enabled");
        engine(in, "fp16.enabled");
        if (!in.isOn("zero_optimization.stage")) {
            in.ignored("zero_optimization", "stage 0 divides nothing");
        }
    }

    private static void count(Reading in, String key, Setting setting) {
        if ("auto".equals(in.peek(key))) {
            in.open(key);
        } else {
            in.whole(key, 1).ifPresent(value -> in.set(setting, value));
        }
    }

    /** The rows of a step on all devices: those of one device say that there is no other. */
    private static void total(Reading in) {
        String key = "train_batch_size";
        if ("auto".equals(in.peek(key))) {
            in.open(key);
            return;
        }
        OptionalInt rows = in.whole(key, 1);
        int steps = (Integer) in.find(Setting.ACCUMULATION).orElse(1);
        Optional<Object> batch = in.find(Setting.BATCH);
        if (rows.isPresent() && (batch.isEmpty() || (long) steps * (Integer) batch.get() != rows.getAsInt())) {
            in.notModelled(key, "a size that depends on the number of devices");
        }
    }

    private static void engine(Reading in, String key) {
        if ("auto".equals(in.peek(key))) {
            in.notModelled(key, CAST + " where the run is in 16 bits");
        } else if (in.flag(key, false)) {
            in.notModelled(key, CAST);
        }
    }

    static void accelerate(Reading in) {
        in.text("mixed_precision").ifPresent(format -> {
            switch (format) {
                case "bf16" -> in.put(Setting.AUTOCAST, DType.BF16, Rank.LAUNCHER);
                case "fp16" -> in.put(Setting.AUTOCAST, DType.FP16, Rank.LAUNCHER);
                case "no", "false" -> in.put(Setting.AUTOCAST, DType.FP32, Rank.DEFAULT);
                case "fp8" -> in.notModelled("mixed_precision", "arithmetic in 8 bits");
                default -> throw in.wrong("mixed_precision", format, "no, fp16, bf16 and fp8");
            }
        });
    }
}
