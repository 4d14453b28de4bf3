package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import org.junit.jupiter.api.Test;

/** The figures that everybody in the field knows. */
class SeedsOfTheFieldTest {

    /** A StarCoder of 15.5 billion parameters. */
    private static final ModelSpec OCTOCODER = HuggingFace.read("""
            {"model_type": "gpt_bigcode", "vocab_size": 49152, "n_embd": 6144, "n_layer": 40, "n_head": 48,
             "n_inner": 24576, "n_positions": 8192, "multi_query": true, "activation_function": "gelu_pytorch_tanh"}""");

    private static Workload.Builder generation(ModelSpec model) {
        return Workload.builder()
                .model(model)
                .strategy(Strategy.inference(60))
                .batch(1)
                .sequence(32);
    }

    /**
     * 31 GB by the rule of 2 bytes a parameter; 29.03, 15.22 and 9.54 GiB measured after a short prompt and 60 tokens
     * (Hugging Face transformers, docs/source/en/llm_tutorial_optimization.md, which divides by 1024³ and says GB). The
     * measured 4-bit model has 0.59 GiB more; a head that is no longer one with the embedding would take 0.56.
     */
    @Test
    void octoCoder() {
        assertThat(Bytes.of(2 * OCTOCODER.parameterCount()).toGB()).isEqualTo(31.0, within(0.1));
        assertThat(MemoryEstimate.of(generation(OCTOCODER).build()).peak().toGiB())
                .isEqualTo(29.03, within(0.15));
        assertThat(MemoryEstimate.of(generation(OCTOCODER)
                                .precision(Precision.FP16)
                                .quantization(Quantization.int8().withPrepared(false))
                                .build())
                        .peak()
                        .toGiB())
                .isEqualTo(15.22, within(0.4));
        assertThat(MemoryEstimate.of(generation(OCTOCODER)
                                .quantization(Quantization.nf4().withPrepared(false))
                                .build())
                        .peak()
                        .toGiB())
                .isEqualTo(9.54, within(0.6));
    }

    /** "QLoRA reduces … to finetune a 65B parameter model on a single 48GB GPU" (arXiv 2305.14314). */
    @Test
    void llama65BOn48GB() {
        ModelSpec llama = HuggingFace.read("""
                {"model_type": "llama", "vocab_size": 32000, "hidden_size": 8192, "intermediate_size": 22016,
                 "num_hidden_layers": 80, "num_attention_heads": 64, "max_position_embeddings": 2048}""");
        assertThat(llama.parameterCount()).isEqualTo(65_285_660_672L);
        MemoryEstimate estimate = MemoryEstimate.of(Workload.builder()
                .model(llama)
                .strategy(Strategy.lora(64).targetingAllLinear())
                .quantization(Quantization.nf4Double())
                .optimizer(new Optimizer.AdamW8bit(true))
                .checkpointing(Checkpointing.NON_REENTRANT)
                .batch(1)
                .sequence(512)
                .build());
        assertThat(estimate.peak()).isLessThan(Bytes.ofGB(48));
        assertThat(estimate.peak()).isGreaterThan(Bytes.ofGB(35));
    }

    /** "GPT-3 175B", 350 GB in 16 bits (arXiv 2005.14165 for the sizes). */
    @Test
    void gpt3() {
        ModelSpec gpt3 = HuggingFace.read("""
                {"model_type": "gpt2", "vocab_size": 50257, "n_embd": 12288, "n_layer": 96, "n_head": 96,
                 "n_positions": 2048}""");
        assertThat(gpt3.parameterCount()).isBetween(174_000_000_000L, 176_000_000_000L);
        assertThat(MemoryEstimate.of(generation(gpt3).build()).peak(Phase.LOAD).toGB())
                .isEqualTo(350, within(2.0));
    }

    /** Pure bf16 AdamW peaks at 10 bytes a parameter in its step: 72434837504 B measured (fms-acceleration). */
    @Test
    void mistralAtTenBytesAParameter() {
        ModelSpec mistral = Models.get("mistralai/Mistral-7B-v0.1");
        MemoryEstimate estimate = MemoryEstimate.of(Workload.builder()
                .model(mistral)
                .strategy(Strategy.fullFineTuning())
                .checkpointing(Checkpointing.REENTRANT)
                .batch(4)
                .sequence(4096)
                .build());
        assertThat(estimate.peakPhase()).isEqualTo(Phase.STEP);
        assertThat((double) estimate.peak().value() / mistral.parameterCount()).isEqualTo(10.0, within(0.01));
    }
}
