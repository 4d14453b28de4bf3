package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.model.Activation;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Partial fine-tuning, P-tuning, bottleneck adapters and 8-bit bases: what they choose, say and refuse. */
class StrategiesTest {

    private static final Targets DOWN = new Targets.Named(List.of("down_proj"));
    private static final Targets NETWORK = new Targets.Named(List.of("up_proj", "down_proj"));

    private static List<String> trained(ModelSpec model, Trained trained) {
        List<String> names = new ArrayList<>();
        for (Parameter parameter : model.outerParameters()) {
            if (trained.contains(model, parameter, OptionalInt.empty())) {
                names.add(parameter.name());
            }
        }
        for (int i = 0; i < model.layers().size(); i++) {
            for (Parameter parameter : model.layers().get(i).parameters()) {
                if (trained.contains(model, parameter, OptionalInt.of(i))) {
                    names.add(TargetRules.inLayer(parameter.name(), i));
                }
            }
        }
        return names;
    }

    private static Workload.Builder job(Strategy strategy) {
        return Workload.builder().model(TestModels.llama()).strategy(strategy);
    }

    private static void refuses(Workload.Builder job, String message) {
        assertThatIllegalArgumentException().isThrownBy(job::build).withMessageContaining(message);
    }

    @Test
    void theLastLayersAreTrainedWithWhatIsChosenAroundThem() {
        assertThat(trained(TestModels.llama(), new Trained.LastLayers(0, true, false, false)))
                .containsExactly("model.embed_tokens.weight");
        assertThat(trained(TestModels.llama(), new Trained.LastLayers(1, false, true, true)))
                .startsWith("model.norm.weight", "lm_head.weight")
                .hasSize(2 + TestModels.llama().layers().get(1).parameters().size())
                .filteredOn(name -> name.contains("layers"))
                .allMatch(name -> name.contains(".1."));
        assertThat(trained(TestModels.llamaTied(), new Trained.LastLayers(0, false, false, true)))
                .containsExactly("model.embed_tokens.weight");
    }

