"""As huggingface_variants.py, for models that recur, with what each layer keeps of a sequence.

A row also has states: for each layer the elements kept per sequence, and those cached per token, as the cache of
transformers holds them after a forward pass of small models on the CPU; null where the model is too large for one, or has no attention where its class needs some.

    python huggingface_variants_recurrent.py ../resources/dev/llmmem/formats/variants-recurrent.jsonl.gz
"""

import json
import sys

import huggingface_variants as base
import torch
from transformers import AutoConfig, AutoModelForCausalLM

SMALL = {**base.SMALL, "num_key_value_heads": 2}
DELTA = {"linear_num_key_heads": 2, "linear_num_value_heads": 4, "linear_key_head_dim": 8, "linear_value_head_dim": 12}
EXPERTS = {**base.EXPERTS, "shared_expert_intermediate_size": 40}
MAMBA = {"hidden_size": 64, "num_hidden_layers": 3, "vocab_size": 128}
MAMBA2 = {**MAMBA, "num_heads": 8, "head_dim": 16, "n_groups": 2, "state_size": 24}
LAYERS = ["full_attention", "linear_attention", "linear_attention", "full_attention", "linear_attention", "full_attention"]
MIXED = ["mamba", "attention", "mamba", "mamba", "attention", "mamba"]
CONVOLVED = ["conv", "conv", "full_attention", "conv", "full_attention", "conv"]
JAMBA = {**SMALL, "num_experts": 4}
GRANITE = {**SMALL, "mamba_n_heads": 8, "mamba_d_state": 24, "mamba_n_groups": 2, "num_local_experts": 4, "shared_intermediate_size": 40}
NEMOTRON = {
    **{name: value for name, value in SMALL.items() if name != "num_hidden_layers"},
    **{"head_dim": 24, "mamba_num_heads": 8, "mamba_head_dim": 12, "n_groups": 2, "ssm_state_size": 20},
    **{"n_routed_experts": 4, "moe_intermediate_size": 28, "moe_shared_expert_intermediate_size": 36},
}
LFM = SMALL
XLSTM = {"hidden_size": 128, "num_hidden_layers": 2, "num_heads": 4, "vocab_size": 128}

