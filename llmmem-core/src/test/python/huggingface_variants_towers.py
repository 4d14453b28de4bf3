"""As huggingface_variants.py, for the models with towers.

    python huggingface_variants_towers.py ../resources/dev/llmmem/formats/variants-towers.jsonl.gz
"""

import collections
import json
import re
import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText
from transformers.models.gemma4.modeling_gemma4 import Gemma4TextRotaryEmbedding

import huggingface_variants as base

SMALL = base.SMALL
MIXED = base.MIXED
EXPERTS = {**base.EXPERTS, "num_key_value_heads": 2}
CLIP = {"hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 30, "patch_size": 8}
QWEN = {"depth": 2, "hidden_size": 32, "intermediate_size": 40, "num_heads": 2}
MLLAMA = {"hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 2, "attention_heads": 2, "image_size": 30, "patch_size": 8,
          "vision_output_dim": 24, "max_num_tiles": 2, "supported_aspect_ratios": [[1, 1], [1, 2], [2, 1]]}
CHUNKED = [kind.replace("sliding", "chunked") for kind in MIXED]
PAD = {"pad_token_id": 0}
KV = {"num_key_value_heads": 2}
ROPES = {"sliding_attention": {"rope_type": "default", "rope_theta": 1e4}, "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.6, "rope_theta": 1e6}}


def text(change, **outside):
    return {"text_config": {**SMALL, **change}, **outside}


VARIANTS = [
    ("gemma3", text({"num_key_value_heads": 2}, vision_config=CLIP), {}),
    ("gemma3", text({"layer_types": MIXED}, vision_config={**CLIP, "vision_use_head": False, "num_channels": 1}), {}),
    ("gemma3", text({"tie_word_embeddings": True}, tie_word_embeddings=False), {}),
    ("gemma3", {}, {}),
    ("llava", text({}, vision_config=CLIP), {}),
    ("llava", text({"tie_word_embeddings": True}, vision_config={**CLIP, "model_type": "siglip_vision_model"}), {}),
    ("llava", text({"model_type": "mistral", "num_key_value_heads": 2}, vision_config={**CLIP, "model_type": "pixtral"}),
     {"vision_feature_layer": [-2, -1], "multimodal_projector_bias": False}),
    ("llava", text({"model_type": "qwen2", "num_key_value_heads": 2}), {"tie_word_embeddings": True}),
    ("llava", text({"model_type": "qwen3", "num_key_value_heads": 2}), {"vision_config": {}}),
    ("llava", text({"model_type": "mixtral", "num_key_value_heads": 2}), {"vision_config": {"model_type": "siglip_vision_model"}}),
    ("llava", text({"model_type": "ministral3", "num_key_value_heads": 2}), {"vision_config": {"model_type": "pixtral"}}),
    ("llava", {}, {}),
    ("mistral3", text({"num_key_value_heads": 2}, vision_config=CLIP, tie_word_embeddings=False), {}),
    ("mistral3", text({"model_type": "ministral3", "num_key_value_heads": 2}, tie_word_embeddings=True),
     {"spatial_merge_size": 3, "vision_feature_layer": [-2, -1], "multimodal_projector_bias": True}),
    ("mistral3", {"tie_word_embeddings": False}, {}),
    ("qwen2_vl", {**SMALL, "num_key_value_heads": 2}, {"vision_config": {"depth": 2, "embed_dim": 32, "mlp_ratio": 3, "hidden_size": 64}}),
    ("qwen2_vl", text({"num_key_value_heads": 2, "use_sliding_window": True, "max_window_layers": 4, "tie_word_embeddings": True}),
     {"vision_config": {"in_channels": 1, "in_chans": 2, "patch_size": 8, "temporal_patch_size": 3, "spatial_merge_size": 4}}),
    ("qwen2_vl", {**SMALL, "num_key_value_heads": None}, {"tie_word_embeddings": True, "use_sliding_window": True}),
    ("qwen2_vl", text({"num_key_value_heads": 4, "tie_word_embeddings": False}), {"tie_word_embeddings": True}),
    ("qwen2_vl", {}, {}),
    ("qwen2_5_vl", {**SMALL, "num_key_value_heads": 2}, {"vision_config": {**QWEN, "out_hidden_size": 64}}),
    ("qwen2_5_vl", text({"num_key_value_heads": 1, "layer_types": MIXED, "use_sliding_window": True, "sliding_window": 9}), {}),
    ("qwen2_5_vl", {}, {}),
    ("qwen3_vl", text({"num_key_value_heads": 2, "attention_bias": True}), {"vision_config": {**QWEN, "deepstack_visual_indexes": [0]}}),
    ("qwen3_vl", text({"head_dim": 24, "num_key_value_heads": 2}), {"tie_word_embeddings": True, "vision_config": {"deepstack_visual_indexes": []}}),
    ("qwen3_vl", {}, {}),
    ("qwen3_vl_moe", text({**EXPERTS, "mlp_only_layers": [0, 3], "head_dim": 24}), {"vision_config": QWEN}),
    ("qwen3_vl_moe", text({**EXPERTS, "num_local_experts": 6, "decoder_sparse_step": 2}), {"tie_word_embeddings": True}),
    ("qwen3_vl_moe", {}, {}),
    ("llama4_text", {**SMALL, "intermediate_size_mlp": 80}, {"num_local_experts": 4, "interleave_moe_layer_step": 2, "num_key_value_heads": 1}),
    ("llama4_text", {**SMALL, "num_key_value_heads": 2}, {"moe_layers": [1, 2], "attention_bias": True, "head_dim": 12, "no_rope_layers": [1, 0, 1, 1, 0, 0]}),
    ("llama4_text", {**SMALL, "num_key_value_heads": 2}, {"no_rope_layers": [], "attention_chunk_size": 64, "layer_types": CHUNKED, "tie_word_embeddings": True}),
    ("llama4_text", {}, {}),
    ("llama4", text({"num_key_value_heads": 2, "tie_word_embeddings": True}, vision_config={**CLIP, "vision_output_dim": 24, "projector_input_dim": 20, "projector_output_dim": 28}), {}),
    ("llama4", text({"num_key_value_heads": 2, "no_rope_layer_interval": 3}), {"tie_word_embeddings": True}),
    ("llama4", {}, {}),
    ("mllama", text({**KV, "cross_attention_layers": [0, 4], **PAD}, vision_config=MLLAMA), {}),
    ("mllama", text({"num_key_value_heads": 1, "tie_word_embeddings": True, **PAD}, vision_config={**MLLAMA, "num_global_layers": 1}), {"tie_word_embeddings": True}),
    ("mllama", text({"cross_attention_layers": [], "num_key_value_heads": 4, **PAD}), {}),
    ("mllama", {}, {}),
    ("muse_glimmer", text({}, vision_config={"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "patch_temporal": 3}), {"out_hidden_size": 48}),
    ("muse_glimmer", text({"attention_bias": True, "head_dim": 24, "layer_types": MIXED, "sliding_window": 9}), {"projector_hidden_size": 40}),
    ("muse_glimmer", text({"layer_rope_theta": [0, 1e4, 0, 5e5, 1e4, 0.0]}), {}),
    ("muse_glimmer", {}, {}),
    ("kimi_k25", text({"num_experts_per_tok": 2, "n_routed_experts": 8, "first_k_dense_replace": 1, "model_type": "kimi_k2"}, tie_word_embeddings=False),
     {"vision_config": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "merge_kernel_size": [2, 3]}}),
    ("kimi_k25", text({"n_routed_experts": 16}), {"projection_hidden_size": 20, "tie_word_embeddings": True}),
    ("kimi_k25", {"tie_word_embeddings": False}, {}),
    ("gemma4_text", {**SMALL, **KV}, {}),
    ("gemma4_text", {**SMALL, **KV}, {"attention_k_eq_v": True, "num_global_key_value_heads": 1, "global_head_dim": 32, "attention_bias": True}),
    ("gemma4_text", {**SMALL, **KV}, {"layer_types": MIXED, "num_kv_shared_layers": 3, "use_double_wide_mlp": True, "hidden_size_per_layer_input": 0}),
    ("gemma4_text", {**SMALL, **KV}, {"num_global_key_value_heads": 1, "use_bidirectional_attention": "all", "sliding_window": 21, "tie_word_embeddings": False}),
    ("gemma4_text", {**SMALL, **KV}, {"enable_moe_block": True, "num_experts": 4, "top_k_experts": 2, "moe_intermediate_size": 24, "vocab_size_per_layer_input": 100}),
    ("gemma4_text", {**SMALL, **KV}, {"attention_k_eq_v": True, "per_layer_config": {"5": {"head_dim": 40, "num_key_value_heads": 4}}, "rope_parameters": ROPES}),
    ("gemma4_text", {**SMALL, **KV, "num_hidden_layers": 8}, {"num_kv_shared_layers": 1, "use_double_wide_mlp": True}),
    ("gemma4_text", {}, {}),
    ("gemma4", text(KV, vision_config={**CLIP, "head_dim": 12, "num_key_value_heads": 1, "position_embedding_size": 50}), {}),
    ("gemma4", text(KV), {"vision_config": {}, "audio_config": {"hidden_size": 32, "num_hidden_layers": 2, "subsampling_conv_channels": [10, 6], "conv_kernel_size": 3}}),
    ("gemma4", text(KV), {"audio_config": {}, "tie_word_embeddings": False}),
    ("gemma4", {}, {}),
    ("qwen3_5", text({**KV, "full_attention_interval": 3}), {"vision_config": {**QWEN, "deepstack_visual_indexes": [0]}, "tie_word_embeddings": True}),
    ("qwen3_5", {}, {}),
    ("qwen3_5_moe", text({**KV, "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 24}), {"vision_config": QWEN}),
    ("qwen3_5_moe", {}, {}),
]


def window(text, layer):
    types = getattr(text, "layer_types", None)
    if text.model_type in base.WINDOW_EVERYWHERE | {"ministral3"}:
        return text.sliding_window
    kind = types[layer] if types is not None else "full_attention"
    if kind == "chunked_attention":
        return text.attention_chunk_size
    return text.sliding_window if kind == "sliding_attention" else None


def rotary(text, model, layer):
    if text.model_type == "gemma4_text":
        frequencies = getattr(Gemma4TextRotaryEmbedding(text), text.layer_types[layer] + "_inv_freq")
        rotated = 2 * int(frequencies.count_nonzero())
        return min(rotated, text.per_layer_config[layer].head_dim)
    if text.model_type == "llama4_text" and not text.no_rope_layers[layer]:
        return 0
    if text.model_type == "muse_glimmer_text" and not text.layer_rope_theta[layer]:
        return 0
    if text.model_type == "mllama_text_model" and layer in text.cross_attention_layers:
        return 0
    if text.model_type == "llama4_text":
        return text.head_dim
    for name, buffer in model.named_buffers():
        if name.endswith("inv_freq") and "original" not in name and "vision" not in name and "visual" not in name:
            return 2 * buffer.numel()
    return 0


def described(kind, fields):
    config = AutoConfig.for_model(kind, **json.loads(json.dumps(fields)))
    text = config.get_text_config()
    auto = AutoModelForCausalLM if kind.endswith("_text") else AutoModelForImageTextToText
    with torch.device("meta"):
        model = auto.from_config(config)
    folded = collections.OrderedDict()
    tied = len(dict(model.named_parameters())) < len(dict(model.named_parameters(remove_duplicate=False)))
    for name, parameter in model.named_parameters():
        pattern = re.sub(r"\.(layers|blocks|deepstack_merger_list|layer)\.\d+\.", r".\1.{i}.", name)
        folded.setdefault((pattern, tuple(parameter.shape)), []).append(name)
    return {
        "config": {"model_type": kind, **fields},
        "total": sum(p.numel() for p in model.parameters()),
        "tied": tied,
        "parameters": [[name, list(shape), len(names)] for (name, shape), names in folded.items()],
        "layers": [[window(text, i), rotary(text, model, i)] for i in range(text.num_hidden_layers)],
    }


base.VARIANTS = VARIANTS
base.described = described

if __name__ == "__main__":
    base.main(sys.argv[1])
