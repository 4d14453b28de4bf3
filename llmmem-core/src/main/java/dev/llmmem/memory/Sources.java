package dev.llmmem.memory;

/** Where the rule for each kind of memory comes from. */
final class Sources {

    private Sources() {}

    static String of(MemoryKind kind) {
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
