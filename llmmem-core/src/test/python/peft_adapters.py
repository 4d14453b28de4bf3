"""Writes adapters.tsv.gz: random adapters over small models as PEFT builds them.

Made with peft 0.21.0, transformers 5.18.0, torch 2.13.0:

    python peft_adapters.py SEED COUNT OUT.tsv.gz

A row: id, model (config.json), adapter (adapter_config.json), trained parameters or what PEFT says instead, the digest of the
shapes of what is trained, the digest of what is stored (or -). Digests are the first 16 digits of SHA-256 over sorted lines.
The base has 16-bit weights, so that it shows what PEFT keeps in fp32.
"""

import gzip
import hashlib
import json
import random
import sys
import warnings

import torch
import transformers
from peft import PeftConfig, get_peft_model, get_peft_model_state_dict
from transformers import AutoConfig, AutoModelForCausalLM

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()

MODELS = {
    "llama": dict(model_type="llama", hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4,
                  num_key_value_heads=2, vocab_size=160, max_position_embeddings=64),
    "llama-tied": dict(model_type="llama", hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
                       num_key_value_heads=4, vocab_size=160, max_position_embeddings=64, tie_word_embeddings=True,
                       attention_bias=True),
    "mistral": dict(model_type="mistral", hidden_size=96, intermediate_size=192, num_hidden_layers=2, num_attention_heads=4,
                    num_key_value_heads=2, vocab_size=160, head_dim=32, max_position_embeddings=64),
    "qwen2": dict(model_type="qwen2", hidden_size=64, intermediate_size=192, num_hidden_layers=2, num_attention_heads=4,
                  num_key_value_heads=2, vocab_size=160, max_position_embeddings=64),
    "gpt2": dict(model_type="gpt2", n_embd=64, n_layer=2, n_head=4, vocab_size=160, n_positions=64),
    "phi3": dict(model_type="phi3", hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
                 num_key_value_heads=2, vocab_size=160, max_position_embeddings=64, pad_token_id=0),
    "gemma": dict(model_type="gemma", hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
                  num_key_value_heads=1, head_dim=32, vocab_size=160, max_position_embeddings=64),
    "bloom": dict(model_type="bloom", hidden_size=64, n_layer=2, n_head=4, vocab_size=160),
    "gpt_neox": dict(model_type="gpt_neox", hidden_size=64, intermediate_size=128, num_hidden_layers=2,
                     num_attention_heads=4, vocab_size=160, max_position_embeddings=64),
    "opt": dict(model_type="opt", hidden_size=64, ffn_dim=128, num_hidden_layers=2, num_attention_heads=4, vocab_size=160,
                word_embed_proj_dim=64, max_position_embeddings=64),
    "falcon": dict(model_type="falcon", hidden_size=64, num_hidden_layers=2, num_attention_heads=4, vocab_size=160,
                   multi_query=True),
    "qwen3_moe": dict(model_type="qwen3_moe", hidden_size=64, intermediate_size=96, moe_intermediate_size=32, num_experts=4,
                      num_experts_per_tok=2, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
                      vocab_size=160, max_position_embeddings=64),
    "gpt_oss": dict(model_type="gpt_oss", hidden_size=64, intermediate_size=48, num_local_experts=4, num_experts_per_tok=2,
                    num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16, vocab_size=160,
                    max_position_embeddings=64),
}
LINEARS = {
    "gpt2": ["c_attn", "attn.c_proj", "mlp.c_proj", "c_fc"],
    "phi3": ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
    "bloom": ["query_key_value", "self_attention.dense", "dense_h_to_4h", "dense_4h_to_h"],
    "gpt_neox": ["query_key_value", "attention.dense", "dense_h_to_4h", "dense_4h_to_h"],
    "opt": ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"],
    "falcon": ["query_key_value", "self_attention.dense", "dense_h_to_4h", "dense_4h_to_h"],
    "qwen3_moe": ["q_proj", "k_proj", "v_proj", "o_proj"],
    "gpt_oss": ["q_proj", "k_proj", "v_proj", "o_proj"],
}
LLAMA = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
EMBEDDING = {"gpt2": "wte", "bloom": "word_embeddings", "gpt_neox": "embed_in", "falcon": "word_embeddings"}
HEAD = {"gpt_neox": "embed_out"}
PROMPTS = ["PROMPT_TUNING", "PREFIX_TUNING", "P_TUNING", "MULTITASK_PROMPT_TUNING", "CARTRIDGE"]
WHOLE = PROMPTS + ["CPT", "ADAPTION_PROMPT"]
TYPES = ("LORA LORA LORA LORA LORA LORA LORA LORA ADALORA IA3 IA3 VERA BOFT FOURIERFT LN_TUNING LOHA LOKR LOKR OFT RANDLORA "
         "TRAINABLE_TOKENS VBLORA BEFT C3A DEFT DELORA FROD GLORA GRALORA HIRA HRA LILY MISS OSF PEANUT POLY PSOFT PVERA ROAD "
         "SHIRA SUPERTUNING TINYLORA UNILORA WAVEFT").split() + WHOLE
