package dev.llmmem.memory;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.ModelSpec;
import java.util.List;
import java.util.Map;

/** Models of several families, of a few equal layers after the first, with widths that layers of 8 bits take. */
final class TinyFamilies {

    private static final String SIZES = "\"vocab_size\": 96, \"hidden_size\": 64, \"num_attention_heads\": 8, "
            + "\"num_key_value_heads\": 8, \"num_hidden_layers\": 5, \"intermediate_size\": 128, ";
    private static final String NAMED_AS_GPT2 =
            "\"vocab_size\": 96, \"n_embd\": 64, \"n_head\": 8, \"n_layer\": 5, \"rotary_dim\": 4";

    private static final Map<String, String> CONFIGS = Map.of(
            "llama",
            SIZES + "\"rms_norm_eps\": 1e-6",
            "olmo2",
            SIZES + "\"rms_norm_eps\": 1e-6",
            "exaone4",
            SIZES + "\"sliding_window\": 8, \"sliding_window_pattern\": \"LLG\", \"head_dim\": 8",
            "opt",
            SIZES + "\"ffn_dim\": 128, \"word_embed_proj_dim\": 32, \"do_layer_norm_before\": false, "
                    + "\"max_position_embeddings\": 128",
            "gemma2",
            SIZES + "\"head_dim\": 8, \"sliding_window\": 8",
            "deepseek_v2",
            SIZES
                    + "\"first_k_dense_replace\": 1, \"kv_lora_rank\": 16, \"q_lora_rank\": null, \"qk_nope_head_dim\": 8, "
                    + "\"qk_rope_head_dim\": 4, \"v_head_dim\": 8, \"n_routed_experts\": 4, \"n_shared_experts\": 1, "
                    + "\"num_experts_per_tok\": 2, \"moe_intermediate_size\": 32, \"n_group\": 1, \"topk_group\": 1",
            "codegen",
            NAMED_AS_GPT2,
            "gptj",
            NAMED_AS_GPT2,
            "gpt2",
            NAMED_AS_GPT2,
            "bloom",
            SIZES + "\"n_head\": 8, \"n_layer\": 5");

    private TinyFamilies() {}

    static ModelSpec of(String modelType) {
        return HuggingFace.read("{\"model_type\": \"" + modelType + "\", " + CONFIGS.get(modelType) + "}");
    }

    static List<String> types() {
        return CONFIGS.keySet().stream().sorted().toList();
    }
}
