"""As huggingface_variants.py, for encoders and models of an encoder and a decoder: the class is the one that is named.

    python huggingface_variants_encoders.py ../resources/dev/llmmem/formats/variants-encoders.jsonl.gz
"""

import collections
import gzip
import json
import re
import sys

import torch
import transformers
from transformers import AutoConfig

SMALL = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 5, "num_attention_heads": 4, "vocab_size": 128,
         "max_position_embeddings": 40}
DISTIL = {"dim": 64, "hidden_dim": 96, "n_layers": 2, "n_heads": 4, "vocab_size": 128, "max_position_embeddings": 40}
T5 = {"d_model": 64, "d_kv": 24, "d_ff": 96, "num_layers": 3, "num_heads": 4, "vocab_size": 128}
BART = {"d_model": 64, "encoder_layers": 3, "decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 2,
        "encoder_ffn_dim": 96, "decoder_ffn_dim": 80, "vocab_size": 128}
NAMES = {"bert": "Bert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta", "electra": "Electra", "albert": "Albert",
         "distilbert": "DistilBert", "t5": "T5", "mt5": "MT5", "umt5": "UMT5", "longt5": "LongT5", "bart": "Bart",
         "mbart": "MBart", "pegasus": "Pegasus", "blenderbot": "Blenderbot", "m2m_100": "M2M100", "whisper": "Whisper"}
LABELS = {"id2label": {"0": "a", "1": "b", "2": "c"}}
WORDS = ["Model", "ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering"]

VARIANTS = []
for kind in ["bert", "roberta", "xlm-roberta", "electra", "albert", "distilbert"]:
    small = DISTIL if kind == "distilbert" else SMALL
    more = ["ForPreTraining"] if kind in ("bert", "electra", "albert") else []
    VARIANTS += [(kind, small, ending, {}) for ending in WORDS + more]
    VARIANTS += [(kind, small, "ForMaskedLM", {"tie_word_embeddings": False}),
                 (kind, small, "ForSequenceClassification", LABELS),
                 (kind, {}, "ForMaskedLM", {})]
VARIANTS += [
    ("bert", SMALL, "ForPreTraining", {"tie_word_embeddings": False, "type_vocab_size": 3}),
    ("roberta", SMALL, "Model", {"type_vocab_size": 1, "pad_token_id": 3}),
    ("electra", SMALL, "ForMaskedLM", {"embedding_size": 64, "hidden_act": "relu"}),
    ("albert", SMALL, "ForMaskedLM", {"embedding_size": 32, "num_hidden_groups": 2}),
    ("albert", SMALL, "Model", {"num_hidden_groups": 5}),
    ("albert", SMALL, "ForPreTraining", {"embedding_size": 64, "num_hidden_groups": 3, "tie_word_embeddings": False}),
    ("distilbert", {**SMALL, "hidden_dim": 100}, "Model", {"sinusoidal_pos_embds": True}),
]
for kind in ["t5", "mt5", "umt5", "longt5"]:
    VARIANTS += [(kind, T5, "ForConditionalGeneration", {"num_decoder_layers": 2}),
                 (kind, T5, "ForConditionalGeneration", {"tie_word_embeddings": False, "feed_forward_proj": "gated-silu"}),
                 (kind, T5, "Model", {"feed_forward_proj": "gelu", "relative_attention_num_buckets": 16}),
                 (kind, {}, "ForConditionalGeneration", {})]
    if kind != "longt5":
        VARIANTS.append((kind, T5, "EncoderModel", {"num_decoder_layers": 2}))
VARIANTS += [("longt5", T5, "ForConditionalGeneration", {"encoder_attention_type": "transient-global"})]
for kind in ["bart", "mbart", "pegasus", "blenderbot", "m2m_100", "whisper"]:
    VARIANTS += [(kind, BART, "ForConditionalGeneration", {}),
                 (kind, BART, "ForConditionalGeneration", {"tie_word_embeddings": False}),
                 (kind, BART, "Model", {"activation_function": "relu"}),
                 (kind, {}, "ForConditionalGeneration", {})]
VARIANTS += [
    ("bart", BART, "ForSequenceClassification", {}),
    ("bart", BART, "ForSequenceClassification", LABELS),
    ("mbart", BART, "ForSequenceClassification", {"tie_word_embeddings": False, "max_position_embeddings": 24}),
    ("whisper", BART, "Model", {"num_mel_bins": 128, "max_source_positions": 20, "max_target_positions": 12}),
]

# The number of the layer is replaced, those of parts inside it and of groups of layers are kept.
LAYER = re.compile(r"\.(layer|layers|block)\.\d+\.")


def described(kind, fields, name):
    padding = {"pad_token_id": 0} if kind == "whisper" else {}
    config = AutoConfig.for_model(kind, **padding, **json.loads(json.dumps(fields)))
    with torch.device("meta"):
        model = getattr(transformers, name)(config)
    return parameters(model)


def parameters(model):
    tied = model.all_tied_weights_keys
    folded = collections.OrderedDict()
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if name not in tied:
            key = (LAYER.sub(r".\1.{i}.", name, count=1), tuple(parameter.shape))
            folded[key] = folded.get(key, 0) + 1
    total = sum(p.numel() for p in model.parameters())
    assert total == sum(count * torch.Size(shape).numel() for (_, shape), count in folded.items())
    return {
        "total": total,
        "tied": any("embed_tokens" not in name for name in tied),
        "parameters": [[name, list(shape), count] for (name, shape), count in folded.items()],
    }


def layers(kind, fields, name):
    config = AutoConfig.for_model(kind, **fields)
    decoder = getattr(config, "decoder_layers", None) or getattr(config, "num_decoder_layers", None)
    number = decoder if decoder and not name.endswith("EncoderModel") else config.num_hidden_layers
    return [[None, 0]] * number


def main(path):
    assert transformers.__version__ == "5.18.0", transformers.__version__
    rows = []
    for i, (kind, small, ending, change) in enumerate(VARIANTS):
        name = NAMES[kind] + ending
        fields = {**small, **change}
        config = {"model_type": kind, "architectures": [name], **fields}
        rows.append({"name": f"{i:03d}-{kind}", "config": config, **described(kind, fields, name),
                     "layers": layers(kind, fields, name)})
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        for row in rows:
            out.write((json.dumps(row, separators=(",", ":")) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1])
