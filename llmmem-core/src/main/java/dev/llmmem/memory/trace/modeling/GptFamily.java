package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Parameter;

/** Models whose outer modules have GPT-2's names (transformers, gpt2, gpt_bigcode, gpt_neo, gptj and codegen). */
abstract class GptFamily extends CausalModel {

    GptFamily(Setup setup) {
        super(setup);
    }

    @Override
    final Parameter embeddingTable() {
        return outer("wte.weight");
    }

    @Override
    final Transform finalNorm() {
        return modules.layerNorm(outer("ln_f.weight"), outer("ln_f.bias"));
    }
}
