package dev.llmmem.formats;

import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What llama.cpp calls an architecture, and how its keys and tensors become the fields of a {@code config.json}. */
final class GgufArchitectures {

    private static final String BIAS = "attn_q.bias";
    private static final String QUERY_NORM = "attn_q_norm.weight";

    /** The number that llama.cpp gives to the sigmoid as the function that rates experts. */
    private static final long SIGMOID = 2;

    private static final Map<String, Consumer<GgufFields>> ROWS = new TreeMap<>(Map.ofEntries(
            row("bloom", f -> f.type("bloom").shared("n_inner").whole("seq_length", "context_length")),
            row(
                    "chatglm",
                    f -> f.type("glm").grouped().flag("attention_bias", BIAS).rotary()),
            row(
                    "command-r",
                    f -> f.type("cohere").grouped().flag("attention_bias", BIAS).flag("use_qk_norm", QUERY_NORM)),
            row("deepseek2", GgufArchitectures::deepseek),
            row("ernie4_5", f -> f.type("ernie4_5").grouped().flag("use_bias", BIAS)),
            row("exaone4", f -> f.type("exaone4").grouped().window()),
            row("falcon", GgufArchitectures::falcon),
            row("gemma", f -> f.type("gemma").grouped().flag("attention_bias", BIAS)),
            row("gemma2", f -> f.type("gemma2").grouped().window()),
            row("gemma3", f -> f.type("gemma3_text").grouped().window()),
            row(
                    "glm4",
                    f -> f.type("glm4").grouped().flag("attention_bias", BIAS).rotary()),
            row(
                    "gpt-oss",
                    f -> f.type("gpt_oss")
                            .grouped()
                            .window()
                            .experts("num_local_experts")
                            .expertWidth("intermediate_size")
                            .flag("attention_bias", BIAS)),
            row("gpt2", f -> f.type("gpt2").shared("n_inner")),
            row(
                    "gptneox",
                    f -> f.type("gpt_neox")
                            .shared("intermediate_size")
                            .flag("attention_bias", "attn_qkv.bias")
                            .rotary()
                            .set("use_parallel_residual", f.contents().flag("use_parallel_residual", true))),
            row(
                    "granite",
                    f -> f.type("granite")
                            .grouped()
                            .flag("attention_bias", BIAS)
                            .flag("mlp_bias", "ffn_up.bias")),
            row("llama", GgufArchitectures::llama),
            row("mpt", f -> f.type("mpt").shared("n_inner").whole("max_seq_len", "context_length")),
            row("olmo", f -> f.type("olmo").grouped().flag("attention_bias", BIAS)),
            row("olmo2", f -> {
                boolean third = f.contents().whole("attention.sliding_window").orElse(0) != 0;
                f.grouped().flag("attention_bias", BIAS).type(third ? "olmo3" : "olmo2");
                if (third) {
                    f.window();
                }
            }),
            row(
                    "olmoe",
                    f -> f.type("olmoe")
                            .grouped()
                            .experts("num_experts")
                            .expertWidth("intermediate_size")
                            .flag("attention_bias", BIAS)),
            row("phi2", f -> f.type("phi").grouped().rotary()),
            row("phi3", f -> f.type("phi3").grouped().rotary().window()),
            row("qwen2", f -> f.type("qwen2").grouped()),
            row(
                    "qwen2moe",
                    f -> f.type("qwen2_moe")
                            .grouped()
                            .experts("num_experts")
                            .expertWidth("moe_intermediate_size")
                            .sharedWidth("shared_expert_intermediate_size")
                            .denseLayers("mlp_only_layers")
                            .flag("qkv_bias", BIAS)),
            row("qwen3", f -> f.type("qwen3").grouped().flag("attention_bias", BIAS)),
            row(
                    "qwen3moe",
                    f -> f.type("qwen3_moe")
                            .grouped()
                            .experts("num_experts")
                            .expertWidth("moe_intermediate_size")
                            .denseLayers("mlp_only_layers")
                            .flag("attention_bias", BIAS)
                            // As llama.cpp runs every model of the architecture; the key came later.
                            .set("norm_topk_prob", f.contents().flag("expert_weights_norm", true))),
            row(
                    "smollm3",
                    f -> f.type("smollm3")
                            .grouped()
                            .flag("attention_bias", BIAS)
                            .flag("mlp_bias", "ffn_up.bias")),
            row(
                    "stablelm",
                    f -> f.type("stablelm")
                            .grouped()
                            .rotary()
                            .flag("use_qkv_bias", BIAS)
                            .flag("qk_layernorm", QUERY_NORM)
                            .set("use_parallel_residual", !f.contents().has("ffn_norm.weight"))),
            row("starcoder", f -> f.type("gpt_bigcode").shared("n_inner").set("multi_query", f.keyValueHeads() == 1)),
            row("starcoder2", f -> f.type("starcoder2").grouped().flag("use_bias", BIAS))));

