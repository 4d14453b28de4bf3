"""Which modules PEFT adapts with LoRA: the expected values of TargetsReferenceTest.

    pip install torch==2.13.0 transformers==5.18.0 peft==0.21.0
    python peft_targets.py > ../resources/dev/llmmem/workload/peft-targets.tsv

Small models of real classes, on the meta device. Lines, separated by tabs:
    model      key, model type, tied or untied, hidden size, vocabulary, longest sequence
    parameter  name, kind, shape            (of the last model)
    default    what PEFT chooses for the model type, or none
    case       targets, modules that get an adapter or "refused", what of it llmmem does not model or "-"
"""

import warnings

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from peft.utils.constants import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING
from transformers import AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()

SMALL = dict(vocab_size=64, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=24,
             max_position_embeddings=32)
GROUPED = dict(SMALL, num_key_value_heads=1)

MODELS = {
    "llama": ("LlamaConfig", dict(GROUPED, tie_word_embeddings=False)),
    "llama-tied": ("LlamaConfig", dict(GROUPED, tie_word_embeddings=True)),
    "qwen2": ("Qwen2Config", dict(GROUPED, tie_word_embeddings=False)),
    "gemma3": ("Gemma3TextConfig", dict(GROUPED, head_dim=8)),
    "gpt2": ("GPT2Config", dict(vocab_size=64, n_embd=16, n_layer=3, n_head=2, n_positions=32)),
    "gpt_neox": ("GPTNeoXConfig", SMALL),
    "phi": ("PhiConfig", SMALL),
    "opt-350m": ("OPTConfig", dict(vocab_size=64, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, ffn_dim=24,
                                   max_position_embeddings=32, word_embed_proj_dim=8, do_layer_norm_before=False)),
    "mixtral": ("MixtralConfig", dict(GROUPED, num_local_experts=2, tie_word_embeddings=False)),
    "qwen2_moe": ("Qwen2MoeConfig", dict(GROUPED, num_experts=2, moe_intermediate_size=8,
                                         shared_expert_intermediate_size=8)),
    "qwen3_moe": ("Qwen3MoeConfig", dict(GROUPED, num_experts=2, moe_intermediate_size=8, head_dim=8)),
    "gpt_oss": ("GptOssConfig", dict(GROUPED, num_local_experts=2, head_dim=8)),
}

CASES = [
    "default", "all-linear", "named:q_proj,v_proj", "named:proj", "named:_proj", "named:self_attn.q_proj",
    "named:c_attn,c_proj", "named:attn.c_proj", "named:query_key_value", "named:gate_proj,up_proj,down_proj",
    "named:gate", "named:w1,w2,w3", "named:experts", "named:gate_up_proj", "named:shared_expert.down_proj", "named:lm_head",
    "named:q_proj,lm_head", "named:embed_tokens", "named:wte", "named:norm", "named:self_attn", "named:layers",
    "named:q_proj,nothing", "named:nothing", "named:0.self_attn.q_proj", "named:layers.1.mlp",
    "named:model.layers.0.self_attn.q_proj,model.layers.1.self_attn.q_proj,model.layers.2.self_attn.q_proj",
    r"pattern:q_proj", r"pattern:.*\.q_proj", r"pattern:model\.layers\.\d+\.self_attn\.(q|k)_proj",
    r"pattern:model\.layers\.[01]\..*_proj", r"pattern:.*attn\.c_attn", r"pattern:.*", r"pattern:.*mlp.*",
    r"pattern:.*lm_head", "named:project_in,project_out", "named:fc1,fc2",
]


def kind(module, name):
    if name.rsplit(".", 1)[-1] == "bias":
        return "BIAS"
    if isinstance(module, torch.nn.Linear):
        return "LINEAR"
    if isinstance(module, Conv1D):
        return "CONV1D"
    if isinstance(module, torch.nn.Embedding):
        return "EMBEDDING"
    if "Norm" in type(module).__name__:
        return "NORM"
    return "EXPERTS" if "Experts" in type(module).__name__ else "OTHER"


def build(key):
    name, options = MODELS[key]
    config = getattr(transformers, name)(**options)
    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(config)


def targets(case):
    if case == "default":
        return None
    if case == "all-linear":
        return case
    form, text = case.split(":", 1)
    return text.split(",") if form == "named" else text


def adapted(key, case):
    model = build(key)
    modules = dict(model.named_modules())
    tied = model.config.tie_word_embeddings
    try:
        tuned = get_peft_model(model, LoraConfig(r=2, target_modules=targets(case), task_type="CAUSAL_LM"))
    except Exception:
        return "refused", "-"
    names = tuned.base_model.targeted_module_names
    if tuned.base_model.targeted_parameter_names:
        return ",".join(names + tuned.base_model.targeted_parameter_names), "experts"
    if any(isinstance(modules[n], torch.nn.Embedding) for n in names):
        return ",".join(names), "embedding"
    if tied and "lm_head" in names:
        return ",".join(names), "shared"
    layers = {}
    for n in names:
        parts = n.split(".")
        index = next((i for i, part in enumerate(parts) if part.isdigit()), None)
        if index is not None:
            layers.setdefault(".".join(parts[:index] + ["{i}"] + parts[index + 1:]), set()).add(parts[index])
    differ = any(len(found) < model.config.num_hidden_layers for found in layers.values())
    return ",".join(names), "layers" if differ else "-"


def main():
    print(f"# torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}, peft {peft.__version__}")
    for key in MODELS:
        model = build(key)
        c = model.config
        positions = getattr(c, "max_position_embeddings", None) or c.n_positions
        print("model", key, c.model_type, "tied" if c.tie_word_embeddings else "untied", c.hidden_size, c.vocab_size,
              positions, sep="\t")
        modules = dict(model.named_modules())
        for name, parameter in model.named_parameters():
            print("parameter", name, kind(modules[name.rsplit(".", 1)[0]], name), ",".join(map(str, parameter.shape)),
                  sep="\t")
        chosen = TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING.get(c.model_type)
        print("default", ",".join(chosen) if isinstance(chosen, list) else chosen or "none", sep="\t")
        for case in CASES:
            print("case", case, *adapted(key, case), sep="\t")


main()
