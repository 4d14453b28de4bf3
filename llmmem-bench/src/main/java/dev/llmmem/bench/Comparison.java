package dev.llmmem.bench;

import dev.llmmem.memory.MemoryBreakdown;
import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.Phase;
import dev.llmmem.workload.Strategy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the oracle observed of a case beside what was estimated for it.
 *
 * @param row what was observed
 * @param estimate what was estimated
 */
record Comparison(OracleRow row, MemoryEstimate estimate) {

    private static final Map<String, Phase> PHASES = Map.of(
            "load", Phase.LOAD,
            "forward", Phase.FORWARD,
            "backward", Phase.BACKWARD,
            "step", Phase.STEP,
            "decode", Phase.GENERATE);

    /**
     * The oracle's categories of live memory and the kinds that stand for them. The oracle knows where a tensor was born
     * and not what it is for, so a prompt's cache is of the forward pass and a token's of decoding.
     */
    private static final List<Category> CATEGORIES = List.of(
            new Category(List.of("weights"), List.of(MemoryKind.WEIGHTS)),
            new Category(List.of("frozen"), List.of(MemoryKind.FROZEN_WEIGHTS)),
            new Category(List.of("buffers"), List.of(MemoryKind.BUFFERS)),
            new Category(List.of("inputs"), List.of(MemoryKind.INPUTS)),
            new Category(List.of("optimizer"), List.of(MemoryKind.OPTIMIZER_STATES)),
            new Category(List.of("gradients"), List.of(MemoryKind.GRADIENTS)),
            new Category(List.of("forward", "decode"), List.of(MemoryKind.ACTIVATIONS, MemoryKind.KEY_VALUE_CACHE)),
            new Category(List.of("backward"), List.of(MemoryKind.BACKWARD_TEMPORARIES)),
            new Category(List.of("step"), List.of(MemoryKind.STEP_TEMPORARIES)));

    private record Category(List<String> names, List<MemoryKind> kinds) {

        Figure figure(Map<String, Long> alive, MemoryBreakdown breakdown) {
            return new Figure(
                    names.stream()
                            .mapToLong(name -> alive.getOrDefault(name, 0L))
                            .sum(),
                    kinds.stream().mapToLong(kind -> breakdown.of(kind).value()).sum());
        }
    }

    /** The highest point. */
    Figure peak() {
        return new Figure(row.peakBytes(), estimate.peak().value());
    }

    /** The highest point of each phase that was observed; a phase that the estimate lacks counts as nothing. */
    Map<String, Figure> phases() {
        Map<String, Figure> figures = new LinkedHashMap<>();
        row.phasePeaks().forEach((name, truth) -> figures.put(name, new Figure(truth, peakOf(name))));
        return figures;
    }

    private long peakOf(String name) {
        Phase phase = PHASES.get(name);
        return phase != null && estimate.phases().contains(phase)
                ? estimate.peak(phase).value()
                : 0;
    }

    /** What lives at the highest point, category by category, in the phase where that was observed. */
    Map<String, Figure> alive() {
        Phase phase = PHASES.get(row.peakPhase());
        if (phase == null || !estimate.phases().contains(phase)) {
            return Map.of();
        }
        Map<String, Long> truth = new HashMap<>(row.aliveAtPeak());
        if (estimate.workload().strategy() instanceof Strategy.Inference) {
            // The oracle's models could be trained, even where they are not.
            truth.merge("frozen", Objects.requireNonNullElse(truth.remove("weights"), 0L), Long::sum);
        }
        MemoryBreakdown breakdown = estimate.at(phase);
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (Category category : CATEGORIES) {
            Figure figure = category.figure(truth, breakdown);
            if (figure.truth() != 0 || figure.estimate() != 0) {
                figures.put(String.join("+", category.names()), figure);
            }
        }
        return figures;
    }
}
