package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.Findings.Rank;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Quantization.Preparation;
import dev.llmmem.workload.Strategy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Axolotl at 067b021c (src/axolotl/utils/schemas, utils/config/__init__.py, loaders/model.py, loaders/adapter.py,
 * core/builders/base.py).
 */
final class Axolotl {

    private static final String SOURCE = "Axolotl 067b021c, utils/schemas";

    /** Keys from before {@code attn_implementation}, those that it gives way to first (LEGACY_ATTN_FLAG_TO_IMPL). */
    private static final Map<String, AttentionKernel> EARLIER_ATTENTION = Map.of(
            "flash_attention", AttentionKernel.FLASH_ATTENTION_2,
            "sdp_attention", AttentionKernel.SDPA,
            "eager_attention", AttentionKernel.EAGER);

    private Axolotl() {}

    static void read(Reading in) {
        in.model("base_model");
        Shared.batch(in, "micro_batch_size", 1, SOURCE);
        in.whole("sequence_len", 1)
                .ifPresentOrElse(
                        tokens -> in.set(Setting.SEQUENCE, tokens),
                        () -> in.standard(Setting.SEQUENCE, 512, "sequence_len", 512, SOURCE));
        Shared.optimizer(in, "optimizer", SOURCE);
        attention(in);
        precision(in);
        strategy(in);
        checkpointing(in);
        if (in.flag("sample_packing", false)) {
            in.notModelled("sample_packing", "documents in a row, whose number and lengths the file does not say");
        }
        in.set(Setting.PACKED, false);
        loss(in);
        for (String key : List.of("rl", "reward_model", "process_reward_model")) {
            in.notModelledIfOn(key, "an objective that is not modelled");
        }
    }

    private static void attention(Reading in) {
        List<String> earlier =
                EARLIER_ATTENTION.keySet().stream().filter(in::isOn).sorted().toList();
        if (earlier.isEmpty() || in.isOn("attn_implementation")) {
            Shared.attention(in, "attn_implementation");
            return;
        }
        if (earlier.size() > 1) {
            throw in.wrong(earlier.get(1), in.peek(earlier.get(1)), "false beside " + earlier.get(0));
        }
        if (in.flag(earlier.get(0), false)) {
            in.set(Setting.ATTENTION, Objects.requireNonNull(EARLIER_ATTENTION.get(earlier.get(0))));
        }
    }

    /** utils/config/__init__.py, resolve_dtype; core/builders/base.py, _configure_precision_settings. */
    private static void precision(Reading in) {
        String bf16 = in.text("bf16").orElse("auto");
        if (in.peek("bf16") == null) {
            in.supplied("bf16", "auto", SOURCE + "; the device is taken to have bf16");
        }
        boolean fp16 = in.flag("fp16", false);
        boolean auto = bf16.equals("auto");
        boolean full = bf16.equals("full");
        boolean mixed = auto ? !fp16 : !full && in.flag("bf16", false);
        boolean brain = in.flag("bfloat16", false);
        boolean half = fp16 || in.flag("float16", false) || in.flag("load_in_8bit", false);
        in.set(Setting.WEIGHTS, Shared.half(mixed || full || brain, half));
        Shared.autocast(in, (mixed || brain) && !full, fp16 && !mixed && !full);
    }

    private static void strategy(Reading in) {
        String adapter = in.text("adapter").orElse("");
        boolean four = in.flag("load_in_4bit", false);
        boolean eight = in.flag("load_in_8bit", false);
        if (adapter.isEmpty()) {
            in.set(Setting.STRATEGY, Strategy.fullFineTuning());
            boolean cast = in.find(Setting.ATTENTION)
                    .filter(AttentionKernel.FLASH_ATTENTION_2::equals)
                    .isPresent();
            if (!cast && !in.find(Setting.WEIGHTS).equals(Optional.of(DType.FP32))) {
                in.notModelled(
                        "adapter",
                        "without an adapter and flash attention, embeddings and norms are in fp32 beside"
                                + " 16-bit weights");
            }
            return;
        }
        if (!adapter.equals("lora") && !adapter.equals("qlora")) {
            in.put(Setting.STRATEGY, Strategy.fullFineTuning(), Rank.DEFAULT);
            in.notModelled("adapter", "an adapter that is not modelled");
            return;
        }
        targets(
                in,
                Loras.read(in, "", "lora_r", OptionalInt.empty(), 0, SOURCE)
                        .dora(in.flag("peft_use_dora", false))
                        .adaptersInFp32(in.flag("peft_autocast_adapter_dtype", true)));
        // After PEFT's preparation Axolotl casts embeddings, norms and head back to the format of the weights.
        if (adapter.equals("qlora") && four) {
            in.find(Setting.WEIGHTS)
                    .ifPresent(weights -> in.set(
                            Setting.QUANTIZATION,
                            Quantization.nf4Double()
                                    .withPreparation(Preparation.NONE)
                                    .withCompute((DType) weights)));
        } else if (adapter.equals("qlora")) {
            throw in.wrong("load_in_4bit", in.peek("load_in_4bit"), "true for adapter qlora");
        } else if (eight) {
            in.set(Setting.QUANTIZATION, Quantization.int8().withPreparation(Preparation.NONE));
        } else if (four) {
            in.notModelled("load_in_4bit", "4 bits without adapter qlora");
        }
    }

    private static void targets(Reading in, Strategy.Lora lora) {
        String key = "lora_target_modules";
        if (in.flag("lora_target_linear", false)) {
            Loras.linear(in, lora, key, in.names(key));
        } else if (in.peek(key) instanceof String) {
            Loras.matching(in, lora, in.text(key).orElseThrow());
        } else {
            Loras.named(in, lora, key, in.names(key));
        }
    }

    private static void checkpointing(Reading in) {
        String key = "gradient_checkpointing";
        String value = in.text(key).orElse("false");
        boolean offload = value.startsWith("offload");
        boolean kept = in.isOn("unfrozen_parameters") || in.isOn("rl");
        Shared.checkpointing(
                in,
                offload || in.flag(key, false),
                !kept,
                "Axolotl 067b021c, utils/config/__init__.py, normalize_config");
        if (offload) {
            in.notModelled(key, "activations on the host");
        }
    }

    private static void loss(Reading in) {
        boolean cut = in.isOn("cut_cross_entropy")
                || String.valueOf(in.peek("plugins")).contains("cut_cross_entropy");
        boolean fused = in.flag("liger_fused_linear_cross_entropy", false);
        boolean liger = in.flag("liger_cross_entropy", false);
        if (in.peek("plugins") instanceof List<?> plugins
                && plugins.stream().allMatch(plugin -> String.valueOf(plugin).endsWith(".LigerPlugin"))) {
            in.ignored("plugins", "its settings are keys of their own");
        }
        if (cut) {
            in.notModelled(in.peek("plugins") == null ? "cut_cross_entropy" : "plugins", "cut cross-entropy");
        }
        in.notModelledIfOn("chunked_cross_entropy", "a loss in chunks");
        in.set(
                Setting.LOSS_KERNEL,
                fused
                        ? LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY
                        : liger ? LossKernel.LIGER_CROSS_ENTROPY : LossKernel.EAGER);
    }
}
