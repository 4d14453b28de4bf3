package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.Models;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Why a job takes more than another: QLoRA against LoRA, where packed weights save less than fp32 costs. */
class DifferenceTest {

    private static final Pattern DIFFERENCE = Pattern.compile("([+-])[\\d.]+ \\S+(?: \\((\\d+) B\\))?  .*");

    private static final Workload.Builder LORA = Workload.builder()
            .model(Models.get("Qwen/Qwen2.5-0.5B"))
            .strategy(Strategy.lora(16).targetingAllLinear())
            .batch(4)
            .sequence(1024)
            .keepOutputs(true);

    private static final MemoryEstimate PLAIN = MemoryEstimate.of(LORA.build());
    private static final MemoryEstimate PACKED =
            MemoryEstimate.of(LORA.quantization(Quantization.nf4Double()).build());

    @Test
    void saysWhyQuantizedTakesMore() {
        assertThat(PACKED.peak()).isGreaterThan(PLAIN.peak());
        String text = PACKED.explain(PLAIN);
        assertThat(text)
                .contains("\nagainst LoRA rank 16 on all linear layers of Qwen/Qwen2.5-0.5B")
                .contains("frozen weights, embedding: 151936 × 896 × 4 B, against 151936 × 896 × 2 B\n")
                .contains("in fp32 since PEFT's prepare_model_for_kbit_training casts what is not packed")
                .contains("activations, residual: ")
                .contains("in fp32 where the residual stream is, which begins with the embedding that PEFT prepared")
                .contains("packed as NF4 by bitsandbytes, with its scales")
                .contains("logits here: 16.00 bytes for each of 4096 × 151936, ")
                .contains("logits there: 14.00 bytes for each of 4096 × 151936, ");
    }

    @Test
    void differencesSumToThatOfThePeaks() {
        long sum = 0;
        long before = Long.MAX_VALUE;
        List<String> lines = PACKED.explain(PLAIN).lines().skip(3).toList();
        for (String line : lines) {
            Matcher matcher = DIFFERENCE.matcher(line);
            if (matcher.matches()) {
                long bytes = Long.parseLong(matcher.group(2));
                assertThat(bytes).as("the largest first").isPositive().isLessThanOrEqualTo(before);
                before = bytes;
                sum += matcher.group(1).equals("+") ? bytes : -bytes;
            }
        }
        assertThat(sum).isEqualTo(PACKED.peak().value() - PLAIN.peak().value());
    }

    @Test
    void isTurnedRound() {
        assertThat(PLAIN.explain(PACKED)).contains("\n-" + difference() + ": ");
        assertThat(PACKED.explain(PLAIN)).contains("\n+" + difference() + ": ");
    }

    private static Bytes difference() {
        return PACKED.peak().minus(PLAIN.peak());
    }

    @Test
    void findsNothingBetweenEqualJobs() {
        assertThat(PLAIN.explain(PLAIN).lines()).hasSize(5);
    }

    @Test
    void showsUnpackedWeightsWhereTheyAreAlive() {
        MemoryEstimate small = MemoryEstimate.of(LORA.model(Models.get("mistralai/Mistral-7B-v0.1"))
                .batch(1)
                .sequence(16)
                .quantization(Quantization.nf4())
                .checkpointing(Checkpointing.NON_REENTRANT)
                .strategy(Strategy.lora(2).targetingAllLinear())
                .keepOutputs(false)
                .build());
        assertThat(small.explain())
                .contains("unpacked weights: ")
                .contains("bitsandbytes unpacks the weight of a layer into the compute format in each pass");
    }
}