base.VARIANTS = [
    ("mamba", MAMBA, {}),
    ("mamba", {**MAMBA, "hidden_size": 72}, {"use_bias": True, "use_conv_bias": False, "tie_word_embeddings": False}),
    ("mamba", MAMBA, {"expand": 3, "conv_kernel": 5, "state_size": 7, "time_step_rank": 9}),
    ("mamba", MAMBA, {"intermediate_size": 200, "time_step_rank": "auto"}),
    ("mamba", {}, {}),
    ("mamba2", MAMBA2, {}),
    ("mamba2", MAMBA2, {"use_bias": True, "use_conv_bias": False, "tie_word_embeddings": True, "conv_kernel": 3}),
    ("mamba2", MAMBA2, {"expand": 3, "num_heads": 12, "n_groups": 4}),
    ("mamba2", {}, {}),
    ("qwen3_next", {**SMALL, **EXPERTS, **DELTA}, {}),
    ("qwen3_next", {**SMALL, **EXPERTS, **DELTA}, {"decoder_sparse_step": 2, "mlp_only_layers": [3], "attention_bias": True}),
    ("qwen3_next", {**SMALL, **EXPERTS, **DELTA}, {"layer_types": LAYERS, "head_dim": 32, "linear_conv_kernel_dim": 3}),
    ("qwen3_next", {**SMALL, **EXPERTS, **DELTA}, {"tie_word_embeddings": True, "full_attention_interval": 2, "rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.5}}),
    ("qwen3_next", {}, {}),
    ("qwen3_5_text", {**SMALL, **DELTA}, {}),
    ("qwen3_5_text", {**SMALL, **DELTA}, {"layer_types": LAYERS, "head_dim": 32, "tie_word_embeddings": True}),
    ("qwen3_5_text", {**SMALL, **DELTA}, {"full_attention_interval": 3, "attention_bias": True, "partial_rotary_factor": 0.5}),
    ("qwen3_5_text", {}, {}),
    ("qwen3_5_moe_text", {**SMALL, **EXPERTS, **DELTA}, {}),
    ("qwen3_5_moe_text", {**SMALL, **EXPERTS, **DELTA}, {"layer_types": LAYERS, "linear_conv_kernel_dim": 2, "tie_word_embeddings": True}),
    ("qwen3_5_moe_text", {}, {}),
    ("falcon_mamba", MAMBA, {"use_bias": True, "tie_word_embeddings": False}),
    ("falcon_mamba", {}, {}),
    ("jamba", JAMBA, {}),
    ("jamba", JAMBA, {"attn_layer_period": 3, "attn_layer_offset": 0, "expert_layer_period": 4, "mamba_proj_bias": True}),
    ("jamba", JAMBA, {"num_experts": 1, "num_experts_per_tok": 1, "mamba_conv_bias": False, "tie_word_embeddings": True}),
    ("jamba", JAMBA, {"mamba_dt_rank": 5, "mamba_d_state": 6, "mamba_d_conv": 3, "mamba_expand": 3}),
    ("jamba", {}, {}),
    ("granitemoehybrid", GRANITE, {}),
    ("granitemoehybrid", GRANITE, {"layer_types": MIXED, "position_embedding_type": "rope", "attention_bias": True}),
    ("granitemoehybrid", GRANITE, {"layers_block_type": MIXED, "num_local_experts": 0, "num_experts_per_tok": 0}),
    ("granitemoehybrid", GRANITE, {"mamba_d_head": 16, "mamba_n_groups": 4, "mamba_proj_bias": True, "mamba_conv_bias": False}),
    ("granitemoehybrid", {}, {}),
    ("bamba", GRANITE, {"attn_layer_indices": [1, 4]}),
    ("bamba", GRANITE, {"attn_layer_indices": [0], "attention_bias": True, "mlp_bias": True, "mamba_d_state": 12, "tie_word_embeddings": True}),
    ("bamba", GRANITE, {"attn_layer_indices": [2], "rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.25}}),
    ("bamba", {}, {}),
    ("nemotron_h", NEMOTRON, {"hybrid_override_pattern": "M-M*ME"}),
    ("nemotron_h", NEMOTRON, {"layers_block_type": ["mamba", "moe", "attention", "mlp"], "moe_latent_size": 20, "mlp_bias": True, "tie_word_embeddings": True}),
    ("nemotron_h", NEMOTRON, {"hybrid_override_pattern": "*E-", "use_bias": True, "num_key_value_heads": 4, "mlp_hidden_act": "silu"}),
    ("nemotron_h", NEMOTRON, {"hybrid_override_pattern": "M-M", "mamba_n_groups": 4, "mamba_d_conv": 3, "mamba_conv_bias": False, "use_bias": True}),
    ("nemotron_h", {}, {}),
    ("lfm2", LFM, {"full_attn_idxs": [2, 4]}),
    ("lfm2", LFM, {}),
    ("lfm2", LFM, {"layer_types": CONVOLVED, "conv_bias": True, "conv_L_cache": 4, "tie_word_embeddings": False}),
    ("lfm2", LFM, {"full_attn_idxs": [0], "block_ff_dim": 500, "block_multiple_of": 32, "block_ffn_dim_multiplier": 1.3}),
    ("lfm2", LFM, {"full_attn_idxs": [5], "block_auto_adjust_ff_dim": False, "tie_embedding": False}),
    ("lfm2", {}, {}),
    ("lfm2_moe", LFM, {**base.EXPERTS, "layer_types": CONVOLVED}),
    ("lfm2_moe", LFM, {**base.EXPERTS, "layer_types": CONVOLVED[::-1], "num_dense_layers": 0, "conv_bias": True, "use_expert_bias": False, "tie_word_embeddings": False}),
    ("xlstm", XLSTM, {}),
    ("xlstm", XLSTM, {"use_bias": True, "qk_dim_factor": 1.0, "ffn_proj_factor": 1.9, "ffn_round_up_to_multiple_of": 24}),
    ("xlstm", XLSTM, {"num_heads": 2, "v_dim_factor": 2.0, "add_out_norm": False}),
    ("xlstm", {**XLSTM, "num_blocks": 2}, {"tie_word_embeddings": True}),
    ("xlstm", {}, {}),
]


def states(kind, fields):
    if fields.get("hidden_size", 4096) > 128:
        return None
    config = AutoConfig.for_model(kind, pad_token_id=0, **json.loads(json.dumps(fields)))
    model = AutoModelForCausalLM.from_config(config).eval()
    tokens = 7
    try:
        with torch.no_grad():
            out = model(torch.arange(1, 1 + tokens)[None], use_cache=True)
    except ValueError:  # some classes ask an attention layer for the length, even where there is none
        return None
    cache = getattr(out, "past_key_values", None) or out.cache_params
    if kind == "xlstm":
        return [[sum(t.numel() for t in kept), 0] for kept in cache.rnn_state.values()]
    rows = []
    for layer in cache.layers:
        kept = [*getattr(layer, "conv_states", {}).values(), *getattr(layer, "recurrent_states", {}).values()]
        cached = [t for t in (getattr(layer, "keys", None), getattr(layer, "values", None)) if t is not None]
        rows.append([sum(t.numel() for t in kept if t is not None), sum(t.numel() for t in cached) // tokens])
    return rows


described = base.described


def main(path):
    base.described = lambda kind, fields: {**described(kind, fields), "states": states(kind, fields)}
    base.main(path)


if __name__ == "__main__":
    main(sys.argv[1])
