package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Tower;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parts of a model or job that can be described, but whose passes are not modelled. */
class RefusalsTest {

    private static Workload job(ModelSpec model, Strategy strategy) {
        return Workload.builder()
                .model(model)
                .strategy(strategy)
                .batch(1)
                .sequence(4)
                .build();
    }

    private static void refused(ModelSpec model, String message) {
        Workload job = job(model, Strategy.fullFineTuning());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryEstimate.of(job))
                .withMessageContaining(message);
    }

    private static ModelSpec withLayer(Attention attention, FeedForward feedForward) {
        ModelSpec tiny = TinyModels.llama(1);
        Layer layer = new Layer(attention, feedForward, tiny.layers().get(0).parameters());
        return tiny.toBuilder().layers(List.of(layer)).build();
    }

    @Test
    void aTowerIsLeftOutOnlyOnRequest() {
        Parameter patch = new Parameter("vision.patch.weight", List.of(8L, 3L), Parameter.Kind.LINEAR);
        ModelSpec tiny = TinyModels.llama(1);
        ModelSpec seeing = tiny.toBuilder()
                .towers(List.of(new Tower("vision", List.of(new Tower.Part(patch, 1)))))
                .build();

        refused(seeing, "model towers is [vision], but the memory of a pass is modelled for the layers alone");
        assertThat(MemoryEstimate.of(job(seeing.withoutTowers(), Strategy.fullFineTuning()))
                        .peak())
                .isEqualTo(
                        MemoryEstimate.of(job(tiny, Strategy.fullFineTuning())).peak());
    }

    @Test
    void layersOfOtherKindsAreNoLayersOfTheType() {
        Layer usual = TinyModels.llama(1).layers().get(0);

        refused(
                withLayer(new Attention.Recurrent(Attention.Recurrent.Rule.MAMBA, 4, 64), usual.feedForward()),
                "Recurrent[rule=MAMBA");
        refused(withLayer(usual.attention(), new FeedForward.Absent()), "modelled for grouped and latent attention");
    }

    @Test
    void anAdapterNeedsAFunctionThatIsComputed() {
        Placement beside = new Placement.Parallel(new Targets.Named(List.of("q_proj")));
        Workload job = job(TinyModels.llama(1), new Strategy.Bottleneck(4, Activation.IDENTITY, 0, beside));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryEstimate.of(job))
                .withMessage(
                        "activation is IDENTITY, but the memory of a pass is modelled for functions that are computed");
    }
}
