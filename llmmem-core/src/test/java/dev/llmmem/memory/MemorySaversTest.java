package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Trained;
import dev.llmmem.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What kernels and selective checkpointing save, worked out by hand.
 *
 * <p>The tiny model has a vocabulary of 256, two layers of width 64 with four heads of 16, two of them for keys and values, and
 * a network of 128; the job has two rows of 16 tokens in bf16.
 */
class MemorySaversTest {

    private static Workload.Builder tiny() {
        return Workload.builder()
                .model(TinyModels.llama(2))
                .strategy(Strategy.fullFineTuning())
                .batch(2)
                .sequence(16);
    }

    private static long forward(Workload.Builder job) {
        return MemoryEstimate.of(job.build()).peak(Phase.FORWARD).value();
    }

    /** The bytes of an item at the highest point of the forward pass. */
    private static long item(Workload.Builder job, String name) {
        return MemoryEstimate.of(job.build()).at(Phase.FORWARD).items().stream()
                .filter(item -> item.name().equals(name))
                .mapToLong(item -> item.bytes().value())
                .sum();
    }

    @Test
    void flashAttentionKeepsOutputAndSumsOfEachLayer() {
        // output 32 x 64 x 2 B, log-sum-exp 8 x 16 x 4 B, random state 2 x 8 B
        assertThat(item(tiny().attention(AttentionKernel.FLASH_ATTENTION_2), "flash attention 2"))
                .isEqualTo(2 * (4096 + 512 + 512));
    }

    @Test
    void flashAttentionTakesWhatTheKernelOfPyTorchTakes() {
        MemoryEstimate sdpa = MemoryEstimate.of(tiny().build());
        MemoryEstimate flash = MemoryEstimate.of(
                tiny().attention(AttentionKernel.FLASH_ATTENTION_2).build());
        for (Phase phase : sdpa.phases()) {
            assertThat(flash.peak(phase)).as(phase.name()).isEqualTo(sdpa.peak(phase));
        }
    }

    @Test
    void flashAttentionNeedsNoMaskForAWindow() {
        Workload.Builder windowed =
                tiny().model(TinyModels.shape(2).window(4).spec()).checkpointing(Checkpointing.NON_REENTRANT);
        assertThat(item(windowed, "mask")).isPositive();
        assertThat(item(windowed.attention(AttentionKernel.FLASH_ATTENTION_2), "mask"))
                .isZero();
    }

    @Test
    void flashAttentionPadsHeads() {
        TinyModels.Shape shape =
                new TinyModels.Shape(64, 4, 2, 12, 256, TinyModels.shape(2).layers(), false, false);
        // 12 elements become 16: queries and output 32 x 4 x 16 x 2 B, keys and values 32 x 2 x 16 x 2 B
        assertThat(item(tiny().model(shape.spec()).attention(AttentionKernel.FLASH_ATTENTION_2), "flash attention 2"))
                .isEqualTo(2 * (4096 + 2048 + 2048 + 4096 + 512 + 512));
    }

    @Test
    void flashAttentionRefusesWideHeads() {
        TinyModels.Shape shape =
                new TinyModels.Shape(64, 4, 2, 264, 256, TinyModels.shape(2).layers(), false, false);
        refuses(
                tiny().model(shape.spec()).attention(AttentionKernel.FLASH_ATTENTION_2),
                "attention is FLASH_ATTENTION_2, but the model has heads of 264 elements, and the kernel takes 1 to 256");
    }

    @Test
    void flashAttentionRefusesModelsThatHaveNone() {
        refuses(
                tiny().model(Models.get("bigscience/bloom-560m")).attention(AttentionKernel.FLASH_ATTENTION_2),
                "attention is FLASH_ATTENTION_2, but must be EAGER or SDPA for model type bloom: that is not modelled, or"
                        + " not offered by transformers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gptj", "codegen", "gpt_neo"})
    void flashAttentionIsRefusedWhereAttentionRunsStepByStep(String type) {
        ModelSpec model = HuggingFace.read("{\"model_type\": \"" + type + "\", \"vocab_size\": 96, \"n_embd\": 64,"
                + " \"n_head\": 4, \"n_layer\": 2, \"rotary_dim\": 8, \"hidden_size\": 64, \"num_heads\": 4,"
                + " \"num_layers\": 2, \"attention_types\": [[[\"global\"], 2]]}");
        refuses(
                tiny().model(model).attention(AttentionKernel.FLASH_ATTENTION_2),
                "attention is FLASH_ATTENTION_2, but must be EAGER or SDPA for model type " + type);
    }

