package dev.llmmem.formats.peft;

import java.util.ArrayList;
import java.util.List;

/**
 * WaveFT's frequencies in proportion to the elements of each target: peft 0.21.0, {@code peft/tuners/waveft/model.py}, {@code
 * _calculate_proportional_parameters}, in its own order of floating-point steps.
 */
final class ProportionalFrequencies implements Method.Run {

    private final long each;
    private final List<BaseModule> targets = new ArrayList<>();

    ProportionalFrequencies(long each) {
        this.each = each;
    }

    @Override
    public void adapt(BaseModule module, Inventory out) {
        targets.add(module);
    }

    @Override
    public void finish(Inventory out) {
        long all = 0;
        for (BaseModule target : targets) {
            all = Math.addExact(all, elements(target));
        }
        long budget = Math.multiplyExact(each, targets.size());
        for (BaseModule target : targets) {
            double share = (double) elements(target) / all;
            Vectors.spectrum(target, "waveft_spectrum", Math.max(1, (long) Math.rint(share * budget)), out);
        }
    }

    private static long elements(BaseModule module) {
        return Math.multiplyExact(module.inputs(), module.outputs());
    }
}