LAYERED = ("LORA ADALORA VERA BOFT FOURIERFT LOHA LOKR OFT RANDLORA VBLORA C3A DEFT DELORA FROD GRALORA HIRA HRA LILY MISS "
           "PEANUT PSOFT PVERA TINYLORA UNILORA WAVEFT").split()
BIASED = "LORA ADALORA VERA BOFT FOURIERFT OFT RANDLORA VBLORA C3A DEFT DELORA FROD GLORA GRALORA HRA MISS PVERA TINYLORA".split()
EXCLUDING = "LORA ADALORA IA3 BOFT FOURIERFT LN_TUNING LOHA LOKR OFT VBLORA DEFT DELORA HIRA HRA LILY MISS PEANUT PSOFT".split()


def layers_name(model):
    return {"gpt2": "h", "bloom": "h", "falcon": "h"}.get(model, "layers")


def own(rnd, kind, model, linears):
    pick = rnd.choice
    r = pick([1, 2, 3, 4, 6, 8, 16])
    ranks = {pick(linears): pick([2, 5, 7]), ".*\\.1\\..*" + pick(linears): 3} if rnd.random() < 0.3 else {}
    table = {
        "ADALORA": dict(init_r=r, r=8, target_r=4, total_step=100),
        "VERA": dict(r=r, save_projection=pick([True, True, False])),
        "PVERA": dict(r=r),
        "BOFT": pick([dict(boft_block_size=pick([2, 4, 8])), dict(boft_block_size=0, boft_block_num=pick([2, 4, 8]))]),
        "FOURIERFT": dict(n_frequency=pick([10, 33, 200]), n_frequency_pattern={linears[0]: 17} if rnd.random() < 0.3 else {}),
        "WAVEFT": dict(n_frequency=pick([10, 33, 200]), proportional_parameters=pick([True, False]),
                       n_frequency_pattern={linears[0]: 17} if rnd.random() < 0.3 else {}),
        "LOHA": dict(r=r, rank_pattern=ranks),
        "LOKR": dict(r=r, rank_pattern=ranks, decompose_factor=pick([-1, -1, 2, 3, 5, 7, 16]), decompose_both=pick([True, False])),
        "OFT": pick([dict(r=pick([2, 4, 5, 8]), oft_block_size=0), dict(r=0, oft_block_size=pick([4, 7, 8, 32])), {}]),
        "RANDLORA": dict(r=r),
        "VBLORA": dict(r=r, num_vectors=pick([8, 30]), vector_length=pick([4, 8, 16, 32])),
        "C3A": dict(block_size=pick([4, 8, 16, 32]), block_size_pattern={linears[0]: 2} if rnd.random() < 0.3 else {}),
        "DEFT": dict(r=pick([r, 300]), para=pick([True, False])),
        "DELORA": dict(r=r, rank_pattern=ranks),
        "FROD": dict(sparse_rate=pick([0.0, 0.01, 0.02, 0.0001, 0.3]), progressbar=False),
        "GLORA": dict(r=r, config_A_B=pick(["lora", "vector", "constant", "none"]), config_C=pick(["lora", "vector", "none"]),
                      config_D_E=pick(["constant", "vector", "none"])),
        "GRALORA": dict(r=pick([4, 8, 16]), hybrid_r=pick([0, 0, 2, 5]), gralora_k=pick([1, 2, 4])),
        "HIRA": dict(r=r, rank_pattern=ranks),
        "HRA": dict(r=r),
        "LILY": dict(r=r, stride_A=pick([1, 2, 3]), num_B=pick([1, 2, 3])),
        "MISS": dict(r=pick([2, 4, 8, 16, 32]), init_weights=pick([True, False, "bat", "mini"]), mini_r=pick([1, 2, 8])),
        "OSF": dict(effective_rank=pick([None, 3, 16, 0.25, 500])),
        "PEANUT": dict(r=r, depth=pick([0, 1, 2])),
        "POLY": dict(r=r, n_tasks=pick([1, 3]), n_skills=pick([2, 4]), n_splits=pick([1, 2, 4])),
        "PSOFT": dict(r=r, psoft_orth=pick([True, True, False]), psoft_mag_a=pick([True, False]), psoft_mag_b=pick([True, False])),
        "ROAD": dict(variant=pick(["road_1", "road_2", "road_4"]), group_size=pick([2, 8, 16, 32])),
        "SHIRA": dict(r=r),
        "SUPERTUNING": dict(sparsity=pick([0.99, 0.9, 0.123]), **pick([{}, dict(r=3, lora_alpha=4)])),
        "TINYLORA": dict(u=pick([8, 64]), weight_tying=pick([0.0, 0.3, 0.5, 0.75, 1.0])),
        "UNILORA": dict(r=r, theta_d_length=pick([16, 256])),
        "PROMPT_TUNING": dict(num_virtual_tokens=pick([1, 7, 20])),
        "PREFIX_TUNING": dict(num_virtual_tokens=pick([1, 7, 20]), prefix_projection=pick([True, False]),
                              encoder_hidden_size=pick([None, 24])),
        "P_TUNING": dict(num_virtual_tokens=pick([1, 7, 20]), encoder_hidden_size=pick([None, 24]),
                         encoder_reparameterization_type=pick(["MLP", "LSTM"]), encoder_num_layers=pick([1, 2, 3])),
        "MULTITASK_PROMPT_TUNING": dict(num_virtual_tokens=pick([1, 7]), num_tasks=pick([1, 3]), num_ranks=pick([1, 2])),
        "CARTRIDGE": dict(num_virtual_tokens=pick([4, 7]), num_frozen_tokens=pick([0, 1, 2])),
        "CPT": dict(cpt_token_ids=[1, 2, 3, 4], cpt_mask=[1] * 4, cpt_tokens_type_mask=[1, 2, 3, 4]),
        "ADAPTION_PROMPT": dict(adapter_len=pick([3, 10]), adapter_layers=pick([1, 2])),
        "TRAINABLE_TOKENS": dict(token_indices=sorted(rnd.sample(range(160), pick([1, 4])))),
    }
    if kind == "LORA":
        out = dict(r=r, lora_alpha=pick([4, 16]), rank_pattern=ranks, use_rslora=pick([True, False]))
        extra = rnd.random()
        if extra < 0.2:
            out["use_dora"] = True
        elif extra < 0.3:
            out["lora_bias"] = True
        elif extra < 0.35:
            out["init_lora_weights"] = "mica"
        elif extra < 0.4:
            out["kasa_config"] = {}
        elif extra < 0.45:
            out["use_bdlora"] = dict(target_modules_bd_a=linears[:2], target_modules_bd_b=linears[2:], nblocks=2)
            out["r"] = 8
            out["rank_pattern"] = {}
        elif extra < 0.55:
            out["init_lora_weights"] = pick(["gaussian", "olora", "pissa", "orthogonal", False])
        elif extra < 0.65:
            tokens = sorted(rnd.sample(range(160), 3))
            out["trainable_token_indices"] = pick([tokens, {EMBEDDING.get(model, "embed_tokens"): tokens}])
        if model in ("qwen3_moe", "gpt_oss") and rnd.random() < 0.7:
            out = dict(r=r, lora_alpha=8, target_parameters=pick([["mlp.experts.gate_up_proj"],
                       ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"], ["experts.down_proj"]]))
        return out
    return table.get(kind, {})


def targets(rnd, kind, model, linears):
    how = rnd.random()
    if kind in ("LN_TUNING", "TRAINABLE_TOKENS"):
        return {}
    if kind == "LILY":
        return dict(target_modules=pick_some(rnd, linears)) if how < 0.8 else {}
    if kind == "IA3":
        if how < 0.4:
            return {}
        chosen = pick_some(rnd, linears)
        return dict(target_modules=chosen, feedforward_modules=rnd.choice([[], chosen[:1], chosen]))
    if how < 0.2:
        return {}
    if how < 0.3:
        return dict(target_modules="all-linear")
    if how < 0.42:
        layer = layers_name(model)
        return dict(target_modules=rnd.choice([".*\\.%s\\.[01]\\..*(%s)" % (layer, "|".join(linears[:2])),
                                               ".*(%s)$" % linears[-1], ".*%s\\.(0|2)\\.[a-z_]*\\.%s" % (layer, linears[0])]))
    chosen = pick_some(rnd, linears)
    if kind in ("LORA", "HIRA", "TINYLORA") and how > 0.85:
        chosen.append(rnd.choice([EMBEDDING.get(model, "embed_tokens"), HEAD.get(model, "lm_head")]))
    if how > 0.97:
        chosen.append(rnd.choice(["mlp", "norm", "nothing"]))
    return dict(target_modules=chosen)


def pick_some(rnd, linears):
    return rnd.sample(linears, rnd.randint(1, min(4, len(linears))))


def adapter(rnd, kind, name):
    model = MODELS[name]["model_type"]
    linears = LINEARS.get(model, LLAMA)
    out = dict(peft_type=kind, task_type="CAUSAL_LM")
    out.update(own(rnd, kind, model, linears))
    if kind in WHOLE:
        return out
    out.update(targets(rnd, kind, model, linears))
    if kind in LAYERED and isinstance(out.get("target_modules", []), list) and rnd.random() < 0.25:
        out["layers_to_transform"] = rnd.choice([[0], [1], 1, [0, 1], [0, 7]])
        if rnd.random() < 0.3:
            out["layers_pattern"] = rnd.choice([layers_name(model), [layers_name(model)], "blocks"])
    if kind in BIASED and rnd.random() < 0.35:
        out["bias"] = rnd.choice(["all", {"LORA": "lora_only", "ADALORA": "lora_only"}.get(kind, kind.lower() + "_only")])
    if kind in EXCLUDING and rnd.random() < 0.2:
        out["exclude_modules"] = rnd.choice([[linears[0]], ".*\\.0\\..*", ["0." + linears[0]]])
    if kind not in ("TRAINABLE_TOKENS", "OSF") and rnd.random() < 0.2:
        out["modules_to_save"] = rnd.choice([[HEAD.get(model, "lm_head")], [EMBEDDING.get(model, "embed_tokens")],
                                             ["norm"], ["ln_f", "final_layer_norm"],
                                             [EMBEDDING.get(model, "embed_tokens"), HEAD.get(model, "lm_head")]])
    return out


def build(config, device):
    fields = dict(config)
    config = AutoConfig.for_model(fields.pop("model_type"), **fields)
    with torch.device(device):
        return AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)


def digest(lines):
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def line(name, tensor):
    return "%s %s %s" % (name, ",".join(map(str, tensor.shape)), "fp32" if tensor.dtype == torch.float32 else "16")


def attempt(config, fields, device):
    with torch.device(device):
        model = get_peft_model(build(config, device), PeftConfig.from_peft_type(inference_mode=False, **fields))
    trained = [p for p in model.parameters() if p.requires_grad]
    try:
        stored = digest(line(n, t) for n, t in get_peft_model_state_dict(model).items())
    except Exception:
        stored = "-"
    return str(model.get_nb_trainable_parameters()[0]), digest(line("", p) for p in trained), stored


def run(config, fields):
    for device in ("meta", "cpu"):
        try:
            torch.manual_seed(0)
            return attempt(config, fields, device)
        except Exception as e:
            if device == "cpu" or not any(word in str(e).lower() for word in ("meta", "no data", "svd", "not implemented for")):
                return type(e).__name__ + ": " + " ".join(str(e).split())[:120], "-", "-"


def main(seed, count, path):
    rnd = random.Random(seed)
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        for i in range(count):
            name = rnd.choice(list(MODELS))
            kind = TYPES[i % len(TYPES)]
            fields = adapter(rnd, kind, name)
            row = ["%s-%s-%d" % (kind.lower(), name, i), json.dumps(MODELS[name]), json.dumps(fields), *run(MODELS[name], fields)]
            out.write(("\t".join(row) + "\n").encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
