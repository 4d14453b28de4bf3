package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.Workload;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** How long gradients live moves memory from phase to phase in known directions. */
class GradientProperties {

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void gradientsThatLiveOnNeverTakeLess(@ForAll("training") Workload job) {
        MemoryEstimate freed = MemoryEstimate.of(job);
        MemoryEstimate zeroed = with(job, Gradients.SET_TO_ZERO);
        MemoryBreakdown step = zeroed.at(Phase.STEP);
        assertThat(step.of(MemoryKind.GRADIENTS))
                .isEqualTo(freed.at(Phase.STEP).of(MemoryKind.GRADIENTS))
                .isEqualTo(step.of(MemoryKind.WEIGHTS));
        assertThat(step.total()).isEqualTo(freed.at(Phase.STEP).total());
        if (job.accumulation() == 1) {
            assertThat(zeroed.peak(Phase.FORWARD))
                    .isEqualTo(freed.peak(Phase.FORWARD).plus(step.of(MemoryKind.GRADIENTS)));
        }
        for (Phase phase : freed.phases()) {
            assertThat(zeroed.peak(phase)).as("%s", phase).isGreaterThanOrEqualTo(freed.peak(phase));
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void aStepInTheBackwardPassLeavesNoGradients(@ForAll("alone") Workload job) {
        MemoryEstimate apart = MemoryEstimate.of(job);
        MemoryEstimate alone = with(job, Gradients.STEP_IN_BACKWARD);
        MemoryBreakdown step = alone.at(Phase.STEP);
        assertThat(step.of(MemoryKind.GRADIENTS).value()).isZero();
        assertThat(step.of(MemoryKind.STEP_TEMPORARIES).value()).isZero();
        assertThat(alone.peak(Phase.FORWARD)).isEqualTo(apart.peak(Phase.FORWARD));
        assertThat(step.total()).isLessThan(apart.at(Phase.STEP).total());
    }

    private static MemoryEstimate with(Workload job, Gradients gradients) {
        return MemoryEstimate.of(job.toBuilder().gradients(gradients).build());
    }

    @Provide
    Arbitrary<Workload> training() {
        return Jobs.training();
    }

    @Provide
    Arbitrary<Workload> alone() {
        return Jobs.training()
                .filter(job -> Jobs.stepsAlone(job.optimizer()))
                .map(job -> job.toBuilder().accumulation(1).build());
    }
}
