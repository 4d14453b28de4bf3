package dev.llmmem.memory;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of equal layers in families whose layers hold variables, return weights or read masks of their own. */
class FamilyFoldTest {

    private static final String NAMED_AS_GPT2 = "\"vocab_size\": 96, \"n_embd\": 64, \"n_head\": 8, \"n_layer\": 5";

    static Stream<ModelSpec> models() {
        return Stream.of(
                        "{\"model_type\": \"gptj\", \"rotary_dim\": 4, " + NAMED_AS_GPT2 + ", \"attn_pdrop\": 0.1}",
                        "{\"model_type\": \"codegen\", \"rotary_dim\": 8, " + NAMED_AS_GPT2 + ", \"resid_pdrop\": 0.1}",
                        """
                        {"model_type": "gpt_neo", "vocab_size": 96, "hidden_size": 64, "num_heads": 8, "num_layers": 6,
                         "attention_types": [[["global", "local"], 3]], "window_size": 8}
                        """,
                        """
                        {"model_type": "biogpt", "vocab_size": 96, "hidden_size": 64, "intermediate_size": 128,
                         "num_attention_heads": 8, "num_hidden_layers": 5}
                        """,
                        """
                        {"model_type": "bloom", "vocab_size": 96, "hidden_size": 64, "n_head": 8, "n_layer": 5}
                        """,
                        """
                        {"model_type": "falcon", "vocab_size": 96, "hidden_size": 64, "num_attention_heads": 8,
                         "num_hidden_layers": 5}
                        """)
                .map(HuggingFace::read);
    }

    @ParameterizedTest
    @MethodSource("models")
    void modelsAreTrained(ModelSpec model) {
        for (Checkpointing how : List.of(Checkpointing.NONE, Checkpointing.REENTRANT, Checkpointing.NON_REENTRANT)) {
            for (AttentionKernel kernel : List.of(AttentionKernel.EAGER, AttentionKernel.SDPA)) {
                assertSame(job(model, Strategy.fullFineTuning())
                        .checkpointing(how)
                        .attention(kernel)
                        .keepOutputs(true)
                        .build());
                assertSame(job(model, Strategy.lora(4).targetingAllLinear().dropout(0.1))
                        .checkpointing(how)
                        .attention(kernel)
                        .precision(Precision.FP32.withAutocast(DType.BF16))
                        .accumulation(2)
                        .build());
            }
        }
        assertSame(job(model, Strategy.fullFineTuning()).trainingCache(true).build());
    }

    /** Then no graph holds the attention weights of the first layer, but those of the others. */
    @ParameterizedTest
    @MethodSource("models")
    void onlyTheLastModuleOfEachLayerIsAdapted(ModelSpec model) {
        List<String> modules = model.layers().get(0).parameters().stream()
                .filter(Parameter::isLinear)
                .map(Parameter::module)
                .toList();
        String last = modules.get(modules.size() - 1);
        String name = last.substring(last.indexOf("{i}.") + "{i}.".length());
        for (int accumulation = 1; accumulation <= 2; accumulation++) {
            assertSame(job(model, Strategy.lora(4).targeting(name))
                    .accumulation(accumulation)
                    .build());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void tokensAreGenerated(ModelSpec model) {
        assertSame(job(model, Strategy.inference(5)).build());
        assertSame(job(model, Strategy.inference(1)).precision(Precision.FP32).build());
    }

    private static Workload.Builder job(ModelSpec model, Strategy strategy) {
        return Workload.builder().model(model).strategy(strategy).batch(2).sequence(24);
    }

    private static void assertSame(Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
        Folding.assertSameRemainder(job);
    }
}
