package dev.llmmem.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A group of layers that stands several times in a row.
 *
 * <p>Models repeat one kind of layer, or a short pattern such as five layers with a sliding window and one without. The
 * first layer of a model is always a run of its own, since nothing stands before it.
 *
 * @param layers the group, at least one layer
 * @param repeats how many times it stands in a row, at least 1
 */
public record LayerRun(List<Layer> layers, int repeats) {

    /** The longest pattern that is looked for. */
    private static final int LONGEST_PATTERN = 12;

    /**
     * Copies the group.
     *
     * @param layers the group
     * @param repeats how many times it stands in a row
     * @throws IllegalArgumentException if the group is empty or does not stand at all
     */
    public LayerRun {
        layers = List.copyOf(layers);
        if (layers.isEmpty() || repeats < 1) {
            throw new IllegalArgumentException(
                    "layer run has " + layers.size() + " layers " + repeats + " times, but both must be at least 1");
        }
    }

    /** Cuts layers into runs; equal layers must be one object. */
    static List<LayerRun> of(List<Layer> layers) {
        List<LayerRun> runs = new ArrayList<>();
        if (!layers.isEmpty()) {
            runs.add(new LayerRun(layers.subList(0, 1), 1));
        }
        for (int i = 1; i < layers.size(); ) {
            LayerRun best = new LayerRun(layers.subList(i, i + 1), 1);
            for (int period = 1; period <= LONGEST_PATTERN && i + 2 * period <= layers.size(); period++) {
                int repeats = repeats(layers, i, period);
                if (repeats > 1 && repeats * period > best.size()) {
                    best = new LayerRun(layers.subList(i, i + period), repeats);
                }
            }
            runs.add(best);
            i += best.size();
        }
        return List.copyOf(runs);
    }

    @SuppressWarnings("ReferenceEquality") // equal layers of a model are one object
    private static int repeats(List<Layer> layers, int from, int period) {
        int end = from + period;
        while (end < layers.size() && layers.get(end) == layers.get(end - period)) {
            end++;
        }
        return (end - from) / period;
    }

    private int size() {
        return layers.size() * repeats;
    }
}
