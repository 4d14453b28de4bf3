"""What transformers builds from small configurations that switch on what real ones rarely do.

Writes one JSON object per line: name, config, total, tied, parameters [name, shape, count], layers [window, rotary].
Made with torch 2.13.0 and transformers 5.18.0 on the meta device:

    python huggingface_variants.py ../resources/dev/llmmem/formats/variants.jsonl.gz
"""

import collections
import gzip
import json
import re
import sys

import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM

SMALL = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 6, "num_attention_heads": 4, "vocab_size": 128}
GPT2 = {"n_embd": 64, "n_layer": 4, "n_head": 4, "vocab_size": 128, "n_positions": 32}
EXPERTS = {"moe_intermediate_size": 24, "num_experts": 4, "num_experts_per_tok": 2}
MIXED = ["full_attention", "sliding_attention", "full_attention", "full_attention", "sliding_attention", "full_attention"]

VARIANTS = [
    ("llama", SMALL, {}),
    ("llama", SMALL, {"attention_bias": True}),
    ("llama", SMALL, {"mlp_bias": True, "num_key_value_heads": 2}),
    ("llama", SMALL, {"head_dim": 24, "tie_word_embeddings": True}),
    ("llama", SMALL, {"num_key_value_heads": None, "head_dim": None}),
    ("llama", {}, {}),
    ("mistral", {**SMALL, "num_attention_heads": 8}, {}),
    ("mistral", {**SMALL, "num_attention_heads": 8}, {"num_key_value_heads": 8, "sliding_window": None}),
    ("mistral", SMALL, {"num_key_value_heads": 2, "sliding_window": 17}),
    ("mistral", {}, {}),
    ("qwen2", SMALL, {"num_key_value_heads": 2, "use_sliding_window": True, "max_window_layers": 4, "sliding_window": 9}),
    ("qwen2", SMALL, {"num_key_value_heads": 2, "use_sliding_window": True, "max_window_layers": 2}),
    ("qwen2", SMALL, {"num_key_value_heads": None, "use_sliding_window": True, "sliding_window": None}),
    ("qwen2", SMALL, {"num_key_value_heads": 4, "layer_types": MIXED, "use_sliding_window": True}),
    ("qwen2", SMALL, {"num_key_value_heads": 4, "layer_types": MIXED}),
    ("qwen2", {}, {}),
    ("qwen3", SMALL, {"num_key_value_heads": 2}),
    ("qwen3", SMALL, {"num_key_value_heads": 2, "attention_bias": True, "head_dim": 16, "tie_word_embeddings": True}),
    ("qwen3", SMALL, {"num_key_value_heads": 4, "use_sliding_window": True, "max_window_layers": 3}),
    ("qwen3", {}, {}),
    ("qwen3_moe", {**SMALL, **EXPERTS}, {"num_key_value_heads": 2}),
    ("qwen3_moe", {**SMALL, **EXPERTS}, {"decoder_sparse_step": 2, "attention_bias": True}),
    ("qwen3_moe", {**SMALL, **EXPERTS}, {"mlp_only_layers": [0, 3], "use_sliding_window": True}),
    ("qwen3_moe", {}, {}),
    ("qwen2_moe", {**SMALL, **EXPERTS}, {"num_key_value_heads": 2, "shared_expert_intermediate_size": 48}),
    ("qwen2_moe", {**SMALL, **EXPERTS}, {"num_key_value_heads": 4, "qkv_bias": False, "decoder_sparse_step": 3}),
    ("qwen2_moe", {**SMALL, **EXPERTS}, {"num_key_value_heads": 4, "use_sliding_window": True, "max_window_layers": 3}),
    ("qwen2_moe", {}, {}),
    ("mixtral", {**SMALL, "num_attention_heads": 8}, {"num_local_experts": 4}),
    ("mixtral", SMALL, {"num_key_value_heads": 4, "num_local_experts": 2, "sliding_window": 12, "head_dim": 8}),
    ("mixtral", {}, {}),
    ("olmoe", SMALL, {"num_experts": 4, "num_experts_per_tok": 1, "num_key_value_heads": 2, "attention_bias": True}),
    ("olmoe", {}, {}),
    ("gpt_oss", {**SMALL, "num_attention_heads": 8}, {"num_local_experts": 4, "attention_bias": False}),
    ("gpt_oss", SMALL, {"num_key_value_heads": 2, "num_local_experts": 4, "layer_types": MIXED, "sliding_window": 5}),
    ("gpt_oss", {}, {}),
    ("deepseek_v2", SMALL, {"num_experts_per_tok": 2, "attention_bias": True, "mlp_bias": True, "first_k_dense_replace": 2}),
    ("deepseek_v2", SMALL, {"num_experts_per_tok": 2, "q_lora_rank": None, "n_routed_experts": 4, "n_shared_experts": 3}),
    ("deepseek_v2", {}, {"num_experts_per_tok": 6}),
    ("deepseek_v3", SMALL, {"attention_bias": True, "first_k_dense_replace": 1, "kv_lora_rank": 8, "v_head_dim": 12}),
    ("deepseek_v3", {}, {}),
    ("gemma", SMALL, {"num_key_value_heads": 1, "attention_bias": True}),
    ("gemma", SMALL, {"num_key_value_heads": 2, "head_dim": 12, "tie_word_embeddings": False}),
    ("gemma", {}, {}),
    ("gemma2", SMALL, {"num_key_value_heads": 2, "attention_bias": True}),
    ("gemma2", SMALL, {"layer_types": MIXED, "sliding_window": 7}),
    ("gemma2", {}, {}),
    ("gemma3_text", SMALL, {"num_key_value_heads": 2, "sliding_window_pattern": 3, "attention_bias": True}),
    ("gemma3_text", SMALL, {"use_bidirectional_attention": True, "sliding_window": 512}),
    ("gemma3_text", SMALL, {"layer_types": MIXED}),
    ("gemma3_text", {}, {}),
    ("granite", SMALL, {"attention_bias": True, "mlp_bias": True, "num_key_value_heads": 1, "tie_word_embeddings": True}),
    ("granite", {}, {}),
    ("cohere", SMALL, {"use_qk_norm": True, "num_key_value_heads": 2, "attention_bias": True}),
    ("cohere", {}, {}),
    ("glm4", SMALL, {"attention_bias": False, "partial_rotary_factor": 0.25}),
    ("glm4", SMALL, {"head_dim": 32, "rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.75}}),
    ("glm4", {}, {}),
    ("exaone4", SMALL, {"num_key_value_heads": 2, "sliding_window_pattern": 3}),
    ("exaone4", SMALL, {"num_key_value_heads": 4, "layer_types": MIXED, "tie_word_embeddings": True}),
    ("exaone4", SMALL, {"num_key_value_heads": 4, "layer_types": ["full_attention"] * 6, "sliding_window": None}),
    ("exaone4", {}, {}),
    ("smollm3", SMALL, {"attention_bias": True, "mlp_bias": True}),
    ("smollm3", SMALL, {"use_sliding_window": True, "sliding_window": 11, "no_rope_layer_interval": 3}),
    ("smollm3", SMALL, {"no_rope_layers": [0, 1, 1, 0, 0, 1], "num_key_value_heads": None}),
    ("smollm3", {}, {}),
    ("stablelm", SMALL, {"num_key_value_heads": 4, "use_parallel_residual": True, "qk_layernorm": True}),
    ("stablelm", SMALL, {"num_key_value_heads": 2, "use_qkv_bias": True, "partial_rotary_factor": 0.5}),
    ("stablelm", {}, {}),
    ("starcoder2", SMALL, {"use_bias": False, "sliding_window": 13}),
    ("starcoder2", SMALL, {"num_key_value_heads": 4, "tie_word_embeddings": False}),
    ("starcoder2", {}, {}),
    ("olmo", SMALL, {"attention_bias": True, "num_key_value_heads": 2}),
    ("olmo2", SMALL, {"attention_bias": True, "num_key_value_heads": 2, "tie_word_embeddings": True}),
    ("olmo2", {}, {}),
    ("phi", SMALL, {"qk_layernorm": True, "num_key_value_heads": 2, "partial_rotary_factor": 0.25}),
    ("phi", SMALL, {"tie_word_embeddings": True}),
    ("phi", {}, {}),
    ("phi3", SMALL, {"num_key_value_heads": 2, "sliding_window": 15, "partial_rotary_factor": 0.5}),
    ("phi3", {}, {}),
    ("gpt2", GPT2, {}),
    ("gpt2", GPT2, {"n_inner": 100, "tie_word_embeddings": False}),
    ("gpt2", {}, {}),
    ("gpt_bigcode", GPT2, {"multi_query": False}),
    ("gpt_bigcode", GPT2, {"n_inner": 100}),
    ("gpt_bigcode", {}, {}),
    ("gpt_neo", {"hidden_size": 64, "num_layers": 6, "num_heads": 4, "vocab_size": 128},
     {"attention_types": [[["global"], 2], [["local", "global"], 2]], "window_size": 8, "intermediate_size": 100}),
    ("gpt_neo", {}, {}),
    ("gptj", {**GPT2, "rotary_dim": 8}, {}),
    ("gptj", {**GPT2, "rotary_dim": 16}, {"n_inner": 100, "tie_word_embeddings": True}),
    ("gptj", {}, {}),
    ("codegen", {**GPT2, "rotary_dim": 8}, {"n_inner": 100}),
    ("gpt_neox", SMALL, {"attention_bias": False, "use_parallel_residual": False}),
    ("gpt_neox", SMALL, {"rotary_pct": 0.5, "tie_word_embeddings": True}),
    ("gpt_neox", {}, {}),
    ("bloom", {"hidden_size": 64, "n_layer": 3, "n_head": 4, "vocab_size": 128}, {}),
    ("bloom", {"n_embed": 64, "n_layer": 3, "num_attention_heads": 8, "vocab_size": 128}, {"tie_word_embeddings": False}),
    ("bloom", {}, {}),
    ("falcon", SMALL, {"new_decoder_architecture": True}),
    ("falcon", SMALL, {"new_decoder_architecture": True, "num_kv_heads": 2, "num_ln_in_parallel_attn": 1, "bias": True}),
    ("falcon", SMALL, {"multi_query": False, "parallel_attn": False, "alibi": True, "bias": True}),
    ("falcon", SMALL, {"ffn_hidden_size": 100, "tie_word_embeddings": False}),
    ("falcon", {}, {}),
    ("falcon", {"n_embed": 142, "n_layer": 2, "n_head": 2, "n_head_kv": 1, "vocab_size": 128}, {}),
    ("mixtral", {**SMALL, "num_attention_heads": 8}, {"num_experts": 4, "num_local_experts": 6, "n_routed_experts": 8}),
    ("qwen3_moe", SMALL, {"num_experts": 4, "num_local_experts": 6, "n_routed_experts": 8, "num_experts_per_tok": 2}),
    ("olmoe", SMALL, {"num_experts": 4, "num_local_experts": 6, "num_experts_per_tok": 2}),
    ("deepseek_v3", SMALL, {"num_local_experts": 16, "num_experts": 24, "n_routed_experts": 32, "num_experts_per_tok": 2, "q_lora_rank": 16}),
    ("deepseek_v2", SMALL, {"num_local_experts": 6, "num_experts": 4, "n_routed_experts": 8, "num_experts_per_tok": 2, "q_lora_rank": 16}),
    ("opt", {**SMALL, "ffn_dim": 100}, {"enable_bias": False, "tie_word_embeddings": False}),
    ("opt", {**SMALL, "ffn_dim": 100}, {"layer_norm_elementwise_affine": False}),
    ("opt", {**SMALL, "ffn_dim": 100}, {"word_embed_proj_dim": 32, "do_layer_norm_before": False}),
    ("opt", {**SMALL, "ffn_dim": 100}, {"word_embed_proj_dim": 32, "tie_word_embeddings": False}),
    ("opt", {**SMALL, "ffn_dim": 100}, {"_remove_final_layer_norm": True}),
    ("opt", {}, {}),
    ("biogpt", SMALL, {}),
    ("biogpt", {}, {"tie_word_embeddings": False}),
]

WINDOW_EVERYWHERE = {"mistral", "mixtral", "phi3", "starcoder2", "qwen3_moe"}


def window(config, layer):
    if config.model_type in WINDOW_EVERYWHERE:
        return config.sliding_window
    if config.model_type == "gpt_neo":
        return config.window_size if config.attention_layers[layer] == "local" else None
    types = getattr(config, "layer_types", None)
    sliding = types is not None and types[layer] == "sliding_attention"
    return (config.sliding_window or None) if sliding else None


def rotary(config, model, layer):
    kind = config.model_type
    if kind in ("gptj", "codegen"):
        return config.rotary_dim
    if kind == "falcon" and config.alibi:
        return 0
    if kind == "smollm3" and not config.no_rope_layers[layer]:
        return 0
    if kind == "exaone4" and config.sliding_window is not None and config.layer_types[layer] != "sliding_attention":
        return 0
    for name, buffer in model.named_buffers():
        if name.endswith("inv_freq") and "original" not in name:
            return 2 * buffer.numel()
    return 0


def described(kind, fields):
    config = AutoConfig.for_model(kind, pad_token_id=0, **json.loads(json.dumps(fields)))
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    folded = collections.OrderedDict()
    tied = len(dict(model.named_parameters())) < len(dict(model.named_parameters(remove_duplicate=False)))
    for name, parameter in model.named_parameters():
        folded.setdefault((re.sub(r"\.(h|layers|blocks)\.\d+\.", r".\1.{i}.", name), tuple(parameter.shape)), []).append(name)
    layers = getattr(config, "num_hidden_layers")
    return {
        "config": {"model_type": kind, **fields},
        "total": sum(p.numel() for p in model.parameters()),
        "tied": tied,
        "parameters": [[name, list(shape), len(names)] for (name, shape), names in folded.items()],
        "layers": [[window(config, i), rotary(config, model, i)] for i in range(layers)],
    }


def main(path):
    assert transformers.__version__ == "5.18.0", transformers.__version__
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        for i, (kind, base, change) in enumerate(VARIANTS):
            row = {"name": f"{i:03d}-{kind}", **described(kind, {**base, **change})}
            out.write((json.dumps(row, separators=(",", ":")) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1])
