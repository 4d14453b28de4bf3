package dev.llmmem.memory;

import dev.llmmem.memory.trace.FlashAttention2;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.units.DType;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.Set;

/** Where the rule for each item of a job's memory comes from. */
final class Sources {

    private static final Set<String> LOSS = Set.of("loss", "head and loss");
    private static final String MODELING =
            "the modeling code of transformers 5.18 on PyTorch 2.13: what it makes, and what "
                    + "tools/autograd/derivatives.yaml saves of it";

    private final Workload job;

    Sources(Workload job) {
        this.job = job;
    }

    /**
     * The rule for an item.
     *
     * @param types the formats of its tensors
     */
    String of(MemoryKind kind, String name, Set<DType> types) {
        if (name.equals(Products.UNPACKED)) {
            return "bitsandbytes unpacks the weight of a layer into the compute format in each pass";
        }
        return switch (kind) {
            case WEIGHTS, FROZEN_WEIGHTS -> weights(kind, name, types);
            case BUFFERS -> "registered buffers of transformers 5.18";
            case INPUTS -> "token ids, 8 bytes each (torch.int64)";
            case OPTIMIZER_STATES -> optimizer() + ": its states";
            case GRADIENTS -> "torch.autograd, AccumulateGrad: one tensor of each trained parameter's format";
            case KEY_VALUE_CACHE -> "transformers 5.18, cache_utils.py, DynamicCache";
            case ACTIVATIONS -> activations(name, types);
            case BACKWARD_TEMPORARIES ->
                "PyTorch 2.13, torch/csrc/autograd/engine.cpp and tools/autograd/derivatives.yaml";
            case STEP_TEMPORARIES -> optimizer() + ": what its step makes";
        };
    }

    private String weights(MemoryKind kind, String name, Set<DType> types) {
        if (name.equals("adapters")) {
            return adapters();
        }
        String inventory = "parameter inventory of transformers 5.18, one storage a tensor";
        if (job.quantization().isEmpty() || kind != MemoryKind.FROZEN_WEIGHTS) {
            return inventory;
        }
        Quantization how = job.quantization().get();
        if (types.contains(DType.UINT8) || types.contains(DType.INT8)) {
            return inventory + "; packed as " + how.format() + " by bitsandbytes, with its scales (arXiv "
                    + (how.format() == DType.INT8 ? "2208.07339)" : "2305.14314)");
        }
        return how.prepared() && types.equals(Set.of(DType.FP32))
                ? inventory + "; in fp32 since PEFT's prepare_model_for_kbit_training casts what is not packed "
                        + "(peft/utils/other.py)"
                : inventory;
    }

    private String adapters() {
        Strategy strategy = job.strategy();
        if (strategy instanceof Strategy.Bottleneck) {
            return "LLM-Adapters, peft/tuners/bottleneck.py (arXiv 2304.01933)";
        }
        if (strategy instanceof Strategy.Ia3) {
            return "PEFT 0.21, tuners/ia3 (arXiv 2205.05638)";
        }
        if (strategy instanceof Strategy.PromptTuning) {
            return "PEFT 0.21, tuners/prompt_tuning (arXiv 2104.08691)";
        }
        if (strategy instanceof Strategy.PTuning) {
            return "PEFT 0.21, tuners/p_tuning (arXiv 2103.10385)";
        }
        if (strategy instanceof Strategy.PrefixTuning) {
            return "PEFT 0.21, tuners/prefix_tuning (arXiv 2101.00190)";
        }
        return "PEFT 0.21, tuners/lora (arXiv 2106.09685)";
    }

    private String activations(String name, Set<DType> types) {
        if (name.equals(FlashAttention2.SITE)) {
            return "flash-attn 2.8, csrc/flash_attn/flash_api.cpp (arXiv 2307.08691)";
        }
        if (LOSS.contains(name) && job.lossKernel() != LossKernel.EAGER) {
            return "liger-kernel 0.8, ops (arXiv 2410.10989)";
        }
        return job.quantization().filter(Quantization::prepared).isPresent() && types.contains(DType.FP32)
                ? MODELING
                        + "; in fp32 where the residual stream is, which begins with the embedding that PEFT prepared"
                : MODELING;
    }

    private String optimizer() {
        Optimizer optimizer = job.optimizer();
        if (optimizer instanceof Optimizer.AdamW) {
            return "torch.optim.AdamW of PyTorch 2.13 (arXiv 1711.05101)";
        }
        if (optimizer instanceof Optimizer.AdamW8bit || optimizer instanceof Optimizer.Lion8bit) {
            return "bitsandbytes 0.50, optim, 8-bit states in blocks of 256 (arXiv 2110.02861)";
        }
        if (optimizer instanceof Optimizer.AdamW32bit || optimizer instanceof Optimizer.Lion32bit) {
            return "bitsandbytes 0.50, optim, 32-bit states";
        }
        if (optimizer instanceof Optimizer.Lion) {
            return "lion-pytorch 0.2.3 (arXiv 2302.06675)";
        }
        if (optimizer instanceof Optimizer.AdamMini) {
            return "adam-mini 1.1.1 (arXiv 2406.16793)";
        }
        if (optimizer instanceof Optimizer.GaLore) {
            return "galore-torch 1.0 (arXiv 2403.03507)";
        }
        if (optimizer instanceof Optimizer.Adafactor) {
            return "transformers 5.18, optimization.py, Adafactor (arXiv 1804.04235)";
        }
        if (optimizer instanceof Optimizer.Muon) {
            return "torch.optim.Muon of PyTorch 2.13, and its AdamW for the rest";
        }
        return "torch.optim of PyTorch 2.13";
    }
}
