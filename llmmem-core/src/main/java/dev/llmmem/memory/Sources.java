package dev.llmmem.memory;

import dev.llmmem.memory.trace.Products;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Workload;
import java.util.Optional;
import java.util.Set;

/** Where the rule for each item of a job's memory comes from. */
final class Sources {

    /** The parts of a model whose weights are packed. */
    private static final Set<String> PACKED = Set.of("attention", "feed-forward");

    private final Optional<Quantization> quantization;

    Sources(Workload job) {
        this.quantization = job.quantization();
    }

    String of(MemoryKind kind, String name) {
        String special = quantization.map(how -> special(kind, name, how)).orElse("");
        return special.isEmpty() ? general(kind) : general(kind) + "; " + special;
    }

    /** What quantization, which takes memory away, adds elsewhere. */
    private static String special(MemoryKind kind, String name, Quantization how) {
        if (name.equals(Products.UNPACKED)) {
            return "bitsandbytes unpacks the weight of a layer into the compute format in each pass";
        }
        if (kind == MemoryKind.FROZEN_WEIGHTS && PACKED.contains(name)) {
            return "packed as " + how.format() + " by bitsandbytes, with its scales (arXiv 2305.14314)";
        }
        if (how.prepared() && kind == MemoryKind.FROZEN_WEIGHTS) {
            return "in fp32 since PEFT's prepare_model_for_kbit_training casts what is not packed (peft/utils/other.py)";
        }
        return how.prepared() && kind == MemoryKind.ACTIVATIONS
                ? "in fp32 where the residual stream is, which begins with the embedding that PEFT prepared"
                : "";
    }

    private static String general(MemoryKind kind) {
        return switch (kind) {
            case WEIGHTS, FROZEN_WEIGHTS ->
                "parameter inventory of transformers 5.18, one storage a tensor; adapters as in "
                        + "PEFT 0.21 and arXiv 2106.09685";
            case BUFFERS -> "registered buffers of transformers 5.18";
            case INPUTS -> "token ids, 8 bytes each (torch.int64)";
            case OPTIMIZER_STATES ->
                "torch.optim 2.13: states have the format of their parameter (arXiv 1711.05101 for AdamW)";
            case GRADIENTS -> "torch.autograd, AccumulateGrad: one tensor of each trained parameter's format";
            case KEY_VALUE_CACHE -> "transformers 5.18, cache_utils.py, DynamicCache";
            case ACTIVATIONS ->
                "the modeling code of transformers 5.18 on PyTorch 2.13: what it makes, and what "
                        + "tools/autograd/derivatives.yaml saves of it";
            case BACKWARD_TEMPORARIES ->
                "PyTorch 2.13, torch/csrc/autograd/engine.cpp and tools/autograd/derivatives.yaml";
            case STEP_TEMPORARIES -> "torch.optim 2.13, the implementation that was chosen";
        };
    }
}
