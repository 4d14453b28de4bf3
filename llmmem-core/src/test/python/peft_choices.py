"""Writes adapters-choices.tsv.gz: random ways to choose the modules of an adapter, over small models of many types, as PEFT builds them.

Made with peft 0.21.0, transformers 5.18.0, torch 2.13.0:

    python peft_choices.py SEED COUNT OUT.tsv.gz

Rows are those of peft_adapters.py, of which this uses the builders. Most are LoRA, for which PEFT knows most ways.
"""

import gzip
import json
import random
import sys

from peft_adapters import run

SMALL = dict(hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=160, max_position_embeddings=64, pad_token_id=0, bos_token_id=1, eos_token_id=2)
EXPERTS = dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=32)
SHORT = dict(vocab_size=160, bos_token_id=1, eos_token_id=2)
MODELS = {
    "llama": dict(model_type="llama", **SMALL),
    "llama-biased": dict(model_type="llama", attention_bias=True, mlp_bias=True, tie_word_embeddings=True, **SMALL),
    "gpt2": dict(model_type="gpt2", n_embd=64, n_layer=3, n_head=4, n_positions=64, **SHORT),
    "opt": dict(model_type="opt", hidden_size=64, ffn_dim=128, num_hidden_layers=3, num_attention_heads=4,
                word_embed_proj_dim=64, max_position_embeddings=64, vocab_size=160),
    "opt-projected": dict(model_type="opt", hidden_size=64, ffn_dim=128, num_hidden_layers=2, num_attention_heads=4,
                          word_embed_proj_dim=32, max_position_embeddings=64, vocab_size=160),
    "mixtral": dict(model_type="mixtral", num_local_experts=4, num_experts_per_tok=2, **SMALL),
    "qwen3_moe": dict(model_type="qwen3_moe", head_dim=16, **EXPERTS, **SMALL),
    "qwen2_moe": dict(model_type="qwen2_moe", shared_expert_intermediate_size=48, **EXPERTS, **SMALL),
    "olmoe": dict(model_type="olmoe", num_experts=4, num_experts_per_tok=2, **SMALL),
    "deepseek_v3": dict(model_type="deepseek_v3", hidden_size=64, intermediate_size=96, moe_intermediate_size=32,
                        num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=4, n_shared_experts=1,
                        n_routed_experts=8, num_experts_per_tok=2, n_group=2, topk_group=1, first_k_dense_replace=1,
                        kv_lora_rank=16, q_lora_rank=24, qk_rope_head_dim=8, qk_nope_head_dim=16, v_head_dim=16, **SHORT),
    "qwen3": dict(model_type="qwen3", head_dim=16, **SMALL),
    "gemma2": dict(model_type="gemma2", head_dim=16, **SMALL),
    "gemma3_text": dict(model_type="gemma3_text", head_dim=16, **SMALL),
    "starcoder2": dict(model_type="starcoder2", **SMALL),
    "olmo": dict(model_type="olmo", **SMALL),
    "olmo2": dict(model_type="olmo2", **SMALL),
    "stablelm": dict(model_type="stablelm", use_qkv_bias=True, **SMALL),
    "cohere": dict(model_type="cohere", **SMALL),
    "phi": dict(model_type="phi", **SMALL),
    "granite": dict(model_type="granite", **SMALL),
    "gptj": dict(model_type="gptj", n_embd=64, n_layer=2, n_head=4, rotary_dim=8, n_positions=64, **SHORT),
    "gpt_neo": dict(model_type="gpt_neo", hidden_size=64, num_layers=2, attention_types=[[["global", "local"], 1]],
                    num_heads=4, max_position_embeddings=64, **SHORT),
    "gpt_bigcode": dict(model_type="gpt_bigcode", n_embd=64, n_layer=2, n_head=4, n_positions=64, **SHORT),
    "mpt": dict(model_type="mpt", d_model=64, n_layers=2, n_heads=4, max_seq_len=64, vocab_size=160),
}
GATED = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LINEARS = {
    "gpt2": ["c_attn", "attn.c_proj", "mlp.c_proj", "c_fc", "c_proj"],
    "opt": ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"],
    "opt-projected": ["q_proj", "v_proj", "fc1", "project_in", "project_out"],
    "mixtral": ["q_proj", "v_proj", "o_proj", "w1", "w2", "w3", "gate"],
    "qwen3_moe": GATED + ["gate"],
    "qwen2_moe": GATED + ["gate", "shared_expert_gate"],
    "olmoe": GATED + ["gate"],
    "deepseek_v3": ["q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    "starcoder2": ["q_proj", "v_proj", "o_proj", "c_fc", "c_proj"],
    "phi": ["q_proj", "k_proj", "v_proj", "dense", "fc1", "fc2"],
    "gptj": ["q_proj", "v_proj", "out_proj", "fc_in", "fc_out"],
    "gpt_neo": ["q_proj", "v_proj", "out_proj", "c_fc", "mlp.c_proj"],
    "gpt_bigcode": ["c_attn", "attn.c_proj", "c_fc", "mlp.c_proj"],
    "mpt": ["Wqkv", "out_proj", "up_proj", "down_proj"],
}
EMBEDDING = {"gpt2": "wte", "gptj": "wte", "gpt_neo": "wte", "gpt_bigcode": "wte", "mpt": "wte"}
LAYERS = {"gpt2": "h", "gptj": "h", "gpt_neo": "h", "gpt_bigcode": "h", "mpt": "blocks"}
NORMS = ["norm", "ln_f", "input_layernorm", "ln_1", "final_layer_norm", "self_attn_layer_norm", "norm_1"]
KINDS = ["LORA"] * 12 + ["ADALORA", "LOHA", "IA3", "VERA", "OFT", "LN_TUNING"]
PARAMETERS = [["mlp.experts.gate_up_proj"], ["experts.down_proj", "experts.gate_up_proj"], ["down_proj"], ["gate.weight"],
              ["q_proj.weight"], ["o_proj.weight", "v_proj.weight"], ["nothing"]]


def some(rnd, names, most):
    return rnd.sample(names, rnd.randint(1, min(most, len(names))))


def targets(rnd, name, linears):
    layer = LAYERS.get(name, "layers")
    how = rnd.random()
    if how < 0.1:
        return {}
    if how < 0.25:
        return dict(target_modules=rnd.choice(["all-linear", "all-linear", "ALL-LINEAR"]))
    if how < 0.45:
        first, last = rnd.choice(linears), rnd.choice(linears)
        return dict(target_modules=rnd.choice([
            r".*\.%s" % first, r".*%s\.[02]\..*\.(%s|%s)$" % (layer, first, last), "(?i).*" + first.upper(), r".*\d.*" + last,
            "(?!.*\\.0\\.).*" + first, first, ".*_proj", ".*", ".*(%s)" % "|".join(linears)]))
    chosen = some(rnd, linears, 5)
    if how > 0.9:
        chosen.append(rnd.choice([EMBEDDING.get(name, "embed_tokens"), "lm_head"]))
    if how > 0.97:
        chosen.append(rnd.choice(["experts", "mlp", "norm", "nothing", ""]))
    if rnd.random() < 0.1:
        chosen = ["0." + rnd.choice(["self_attn.", "attn.", "mlp."]) + chosen[0].split(".")[-1]]
    return dict(target_modules=chosen)


def lora(rnd, name, linears):
    layer = LAYERS.get(name, "layers")
    out = dict(r=rnd.choice([1, 2, 3, 4, 8]), lora_alpha=rnd.choice([1, 16, 0.5]))
    if rnd.random() < 0.3:
        keys = [rnd.choice(linears), r".*\.1\..*" + rnd.choice(linears), r"%s\.0\..*" % layer, "^model.*", "proj", r".*o\w+"]
        out["rank_pattern"] = {key: rnd.choice([2, 5, 7]) for key in some(rnd, keys, 3)}
    if rnd.random() < 0.2:
        out["alpha_pattern"] = {rnd.choice(linears): 3}
    if rnd.random() < 0.15:
        out["use_rslora"] = True
    if rnd.random() < 0.15:
        out["use_dora"] = True
    if rnd.random() < 0.15:
        out["fan_in_fan_out"] = True
    if rnd.random() < 0.15:
        tokens = sorted(rnd.sample(range(160), 3))
        out["trainable_token_indices"] = rnd.choice([tokens, {EMBEDDING.get(name, "embed_tokens"): tokens}, {"lm_head": tokens}])
    if rnd.random() < 0.1:
        out["layer_replication"] = rnd.choice([[[0, 2], [1, 3]], [[0, 1], [0, 2]], [[1, 2]]])
    if rnd.random() < 0.15:
        out["target_parameters"] = rnd.choice(PARAMETERS)
    if rnd.random() < 0.05:
        out["ensure_weight_tying"] = True
    return out


def own(rnd, kind, name, linears):
    if kind == "LORA":
        return lora(rnd, name, linears)
    rank = rnd.choice([2, 4, 8])
    return {"ADALORA": dict(init_r=rank, r=4, target_r=2, total_step=100), "OFT": dict(r=0, oft_block_size=rank),
            "VERA": dict(r=rank, save_projection=False), "LOHA": dict(r=rank)}.get(kind, {})


def adapter(rnd, name):
    linears = LINEARS.get(name, GATED)
    layer = LAYERS.get(name, "layers")
    kind = rnd.choice(KINDS)
    out = dict(peft_type=kind, task_type="CAUSAL_LM", **own(rnd, kind, name, linears))
    if kind != "LN_TUNING" or rnd.random() < 0.4:
        out.update(targets(rnd, name, linears) if kind != "LN_TUNING" else dict(target_modules=some(rnd, NORMS, 3)))
    if kind == "IA3" and "target_modules" in out and isinstance(out["target_modules"], list):
        out["feedforward_modules"] = rnd.choice([[], out["target_modules"][:1]])
    if kind in ("LORA", "ADALORA", "LOHA", "VERA", "OFT") and rnd.random() < 0.25:
        out["layers_to_transform"] = rnd.choice([[0], 1, [0, 2], [1, 9], [0, 1, 2]])
        if rnd.random() < 0.6:
            out["layers_pattern"] = rnd.choice([layer, [layer], "blocks", ["h", "layers"], "lay"])
    if kind in ("LORA", "ADALORA", "VERA", "OFT") and rnd.random() < 0.3:
        out["bias"] = rnd.choice(["all", "lora_only" if "LORA" in kind else kind.lower() + "_only"])
    if kind not in ("VERA",) and rnd.random() < 0.2:
        out["exclude_modules"] = rnd.choice([[rnd.choice(linears)], r".*\.0\..*", ["1." + rnd.choice(linears)], "nothing",
                                             r".*\.(1|2)\..*proj", ["mlp"], []])
    if rnd.random() < 0.2:
        out["modules_to_save"] = rnd.choice([["lm_head"], [EMBEDDING.get(name, "embed_tokens")], some(rnd, NORMS, 2),
                                             [EMBEDDING.get(name, "embed_tokens"), "lm_head"], [rnd.choice(linears)], ["0.mlp"]])
    return out


def main(seed, count, path):
    rnd = random.Random(seed)
    names = list(MODELS)
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        for i in range(count):
            name = names[i % len(names)]
            fields = adapter(rnd, name)
            row = ["%s-%s-%d" % (fields["peft_type"].lower(), name, i), json.dumps(MODELS[name]), json.dumps(fields),
                   *run(MODELS[name], fields)]
            out.write(("\t".join(row) + "\n").encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
