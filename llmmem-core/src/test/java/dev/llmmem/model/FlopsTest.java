package dev.llmmem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.llmmem.model.Flops.Pairs;
import dev.llmmem.model.architecture.Architectures;
import dev.llmmem.model.architecture.Fields;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlopsTest {

    private static final ModelSpec LLAMA = Models.get("meta-llama/Llama-3.1-8B");

    /** arXiv 2104.04473, equation 3 without recomputation: 72 B s l h² (1 + s/(6h) + V/(12 l h)), for GPT's block. */
    @Test
    void areThoseOfMegatronForGpt() {
        ModelSpec gpt = Models.get("openai-community/gpt2");
        long s = 1024;
        long h = 768;
        long l = 12;
        long v = 50_257;

        long published = 72 * s * l * h * h + 12 * s * s * l * h + 6 * s * h * v;

        assertThat(Flops.forward(gpt, 1024, Pairs.ALL).training()).isEqualTo(published);
    }

    /** arXiv 2203.15556, appendix F: with many tokens per parameter the exact count is near 6ND. */
    @Test
    void areNearTheRuleWhereTheSequenceIsShort() {
        Flops exact = Flops.forward(LLAMA, 512, Pairs.CAUSAL);

        double rule = Flops.rule(LLAMA.parameters().activeWithoutEmbedding(), 512);

        assertThat(exact.training() / rule).isCloseTo(1, within(0.01));
    }

    @Test
    void countTheExpertsThatATokenMeets() {
        ModelSpec mixtral = Models.get("mistralai/Mixtral-8x7B-v0.1");
        ParameterCounts counts = mixtral.parameters();
        long norms = counts.of(ParameterGroup.NORM);

        Flops flops = Flops.forward(mixtral, 1, Pairs.CAUSAL);

        assertThat(flops.projections() + flops.head()).isEqualTo(2 * (counts.activeWithoutEmbedding() - norms));
    }

    /** OPT-350m has embeddings of 512, which are the head too, and two matrices between them and its 1024. */
    @Test
    void countTheHeadAsWideAsItIs() {
        Flops flops = Flops.forward(Models.get("facebook/opt-350m"), 10, Pairs.CAUSAL);

        assertThat(flops.head()).isEqualTo(2L * 10 * (50_272 * 512 + 2 * 512 * 1024));
    }

    @Test
    void recomputationRunsTheLayersOnceMore() {
        Flops flops = new Flops(10, 5, 2);

        assertThat(flops.forward()).isEqualTo(17);
        assertThat(flops.training()).isEqualTo(51);
        assertThat(flops.trainingRecomputed()).isEqualTo(66);
    }

    @Property(tries = 200)
    void pairsAreThoseThatTheMaskLetsThrough(
            @ForAll @IntRange(min = 1, max = 60) int sequence, @ForAll @IntRange(min = 1, max = 70) int window) {
        ModelSpec model = Architectures.describe(Fields.of(Map.of(
                "model_type", "mistral",
                "hidden_size", 8L,
                "num_attention_heads", 2L,
                "num_key_value_heads", 1L,
                "num_hidden_layers", 3L,
                "intermediate_size", 16L,
                "vocab_size", 11L,
                "sliding_window", (long) window)));
        long pairs = 0;
        for (int query = 0; query < sequence; query++) {
            for (int key = 0; key <= query; key++) {
                pairs += query - key < window ? 1 : 0;
            }
        }

        assertThat(Flops.forward(model, sequence, Pairs.CAUSAL).attention()).isEqualTo(3 * pairs * 4 * 8);
        assertThat(Flops.forward(model, sequence, Pairs.ALL).attention()).isEqualTo(3L * sequence * sequence * 4 * 8);
    }

    @Test
    void latentHeadsAreAsWideAsTheirParts() {
        ModelSpec model = oneLayer(new Attention.Latent(4, OptionalInt.empty(), 16, 8, 4, 6));

        assertThat(Flops.forward(model, 10, Pairs.ALL).attention()).isEqualTo(100 * 2 * 4 * (12 + 6));
    }

    @Test
    void refuseWhatIsNotModelled() {
        ModelSpec model = oneLayer(new Attention.Recurrent(Attention.Recurrent.Rule.MAMBA, 1, 10));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Flops.forward(model, 10, Pairs.ALL))
                .withMessageContaining("MAMBA");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Flops.forward(LLAMA, 0, Pairs.ALL))
                .withMessage("sequence is 0, but must be at least 1 token");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Flops.rule(0, 1))
                .withMessage("parameters is 0 and tokens 1.0, but both must be finite and at least 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Flops.rule(1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Flops.rule(1, Double.POSITIVE_INFINITY));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Flops.forward(LLAMA, Integer.MAX_VALUE, Pairs.ALL));
    }

    private static ModelSpec oneLayer(Attention attention) {
        return ModelSpec.builder("one")
                .hiddenSize(8)
                .vocabularySize(10)
                .layers(List.of(new Layer(attention, new FeedForward.Absent(), List.of())))
                .build();
    }
}
