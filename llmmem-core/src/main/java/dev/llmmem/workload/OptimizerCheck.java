package dev.llmmem.workload;

import java.util.ArrayList;
import java.util.List;

/** What keeps an optimizer from updating a job, each with name, value, permitted values and cause. */
final class OptimizerCheck {

    private final Workload.Builder job;
    private final List<String> violations = new ArrayList<>();

    private OptimizerCheck(Workload.Builder job) {
        this.job = job;
    }

    static List<String> violations(Workload.Builder job) {
        OptimizerCheck check = new OptimizerCheck(job);
        if (job.strategy instanceof Strategy.Inference) {
            check.inference();
            return check.violations;
        }
        if (job.gradients == Gradients.STEP_IN_BACKWARD) {
            check.stepInBackward();
        }
        if (job.optimizer instanceof Optimizer.GaLore) {
            check.galore();
        }
        return check.violations;
    }

    private void inference() {
        if (job.gradients != Gradients.SET_TO_NONE) {
            violations.add("gradients is " + job.gradients
                    + ", but must be SET_TO_NONE for inference: there is no backward pass");
        }
    }

    private void stepInBackward() {
        if (job.accumulation != 1) {
            violations.add("accumulation is " + job.accumulation
                    + ", but must be 1 for gradients STEP_IN_BACKWARD: each backward pass is followed by its step");
        }
        if (!stepsAlone(job.optimizer)) {
            violations.add("gradients is STEP_IN_BACKWARD, but must be SET_TO_NONE or SET_TO_ZERO for "
                    + DescribeOptimizer.text(job.optimizer) + ": that is not modelled");
        }
    }

    private void galore() {
        if (!(job.strategy instanceof Strategy.FullFineTuning)) {
            violations.add("optimizer is " + DescribeOptimizer.text(job.optimizer)
                    + ", but must be another unless all parameters are trained: adapters are of low rank already");
        }
    }

    /** Whether the update of one tensor by an optimizer of its own is modelled. */
    private static boolean stepsAlone(Optimizer optimizer) {
        return !(optimizer instanceof Optimizer.Adafactor
                || optimizer instanceof Optimizer.AdamMini
                || optimizer instanceof Optimizer.GaLore
                || optimizer instanceof Optimizer.Muon);
    }
}
