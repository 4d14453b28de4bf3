package dev.llmmem.workload;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The modules that PEFT adapts with LoRA when none are named, by model type.
 *
 * <p>Facts of peft 0.21.0, {@code peft/utils/constants.py}, {@code TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING}.
 * Its row of mixtral is left out: over transformers 5, PEFT does not come to it and asks for names.
 */
final class PeftDefaults {

    private static final Map<String, Targets> BY_TYPE = byType();

    private PeftDefaults() {}

    /** What PEFT chooses for a model type, or empty where it asks for names. */
    static Optional<Targets> find(String modelType) {
        return Optional.ofNullable(BY_TYPE.get(modelType));
    }

    private static Map<String, Targets> byType() {
        Map<String, Targets> all = new HashMap<>();
        for (String type : List.of(
                "bart",
                "gemma",
                "gemma2",
                "gemma3_text",
                "gpt_neo",
                "gptj",
                "llama",
                "llama4",
                "mistral",
                "opt",
                "qwen2",
                "qwen3",
                "stablelm")) {
            all.put(type, named("q_proj", "v_proj"));
        }
        for (String type : List.of("bert", "electra", "layoutlm", "roberta", "xlm-roberta")) {
            all.put(type, named("query", "value"));
        }
        for (String type : List.of("bloom", "chatglm", "falcon", "gpt_neox", "RefinedWeb", "RefinedWebModel")) {
            all.put(type, named("query_key_value"));
        }
        for (String type : List.of("gpt2", "gpt_bigcode")) {
            all.put(type, named("c_attn"));
        }
        for (String type : List.of("mt5", "t5")) {
            all.put(type, named("q", "v"));
        }
        all.put("blip-2", named("q", "v", "q_proj", "v_proj"));
        all.put("btlm", named("c_proj", "c_attn"));
        all.put("codegen", named("qkv_proj"));
        all.put("deberta", named("in_proj"));
        all.put("deberta-v2", named("query_proj", "value_proj"));
        all.put("gemma4", new Targets.Matching(".*language_model\\..*\\.(q_proj|v_proj)"));
        all.put("mpt", named("Wqkv"));
        all.put("nemotron_h", named("q_proj", "k_proj", "v_proj", "o_proj"));
        all.put("phi", named("q_proj", "v_proj", "fc1", "fc2"));
        all.put("rwkv", named("key", "value", "receptance", "output"));
        all.put("rwkv7", named("r_proj", "k_proj", "v_proj", "o_proj", "key", "value"));
        return Map.copyOf(all);
    }

    private static Targets named(String... names) {
        return new Targets.Named(List.of(names));
    }
}