    @Test
    void ligerWritesTheGradientOverTheLogits() {
        long saved = forward(tiny()) - forward(tiny().lossKernel(LossKernel.LIGER_CROSS_ENTROPY));
        // no log-probabilities of 32 x 256 x 4 B, no loss and weight of 512 B each; but losses, counts and two
        // comparisons
        assertThat(saved).isEqualTo(32_768 + 2 * 512 - 4 * 512);
    }

    @Test
    void ligerFusesHeadAndLoss() {
        Workload.Builder job = tiny().lossKernel(LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY);
        long gradients = 4096 + 32_768; // of the hidden state and of the head
        long logits = 4096; // of 8 of 32 rows
        long product = 32_768 + 65_536; // in bf16 and in fp32
        long labels = 4 * 512; // padded, shifted, counted, and their losses
        assertThat(item(job, "head and loss")).isEqualTo(gradients + logits + product + labels);
        assertThat(item(job, "head")).isEqualTo(32_768 * 3); // the weight and AdamW's states, and no logits
    }

    @Test
    void ligerFusesWhatItKnows() {
        Workload.Builder job = tiny().lossKernel(LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY);
        String refusal = "lossKernel is LIGER_FUSED_LINEAR_CROSS_ENTROPY, but must be EAGER or LIGER_CROSS_ENTROPY ";
        refuses(job.model(Models.get("openai-community/gpt2")), refusal + "for model type gpt2");
        refuses(
                job.strategy(Strategy.lora(4).targeting("lm_head")),
                refusal + "with an adapter on lm_head: it reads the weight and skips the adapter");
        refuses(
                job.strategy(Strategy.bottleneck(
                        4, new Placement.Parallel(new Targets.Named(List.of("lm_head", "q_proj"))))),
                refusal + "with an adapter on lm_head: it reads the weight and skips the adapter");
        refuses(
                job.strategy(new Strategy.PartialFineTuning(new Trained.Named(List.of("lm_head")))),
                refusal
                        + "where nothing before the head is trained: a loss of the head's gradient alone is not modelled");
        refuses(
                job.strategy(Strategy.lora(4)).quantization(Quantization.nf4().withSkipped("embed_tokens")),
                refusal + "over a quantized lm_head: it reads the weight itself");
    }

    @Test
    void selectiveCheckpointingKeepsProductsAndAttention() {
        long least = forward(tiny().checkpointing(Checkpointing.NON_REENTRANT));
        long selective = forward(tiny().checkpointing(Checkpointing.SELECTIVE));
        long projections = 4096 + 2 * 2048 + 4096; // queries, keys and values, output
        long attention = 4096 + 512 + 512;
        long network = 2 * 8192 + 4096;
        assertThat(selective - least).isEqualTo(2 * (projections + attention + network));
        assertThat(selective).isLessThan(forward(tiny()));
    }

    @Test
    void offloadedCheckpointingKeepsNoInputs() {
        long kept = forward(tiny().checkpointing(Checkpointing.REENTRANT));
        long offloaded = forward(tiny().checkpointing(Checkpointing.OFFLOADED));
        // the inputs of both layers; the first is the embeddings' output, which a variable holds until the loss
        assertThat(kept - offloaded).isEqualTo(2 * 4096);
    }

    @Test
    void offloadedCheckpointingTakesOneResult() {
        refuses(
                tiny().model(Models.get("bigscience/bloom-560m"))
                        .attention(AttentionKernel.EAGER)
                        .checkpointing(Checkpointing.OFFLOADED),
                "checkpointing is OFFLOADED, but must be another for layers that return more than the residual stream: it"
                        + " takes one result");
    }

    private static void refuses(Workload.Builder job, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryEstimate.of(job.build()))
                .withMessageStartingWith(message);
    }
}
