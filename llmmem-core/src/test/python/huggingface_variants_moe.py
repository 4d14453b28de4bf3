"""As huggingface_variants.py, for mixtures of experts and latent attention.

    python huggingface_variants_moe.py ../resources/dev/llmmem/formats/variants-moe.jsonl.gz
"""

import sys

import huggingface_variants as base

SMALL = base.SMALL
MIXED = base.MIXED
LOCAL = {**SMALL, "num_local_experts": 4, "num_key_value_heads": 2}
ROUTED = {**SMALL, "n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 24, "num_key_value_heads": 2}
LATENT = {**ROUTED, "num_key_value_heads": 4, "q_lora_rank": 16, "kv_lora_rank": 8, "qk_nope_head_dim": 12,
          "qk_rope_head_dim": 4, "v_head_dim": 10}
INDEXED = {**LATENT, "index_head_dim": 6, "index_n_heads": 2}
COMPRESSED = {"hidden_size": 64, "num_hidden_layers": 6, "num_attention_heads": 4, "vocab_size": 128, "head_dim": 16,
              "q_lora_rank": 12, "o_groups": 2, "o_lora_rank": 10, "index_n_heads": 2, "index_head_dim": 8,
              "n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 24, "sliding_window": 9}
SPARSE = ["sparse", "dense", "dense", "sparse", "sparse", "dense"]

base.WINDOW_EVERYWHERE |= {"phimoe"}
base.VARIANTS = [
    ("phimoe", LOCAL, {"sliding_window": 9}),
    ("phimoe", LOCAL, {"attention_bias": True, "lm_head_bias": True, "head_dim": 24}),
    ("phimoe", LOCAL, {"tie_word_embeddings": True, "lm_head_bias": True}),
    ("phimoe", {}, {}),
    ("minimax_m2", LOCAL, {"head_dim": 16, "rotary_dim": 8}),
    ("minimax_m2", LOCAL, {"head_dim": 24, "rotary_dim": 8, "partial_rotary_factor": 0.5, "num_experts": 6}),
    ("minimax_m2", LOCAL, {"rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.25}, "rotary_dim": 64}),
    ("minimax_m2", {}, {}),
    ("granitemoe", LOCAL, {"attention_bias": True, "tie_word_embeddings": True}),
    ("granitemoe", LOCAL, {"num_key_value_heads": None, "head_dim": 24}),
    ("granitemoe", {}, {}),
    ("ernie4_5_moe", SMALL, {"num_key_value_heads": 2, "moe_num_experts": 4, "moe_k": 2, "moe_intermediate_size": 24}),
    ("ernie4_5_moe", SMALL, {"num_key_value_heads": 2, "use_bias": True, "moe_layer_start_index": 2, "moe_layer_end_index": 4, "moe_num_shared_experts": 0}),
    ("ernie4_5_moe", SMALL, {"num_key_value_heads": 4, "moe_layer_interval": 2, "num_experts": 6, "moe_num_experts": 4, "tie_word_embeddings": False, "head_dim": 24}),
    ("ernie4_5_moe", {}, {}),
    ("glm4_moe", ROUTED, {"attention_bias": True, "use_qk_norm": True, "first_k_dense_replace": 2}),
    ("glm4_moe", ROUTED, {"head_dim": 24, "partial_rotary_factor": 0.25, "n_shared_experts": 3, "num_local_experts": 6}),
    ("glm4_moe", ROUTED, {"rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.75}, "first_k_dense_replace": 0}),
    ("glm4_moe", {}, {}),
    ("glm4_moe_lite", LATENT, {"mlp_layer_types": SPARSE, "attention_bias": True}),
    ("glm4_moe_lite", LATENT, {"q_lora_rank": None, "num_local_experts": 6, "first_k_dense_replace": 3}),
    ("glm4_moe_lite", LATENT, {"head_dim": 8, "num_attention_heads": 5, "num_key_value_heads": 5}),
    ("glm4_moe_lite", {}, {}),
    ("deepseek_v3", LATENT, {"num_attention_heads": 5, "num_key_value_heads": 5}),
    ("deepseek_v32", INDEXED, {"attention_bias": True, "mlp_bias": True}),
    ("deepseek_v32", INDEXED, {"mlp_layer_types": SPARSE, "first_k_dense_replace": 1, "num_experts": 6}),
    ("deepseek_v32", INDEXED, {"first_k_dense_replace": 9, "num_local_experts": 6, "head_dim": 8}),
    ("deepseek_v32", INDEXED, {"num_local_experts": 6, "num_experts": 4, "n_routed_experts": 12, "n_shared_experts": 2}),
    ("deepseek_v32", {}, {}),
    ("glm_moe_dsa", INDEXED, {"indexer_types": ["full", "shared", "full", "full", "shared", "shared"], "index_topk_freq": 3}),
    ("glm_moe_dsa", INDEXED, {"index_topk_pattern": "FSSFSF", "first_k_dense_replace": 0}),
    ("glm_moe_dsa", INDEXED, {"index_topk_freq": 2, "index_skip_topk_offset": 3}),
    ("glm_moe_dsa", INDEXED, {"index_topk_freq": 4, "tie_word_embeddings": True, "mlp_layer_types": SPARSE}),
    ("glm_moe_dsa", {}, {}),
    ("deepseek_v4", COMPRESSED, {"compress_rates": {"compressed_sparse_attention": 2, "heavily_compressed_attention": 8}}),
    ("deepseek_v4", COMPRESSED, {"compress_ratios": [0, 4, 128, 4, 0, 4, 0], "compress_rate_hca": 16, "num_hash_layers": 1, "mlp_bias": True}),
    ("deepseek_v4", COMPRESSED, {"layer_types": ["sliding_attention"] * 3 + ["heavily_compressed_attention", "compressed_sparse_attention", "sliding_attention"],
                                 "compress_rate_csa": 4, "compress_rate_hca": 4, "hc_mult": 3, "num_local_experts": 4, "partial_rotary_factor": 0.5}),
    ("deepseek_v4", COMPRESSED, {"intermediate_size": 40, "qk_rope_head_dim": 4, "n_shared_experts": 2, "tie_word_embeddings": True, "compress_rate_hca": 1}),
    ("deepseek_v4", {}, {}),
    ("mimo_v2_flash", {**ROUTED, "head_dim": 12, "v_head_dim": 8}, {"num_hidden_layers": 7, "sliding_window": 5}),
    ("mimo_v2_flash", {**ROUTED, "num_key_value_heads": 1}, {"layer_types": MIXED, "attention_bias": True, "mlp_layer_types": SPARSE}),
    ("mimo_v2_flash", {**ROUTED, "head_dim": 16}, {"num_local_experts": 4, "tie_word_embeddings": True, "rope_parameters": {
        "full_attention": {"rope_type": "default", "rope_theta": 1e4},
        "sliding_attention": {"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 0.5}}}),
    ("mimo_v2_flash", {}, {}),
    ("dbrx", {"d_model": 64, "n_layers": 3, "n_heads": 4, "vocab_size": 128}, {
        "attn_config": {"kv_n_heads": 2, "rope_theta": 1e4},
        "ffn_config": {"ffn_hidden_size": 24, "moe_num_experts": 6, "moe_top_k": 2}}),
    ("dbrx", {"d_model": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 128},
     {"attn_config": {"rope_theta": 1e4}, "ffn_config": {"ffn_act_fn": {"name": "gelu"}}}),
    ("hunyuan_v1_moe", {**SMALL, "head_dim": 24, "num_key_value_heads": 2}, {"num_experts": 4, "moe_topk": [1, 2, 2, 1, 1, 2]}),
    ("hunyuan_v1_moe", {**SMALL, "head_dim": 16}, {"num_local_experts": 6, "num_experts": 4, "moe_topk": 2, "attention_bias": True, "tie_word_embeddings": True}),
    ("hunyuan_v1_moe", {}, {"head_dim": 128, "num_key_value_heads": 8}),
    ("hunyuan_v1_dense", {**SMALL, "head_dim": 24, "num_key_value_heads": 2}, {"attention_bias": True}),
    ("hunyuan_v1_dense", {}, {"head_dim": 128, "tie_word_embeddings": True}),
]

rotary_of_all = base.rotary


def rotary(config, model, layer):
    if config.model_type == "deepseek_v4":
        return next(2 * buffer.numel() for name, buffer in model.named_buffers() if name.endswith(".main_inv_freq"))
    if config.model_type != "mimo_v2_flash":
        return rotary_of_all(config, model, layer)
    of_kind = config.layer_types[layer] + "_inv_freq"
    return next(2 * buffer.numel() for name, buffer in model.named_buffers() if name.endswith(of_kind))


base.rotary = rotary

if __name__ == "__main__":
    base.main(sys.argv[1])
