package dev.llmmem.workload;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names by which LoRA reaches fused experts and routers, by model type. Where a target is such a name, PEFT adapts
 * the tensors of all experts instead of a linear layer.
 *
 * <p>Facts of peft 0.21.0, {@code peft/utils/transformers_weight_conversion.py}, and of transformers 5.18.0, {@code
 * conversion_mapping.py}.
 */
final class PeftExperts {

    private static final Map<String, List<String>> BY_TYPE = byType();

    private PeftExperts() {}

    /** The names that stand for experts in a model type; empty where none does. */
    static List<String> names(String modelType) {
        return BY_TYPE.getOrDefault(modelType, List.of());
    }

    private static Map<String, List<String>> byType() {
        Map<String, List<String>> all = new HashMap<>();
        for (String type : List.of("minimax", "minimax_m2", "mixtral")) {
            all.put(type, List.of("gate", "w1", "w2", "w3"));
        }
        for (String type : List.of(
                "afmoe",
                "cohere2_moe",
                "deepseek_v2",
                "deepseek_v3",
                "deepseek_v32",
                "dots1",
                "ernie4_5_moe",
                "exaone_moe",
                "flex_olmo",
                "glm4_moe",
                "glm4_moe_lite",
                "glm4v_moe",
                "glm_moe_dsa",
                "hunyuan_v1_moe",
                "longcat_flash",
                "mellum",
                "olmoe",
                "qwen3_moe",
                "qwen3_next",
                "qwen3_omni_moe",
                "qwen3_omni_moe_thinker",
                "solar_open")) {
            all.put(type, List.of("gate", "gate_proj", "up_proj", "down_proj"));
        }
        return Map.copyOf(all);
    }
}