    /** All that are known. */
    static final SortedSet<String> NAMES = Collections.unmodifiableSortedSet(new TreeSet<>(ROWS.keySet()));

    private GgufArchitectures() {}

    /** The fields of the configuration of a model. */
    static Map<String, @Nullable Object> fields(GgufContents contents) {
        Consumer<GgufFields> row = ROWS.get(contents.architecture());
        if (row == null) {
            throw contents.malformed("general.architecture = " + Shown.name(contents.architecture()) + ", permitted "
                    + String.join(", ", NAMES));
        }
        GgufFields fields = new GgufFields(contents);
        StoredTensor positions = contents.outside().get("position_embd.weight");
        if (positions != null) {
            fields.set("max_position_embeddings", contents.dimension(positions, 0, 2));
        }
        row.accept(fields);
        return fields.finished();
    }

    /** Mixtral has the name too. */
    private static void llama(GgufFields f) {
        f.grouped();
        if (f.contents().whole("expert_count").orElse(0) > 0) {
            f.type("mixtral").experts("num_local_experts").expertWidth("intermediate_size");
        } else {
            f.type("llama").flag("attention_bias", BIAS).flag("mlp_bias", "ffn_up.bias");
        }
    }

    /** The block with two norms is that of Falcon-40B, and of Falcon 2 with one. */
    private static void falcon(GgufFields f) {
        boolean two = f.contents().has("attn_norm_2.weight");
        f.type("falcon")
                .shared("ffn_hidden_size")
                .set("new_decoder_architecture", two || f.isGrouped())
                .set("num_ln_in_parallel_attn", two ? 2L : 1L)
                .heads("num_kv_heads")
                .set("multi_query", f.keyValueHeads() == 1)
                .flag("bias", "attn_qkv.bias");
    }

    /** DeepSeek-V2, and V3 by the function that rates its experts. */
    private static void deepseek(GgufFields f) {
        GgufContents contents = f.contents();
        long rotated = contents.required("rope.dimension_count");
        long keys = contents.required(
                contents.states("attention.key_length_mla") ? "attention.key_length_mla" : "attention.key_length");
        f.type(contents.whole("expert_gating_func").orElse(1) == SIGMOID ? "deepseek_v3" : "deepseek_v2")
                .inner("intermediate_size")
                .set(
                        "q_lora_rank",
                        contents.whole("attention.q_lora_rank").stream()
                                .boxed()
                                .findFirst()
                                .orElse(null))
                .required("kv_lora_rank", "attention.kv_lora_rank")
                .set("qk_rope_head_dim", rotated)
                .set("qk_nope_head_dim", keys - rotated)
                .required(
                        "v_head_dim",
                        contents.states("attention.value_length_mla")
                                ? "attention.value_length_mla"
                                : "attention.value_length")
                .experts("n_routed_experts")
                .expertWidth("moe_intermediate_size")
                .required("n_shared_experts", "expert_shared_count")
                .required("first_k_dense_replace", "leading_dense_block_count")
                .set("norm_topk_prob", contents.flag("expert_weights_norm", false));
        if (contents.states("expert_group_count")) {
            f.set("topk_method", "group_limited_greedy")
                    .required("n_group", "expert_group_count")
                    .required("topk_group", "expert_group_used_count");
        }
    }

    private static Map.Entry<String, Consumer<GgufFields>> row(String name, Consumer<GgufFields> fields) {
        return Map.entry(name, fields);
    }
}
