package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of equal layers that need care: what comes before, beside or after them is not the same for all. */
class FoldTest {

    private static final TinyModels.Kind NARROW = TinyModels.Kind.of(64);
    private static final TinyModels.Kind WIDE = TinyModels.Kind.of(128);
    private static final TinyModels.Kind WINDOWED = new TinyModels.Kind(128, OptionalInt.of(12));

    private static Workload.Builder job(Strategy strategy) {
        return Workload.builder()
                .model(TinyModels.llama(5))
                .strategy(strategy)
                .batch(2)
                .sequence(16);
    }

    /** The first layer's attention has no gradient then, so only the layers after it keep the rotary tables. */
    @ParameterizedTest
    @ValueSource(strings = {"v_proj", "o_proj", "up_proj", "down_proj"})
    void theFirstLayerKeepsNothingThatTheOthersKeep(String target) {
        assertSame(job(Strategy.lora(4).targeting(target)).build());
        assertSame(job(Strategy.lora(4).targeting(target)).accumulation(2).build());
    }

    /** Then nothing is recorded in the layers at all. */
    @ParameterizedTest
    @EnumSource(Checkpointing.class)
    void onlyTheHeadIsAdapted(Checkpointing how) {
        assertSame(job(Strategy.lora(4).targeting("lm_head")).checkpointing(how).build());
    }

    @ParameterizedTest
    @EnumSource(Checkpointing.class)
    void layersRunAgain(Checkpointing how) {
        assertSame(job(Strategy.fullFineTuning()).checkpointing(how).build());
        assertSame(job(Strategy.lora(4)).checkpointing(how).build());
    }

    @ParameterizedTest
    @EnumSource(Checkpointing.class)
    void layersAlternate(Checkpointing how) {
        for (List<TinyModels.Kind> layers : List.of(
                List.of(WIDE, NARROW, WIDE, NARROW, WIDE, NARROW, WIDE),
                List.of(WIDE, WIDE, NARROW, NARROW, WIDE, WIDE, NARROW, NARROW),
                List.of(WIDE, WIDE, WIDE, WIDE, NARROW, NARROW, NARROW, NARROW))) {
            assertSame(job(Strategy.fullFineTuning())
                    .model(TinyModels.shape(1).layers(layers).spec())
                    .checkpointing(how)
                    .build());
        }
    }

    /** The mask of the window is read nowhere but in the repeated pattern, and dies in the middle of its first repeat. */
    @ParameterizedTest
    @EnumSource(Checkpointing.class)
    void aWindowIsInAPatternOnly(Checkpointing how) {
        List<TinyModels.Kind> layers =
                List.of(WIDE, WIDE, WIDE, WINDOWED, WIDE, WIDE, WIDE, WINDOWED, WIDE, WIDE, WIDE, WINDOWED);
        for (AttentionKernel kernel : AttentionKernel.values()) {
            assertSame(job(Strategy.fullFineTuning())
                    .model(TinyModels.shape(1).layers(layers).spec())
                    .precision(kernel == AttentionKernel.FLASH_ATTENTION_2 ? Precision.BF16 : Precision.FP32)
                    .attention(kernel)
                    .checkpointing(how)
                    .sequence(128)
                    .build());
        }
    }

    /** Which layer is the last to read a mask or a table depends on the order; with these targets the first reads none. */
    @ParameterizedTest
    @EnumSource(Checkpointing.class)
    void kindsStandInAnyOrder(Checkpointing how) {
        for (List<TinyModels.Kind> layers : List.of(
                List.of(WIDE, WINDOWED, WIDE, NARROW, WINDOWED, WINDOWED, WIDE),
                List.of(WINDOWED, WIDE, NARROW, NARROW, WIDE, WINDOWED, WIDE, WINDOWED),
                List.of(NARROW, WINDOWED, WINDOWED, WINDOWED, WIDE, WIDE, NARROW))) {
            for (Strategy strategy :
                    List.of(Strategy.fullFineTuning(), Strategy.lora(4).targeting("v_proj", "down_proj"))) {
                assertSame(job(strategy)
                        .model(TinyModels.shape(1).layers(layers).spec())
                        .attention(AttentionKernel.EAGER)
                        .checkpointing(how)
                        .sequence(128)
                        .build());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Checkpointing.class)
    void asMuchIsTracedOfADeepModelAsOfAShallowOne(Checkpointing how) {
        List<TinyModels.Kind> pattern = List.of(WINDOWED, WINDOWED, WINDOWED, WIDE);
        assertThat(Folding.changes(patterned(pattern, 30, how)))
                .isEqualTo(Folding.changes(patterned(pattern, 10, how)));
    }

    private static Workload patterned(List<TinyModels.Kind> pattern, int times, Checkpointing how) {
        List<TinyModels.Kind> layers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            layers.addAll(pattern);
        }
        return job(Strategy.lora(4))
                .model(TinyModels.shape(1).layers(layers).spec())
                .checkpointing(how)
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9})
    void tokensAreGenerated(int tokens) {
        List<TinyModels.Kind> layers = List.of(WIDE, WINDOWED, WIDE, WINDOWED, WIDE, WINDOWED);
        assertSame(job(Strategy.inference(tokens)).build());
        assertSame(job(Strategy.inference(tokens))
                .model(TinyModels.shape(1).layers(layers).spec())
                .build());
    }

    private static void assertSame(Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
        Folding.assertSameRemainder(job);
    }
}