    @Test
    void namesStandBetweenDots() {
        assertThat(trained(TestModels.llama(12), new Trained.Named(List.of("layers.1"))))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("model.layers.1."));
        assertThat(trained(TestModels.llama(), new Trained.Named(List.of("q_proj.weight"))))
                .containsExactly("model.layers.0.self_attn.q_proj.weight", "model.layers.1.self_attn.q_proj.weight");
        assertThat(trained(
                        TestModels.llama(),
                        new Trained.AllBut(new Trained.Named(List.of("layers", "lm_head", "norm")))))
                .containsExactly("model.embed_tokens.weight");
    }

    @Test
    void biasesOfNormsAreBiasesToo() {
        assertThat(trained(TestModels.gpt2(), new Trained.Biases()))
                .isNotEmpty()
                .allMatch(name -> name.endsWith(".bias"))
                .anyMatch(name -> name.contains("ln_1"));
    }

    @Test
    void refusesWhatTrainsNothing() {
        refuses(job(Strategy.bitFit()), "trained is biases, but must hold a parameter of the model, which has no bias");
        refuses(job(Strategy.lastLayers(3)), "trained count is 3, but must be 0 to 2 layers, as many as the model has");
        refuses(
                job(new Strategy.PartialFineTuning(new Trained.Named(List.of("q_proj", "layers.7")))),
                "trained is layers.7, but each name must stand between dots in the name of a parameter");
        refuses(
                job(Strategy.lastLayers(1)).quantization(Quantization.nf4()),
                "must be absent for partial fine-tuning: quantized weights cannot be trained");
        assertThatIllegalArgumentException().isThrownBy(() -> new Trained.LastLayers(0, false, false, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Trained.LastLayers(-1, true, false, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Trained.Named(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Trained.Named(List.of(" ")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trained.AllBut(new Trained.AllBut(new Trained.Biases())));
    }

    @Test
    void refusesSizesOutOfRange() {
        Placement placement = new Placement.Parallel(DOWN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Strategy.bottleneck(0, placement))
                .withMessage("size is 0, but must be 1 to 1048576 elements");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Strategy.Bottleneck(8, Activation.RELU, 1, placement))
                .withMessage("dropout is 1.0, but must be in [0, 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PromptEncoder.Mlp(0))
                .withMessage("encoder hiddenSize is 0, but must be 1 to 1048576 elements");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PromptEncoder.Lstm(8, 65))
                .withMessage("encoder layers is 65, but must be 1 to 64 layers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Strategy.PTuning(0, new PromptEncoder.Mlp(8)))
                .withMessage("virtualTokens is 0, but must be at least 1 token");
    }

    @Test
    void refusesWhatIsNotModelled() {
        refuses(
                job(new Strategy.PTuning(4, new PromptEncoder.Lstm(8, 2)))
                        .precision(Precision.FP32.withAutocast(DType.BF16)),
                "must be without autocast for P-tuning with an LSTM");
        refuses(
                Workload.builder()
                        .model(TestModels.gpt2())
                        .sequence(16)
                        .strategy(Strategy.bottleneck(8, new Placement.Parallel(new Targets.Named(List.of("c_attn"))))),
                "must be plain linear layers for bottleneck adapters: LLM-Adapters takes no transposed ones");
        refuses(
                job(Strategy.lora(4).bias(Strategy.Lora.Bias.ALL)).quantization(Quantization.int8()),
                "bias is ALL, but must be NONE over INT8");
        refuses(
                job(new Strategy.Ia3(NETWORK, DOWN))
                        .quantization(Quantization.int8().withPrepared(false)),
                "quantization prepared is false, but must be true for IA3 in BF16 without autocast");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.int8().withDoubled(true))
                .withMessage("quantization doubled is true, but must be false for INT8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.int8().withCompute(DType.BF16))
                .withMessage("quantization compute is BF16, but must be FP16 for INT8");
    }

    @Test
    void everyKindSurvivesJsonAndSaysWhatItIs() {
        Placement series = new Placement.Series(NETWORK, DOWN);
        assertSays(Strategy.lastLayers(1), "Fine-tuning of the last 1 layer of ");
        assertSays(
                new Strategy.PartialFineTuning(new Trained.AllBut(new Trained.LastLayers(1, true, true, true))),
                "Fine-tuning of all but the last 1 layer and the embeddings and the final norm and the head of ");
        assertSays(
                new Strategy.PartialFineTuning(new Trained.Named(List.of("mlp", "norm"))), "Fine-tuning of mlp, norm");
        assertSays(
                new Strategy.PTuning(20, new PromptEncoder.Lstm(64, 3)),
                "P-tuning with 20 tokens through 3-layer LSTM 64 of ");
        assertSays(new Strategy.PTuning(5, new PromptEncoder.Mlp(7)), "P-tuning with 5 tokens through MLP 7 of ");
        assertSays(
                new Strategy.Bottleneck(16, Activation.RELU, 0.1, series),
                "series adapters 16 on up_proj, down_proj (output: down_proj) with relu and dropout 0.1 of ");
        assertSays(
                Strategy.bottleneck(16, new Placement.Parallel(DOWN)),
                "parallel adapters 16 on down_proj with tanh of ");
        Workload eight = job(Strategy.lora(4)).quantization(Quantization.int8()).build();
        assertThat(Workload.fromJson(eight.toJson())).isEqualTo(eight);
        assertThat(eight.toString()).contains(", INT8");
    }

    private static void assertSays(Strategy strategy, String start) {
        Workload job = job(strategy).build();
        assertThat(Workload.fromJson(job.toJson())).isEqualTo(job);
        assertThat(job.toString()).startsWith(start);
    }

    @Test
    void trlPreparesFourBitsUnderAutocastForTraining() {
        Workload.Builder lora = job(Strategy.lora(4)).precision(Precision.BF16.withAutocast(DType.BF16));
        Quantization trl = Quantization.nf4().withPreparation(Quantization.Preparation.TRL);
        assertThat(lora.quantization(trl).build().toString()).contains(", prepared by TRL");
        refuses(
                lora.quantization(Quantization.int8().withPreparation(Quantization.Preparation.TRL)),
                "quantization preparation is TRL, but must be NONE or PEFT for INT8: TRL casts 4-bit models alone");
        refuses(
                lora.precision(Precision.BF16).quantization(trl),
                "quantization preparation is TRL, but must be NONE or PEFT for precision ");
        refuses(
                lora.strategy(Strategy.inference(1)).quantization(trl),
                "quantization preparation is TRL, but must be NONE or PEFT for inference");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.nf4().withSkipped("lm_head", " "))
                .withMessageContaining("must not be blank");
    }

    @Test
    void onlyChoicesByNumberTellLayersApart() {
        assertThat(new Trained.Biases().differsByLayer()).isFalse();
        assertThat(new Trained.Named(List.of("q_proj", "fc1", "mlp.fc2")).differsByLayer())
                .isFalse();
        assertThat(new Trained.Named(List.of("q_proj", "layers.1")).differsByLayer())
                .isTrue();
        assertThat(new Trained.Named(List.of("1.mlp")).differsByLayer()).isTrue();
        assertThat(new Trained.LastLayers(1, false, false, false).differsByLayer())
                .isTrue();
        assertThat(new Trained.AllBut(new Trained.LastLayers(1, false, false, false)).differsByLayer())
                .isTrue();
        assertThat(new Trained.AllBut(new Trained.Biases()).differsByLayer()).isFalse();
    }

    @Test
    void namesTimesTensorsAreBounded() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            names.add("name" + i);
        }
        ModelSpec deep = TestModels.llama().toBuilder()
                .layers(Collections.nCopies(2000, TestModels.llama().layers().get(0)))
                .build();
        refuses(
                job(new Strategy.PartialFineTuning(new Trained.Named(names))).model(deep),
                "trained has 1000 names, but must have 1 to ");
    }

    @Test
    void buildersSayWhatIsMissing() {
        assertThat(Workload.builder()).hasToString("Workload.Builder[model missing, strategy missing]");
        assertThat(job(Strategy.lora(4)))
                .hasToString("Workload.Builder[model " + TestModels.llama().name() + ", strategy Lora]");
    }
}
