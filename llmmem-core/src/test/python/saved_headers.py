"""Headers of the files that transformers' save_pretrained writes for small models.

    python saved_headers.py ../resources/dev/llmmem/formats/saved.jsonl
"""

import json
import os
import struct
import sys
import tempfile

import torch
from transformers import AutoConfig, AutoModelForCausalLM

torch.manual_seed(0)
CONFIGS = {
'llama-tied':dict(model_type='llama',hidden_size=64,intermediate_size=96,num_hidden_layers=2,num_attention_heads=4,num_key_value_heads=2,vocab_size=128,tie_word_embeddings=True,max_position_embeddings=64),
'gpt2':dict(model_type='gpt2',n_embd=64,n_layer=2,n_head=4,vocab_size=128,n_positions=64),
'gpt_neox':dict(model_type='gpt_neox',hidden_size=64,intermediate_size=96,num_hidden_layers=2,num_attention_heads=4,vocab_size=128,max_position_embeddings=64,tie_word_embeddings=False),
'opt':dict(model_type='opt',hidden_size=64,ffn_dim=96,num_hidden_layers=2,num_attention_heads=4,vocab_size=128,max_position_embeddings=64,word_embed_proj_dim=64),
'mixtral':dict(model_type='mixtral',hidden_size=64,intermediate_size=96,num_hidden_layers=2,num_attention_heads=4,num_key_value_heads=2,vocab_size=128,num_local_experts=4,num_experts_per_tok=2,max_position_embeddings=64,tie_word_embeddings=False),
'qwen3_moe':dict(model_type='qwen3_moe',hidden_size=64,intermediate_size=96,moe_intermediate_size=32,num_hidden_layers=2,num_attention_heads=4,num_key_value_heads=2,head_dim=16,vocab_size=128,num_experts=4,num_experts_per_tok=2,max_position_embeddings=64,tie_word_embeddings=False,decoder_sparse_step=1,mlp_only_layers=[]),
'gpt_oss':dict(model_type='gpt_oss',hidden_size=64,intermediate_size=96,num_hidden_layers=2,num_attention_heads=4,num_key_value_heads=2,head_dim=16,vocab_size=128,num_local_experts=4,num_experts_per_tok=2,max_position_embeddings=64,tie_word_embeddings=False),
'qwen2':dict(model_type='qwen2',hidden_size=64,intermediate_size=96,num_hidden_layers=2,num_attention_heads=4,num_key_value_heads=2,vocab_size=128,max_position_embeddings=64,tie_word_embeddings=False),
}


with open(sys.argv[1], "w") as out:
    for name, fields in CONFIGS.items():
        fields = dict(fields)
        config = AutoConfig.for_model(fields.pop("model_type"), **fields)
        model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
        with tempfile.TemporaryDirectory() as folder:
            model.save_pretrained(folder)
            with open(os.path.join(folder, "model.safetensors"), "rb") as file:
                header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            header.pop("__metadata__", None)
            row = {
                "name": name,
                "config": json.load(open(os.path.join(folder, "config.json"))),
                "tensors": {key: [value["dtype"], value["shape"]] for key, value in header.items()},
            }
        out.write(json.dumps(row, separators=(",", ":")) + "\n")
