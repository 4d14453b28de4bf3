package dev.llmmem.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How well published measurements were estimated.
 *
 * @param outcomes what became of each row
 */
record MeasuredReport(List<MeasuredOutcome> outcomes) {

    MeasuredReport {
        outcomes = List.copyOf(outcomes);
    }

    int compared() {
        return Math.toIntExact(only(MeasuredOutcome.Compared.class).count());
    }

    /** What rows lack, and how many of them. */
    Map<String, Integer> incomplete() {
        return Reasons.count(only(MeasuredOutcome.Incomplete.class).map(MeasuredOutcome.Incomplete::reason));
    }

    /** What cannot be estimated, and how many rows of it there are. */
    Map<String, Integer> notModelled() {
        return Reasons.count(only(MeasuredOutcome.NotModelled.class).map(MeasuredOutcome.NotModelled::reason));
    }

    /** The errors by what was measured, then by that and its source. */
    Map<String, ErrorStatistics> groups() {
        Map<String, List<Double>> all = new TreeMap<>();
        Map<String, List<Double>> bySource = new TreeMap<>();
        only(MeasuredOutcome.Compared.class).forEach(outcome -> {
            String what = outcome.row().text("what_was_measured");
            double error = Math.abs(outcome.errorPct());
            all.computeIfAbsent(what, name -> new ArrayList<>()).add(error);
            bySource.computeIfAbsent(what + ", " + outcome.row().text("source"), name -> new ArrayList<>())
                    .add(error);
        });
        Map<String, ErrorStatistics> groups = new LinkedHashMap<>();
        Stream.of(all, bySource)
                .forEach(errors -> errors.forEach((name, values) ->
                        groups.put(name, ErrorStatistics.of(values).orElseThrow())));
        return groups;
    }

    private <T extends MeasuredOutcome> Stream<T> only(Class<T> kind) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast);
    }
}
