package dev.llmmem.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ModelCardTest {

    @Test
    void saysWhatAModelIsMadeOf() {
        assertThat(Models.get("meta-llama/Llama-3.1-8B").describe()).isEqualTo("""
                        meta-llama/Llama-3.1-8B (llama)
                          32 layers, hidden 4096, vocabulary 128256, at most 131072 tokens, head of its own
                          32 x attention of 32 heads on 8 of 128, gated network of 14336
                          parameters 8,030,261,248
                            embedding                525,336,576    6.5 %
                            mixing                 1,342,177,280   16.7 %
                            feed forward           5,637,144,576   70.2 %
                            norm                         266,240    0.0 %
                            head                     525,336,576    6.5 %
                          active per token 8,030,261,248, without the token embedding 7,504,924,672
                          weights unquantized in BF16: 14.96 GiB (16060522496 B)
                          key-value cache per token 65,536 elements, in BF16 128.00 KiB (131072 B)
                          a published count may include
                            + 2,048 model.layers.{i}.self_attn.rotary_emb.inv_freq (buffer)
                        """);
    }

    @Test
    void tellsLayersApart() {
        assertThat(Models.get("openai/gpt-oss-20b").describe())
                .contains("  12 x attention of 64 heads on 8 of 64, window 128, 4 of 32 experts of 2880\n")
                .contains("  12 x attention of 64 heads on 8 of 64, 4 of 32 experts of 2880\n")
                .contains("    beyond the windows 12,288 elements\n");
        assertThat(Models.get("deepseek-ai/DeepSeek-V2-Lite").describe())
                .contains("  1 x latent attention of 16 heads, rank 512 + 64, gated network of 10944\n")
                .contains("6 of 64 experts of 1408 and one of 2816 for all\n");
        assertThat(Models.get("openai-community/gpt2").describe())
                .contains("head tied to the embedding\n")
                .doesNotContain("active per token");
    }

    @Test
    void knowsEveryKindOfLayer() {
        Attention.Grouped own = new Attention.Grouped(4, 2, 8, 8, OptionalInt.of(16));
        Attention.Latent latent = new Attention.Latent(4, OptionalInt.empty(), 16, 8, 4, 8);
        List<Attention> kinds = List.of(
                new Attention.Borrowed(own),
                new Attention.Uneven(4, 2, 8, 6, 8, OptionalInt.empty()),
                new Attention.Indexed(latent, 5),
                new Attention.Compressed(4, 8, 4, 16, 4, 4),
                new Attention.Compressed(4, 8, 4, 16, 0, 0),
                new Attention.Bidirectional(4, 8),
                new Attention.Cross(Optional.of(own), 4, 2, 8),
                new Attention.Cross(Optional.empty(), 4, 4, 8),
                new Attention.Recurrent(Attention.Recurrent.Rule.MAMBA2, 4, 1000),
                new Attention.Absent());
        Parameter table = new Parameter("embed.weight", List.of(10L, 32L), Parameter.Kind.EMBEDDING);
        ModelSpec model = ModelSpec.builder("mixed")
                .hiddenSize(32)
                .vocabularySize(10)
                .layers(kinds.stream()
                        .map(kind -> new Layer(kind, new FeedForward.Absent(), List.of()))
                        .toList())
                .outerParameters(List.of(table))
                .storedExtras(List.of(new StoredExtra("lm_head.weight", 320, StoredExtra.Cause.TIED_HEAD)))
                .build();

        assertThat(model.describe()).isEqualTo("""
                mixed (mixed)
                  10 layers, hidden 32, vocabulary 10, at most 2048 tokens, head none
                  1 x attention of 4 heads on 2 of 8, window 16, keys and values of an earlier layer, no network
                  1 x attention of 4 heads on 2 of 8 and 6, no network
                  1 x latent attention of 4 heads, rank 16 + 4, indexed, no network
                  1 x attention of 4 heads on 1 of 8, window 16, older tokens 4 to 1, indexed, no network
                  1 x attention of 4 heads on 1 of 8, window 16, no network
                  1 x attention both ways of 4 heads of 8, no network
                  1 x attention of 4 heads on 2 of 8, window 16 and cross attention of 4 heads on 2 of 8, no network
                  1 x cross attention of 4 heads on 4 of 8, no network
                  1 x MAMBA2 of 4 heads, no network
                  1 x no mixing, no network
                  parameters 320
                    embedding                        320  100.0 %
                  active per token 320, without the token embedding 0
                  key-value cache per token 104 elements, in BF16 208 B
                    beyond the windows 56 elements
                  state per sequence 1,000 elements
                  cache per token of the other input 96 elements
                  a published count may include
                    + 320 lm_head.weight (tied head)
                """);
    }
}
