"""As huggingface_variants.py, for the dense decoders with few models each.

    python huggingface_variants_dense.py ../resources/dev/llmmem/formats/variants-dense.jsonl.gz
"""

import sys

import huggingface_variants as base

SMALL = base.SMALL
MIXED = base.MIXED
GPT2 = base.GPT2

base.WINDOW_EVERYWHERE |= {"ministral3"}
base.VARIANTS = [
    ("ernie4_5", SMALL, {"use_bias": True, "head_dim": 24}),
    ("ernie4_5", SMALL, {"head_dim": None, "num_key_value_heads": None, "tie_word_embeddings": False}),
    ("ernie4_5", SMALL, {}),
    ("olmo3", SMALL, {}),
    ("olmo3", SMALL, {"layer_types": MIXED, "sliding_window": 5, "num_key_value_heads": 2, "attention_bias": True}),
    ("olmo3", {}, {"tie_word_embeddings": True}),
    ("ministral3", {**SMALL, "num_attention_heads": 8}, {}),
    ("ministral3", SMALL, {"num_key_value_heads": 2, "sliding_window": 17}),
    ("ministral3", {}, {}),
    ("glm", SMALL, {"attention_bias": False, "partial_rotary_factor": 0.25}),
    ("glm", SMALL, {"head_dim": 32, "rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.75}}),
    ("persimmon", SMALL, {"qk_layernorm": False, "partial_rotary_factor": 0.25}),
    ("persimmon", SMALL, {"hidden_act": "gelu", "tie_word_embeddings": True}),
    ("jais2", SMALL, {"attention_bias": False, "num_key_value_heads": 2}),
    ("jais2", SMALL, {"mlp_bias": False, "head_dim": 24, "tie_word_embeddings": True}),
    ("gpt_neox_japanese", SMALL, {"intermediate_multiple_size": 3, "rotary_pct": 0.5}),
    ("gpt_neox_japanese", SMALL, {"tie_word_embeddings": False}),
    ("gpt_neox_japanese", SMALL, {"num_hidden_layers": 1, "rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.25}}),
    ("mpt", {"d_model": 64, "n_layers": 3, "n_heads": 4, "vocab_size": 128}, {}),
    ("mpt", {"hidden_size": 64, "n_layers": 2, "n_heads": 4, "vocab_size": 128}, {"tie_word_embeddings": False}),
    ("mpt", {}, {}),
    ("ctrl", {**GPT2, "dff": 100}, {}),
    ("ctrl", {**GPT2, "dff": 100}, {"tie_word_embeddings": False}),
    ("openai-gpt", GPT2, {}),
    ("openai-gpt", GPT2, {"afn": "relu", "tie_word_embeddings": False}),
    ("xglm", {"d_model": 64, "num_layers": 3, "attention_heads": 4, "ffn_dim": 100, "vocab_size": 128}, {}),
    ("xglm", {"hidden_size": 64, "num_layers": 2, "attention_heads": 4, "vocab_size": 128}, {"tie_word_embeddings": False}),
]

if __name__ == "__main__":
    base.main(sys.argv[1])
