package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Layer;
import dev.llmmem.model.LayerRun;
import dev.llmmem.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Equal groups of layers in a row of which the same parameters are trained.
 *
 * @param first the index of the first layer
 * @param run the layers
 */
public record TrainedRun(int first, LayerRun run) {

    /**
     * The runs of a model. Where training differs from group to group, the first of those that are alike stands by itself:
     * what it is given wants a gradient, or does not, unlike what the others are given.
     *
     * @param differing whether layers may differ in what is trained
     */
    static List<TrainedRun> of(ModelSpec model, Training training, boolean differing) {
        List<TrainedRun> runs = new ArrayList<>();
        int first = 0;
        for (LayerRun run : model.layerRuns()) {
            int size = run.layers().size();
            int start = 0;
            for (int end = 1; end <= run.repeats(); end++) {
                boolean alike = end < run.repeats()
                        && (!differing
                                || trained(training, run, first + end * size)
                                        .equals(trained(training, run, first + start * size)));
                if (!alike) {
                    int alone = differing ? 1 : 0;
                    add(runs, run, first + start * size, alone);
                    add(runs, run, first + (start + alone) * size, end - start - alone);
                    start = end;
                }
            }
            first += run.repeats() * size;
        }
        return runs;
    }

    private static void add(List<TrainedRun> runs, LayerRun run, int first, int repeats) {
        if (repeats > 0) {
            runs.add(new TrainedRun(first, new LayerRun(run.layers(), repeats)));
        }
    }

    private static List<Boolean> trained(Training training, LayerRun run, int first) {
        List<Boolean> trained = new ArrayList<>();
        int index = first;
        for (Layer layer : run.layers()) {
            trained.addAll(training.trained(layer, index++));
        }
        return trained;
    }
}
