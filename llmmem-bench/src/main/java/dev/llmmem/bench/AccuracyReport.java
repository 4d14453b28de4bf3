package dev.llmmem.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How well rows were estimated, in all and group by group.
 *
 * @param outcomes what became of each row
 */
record AccuracyReport(List<Outcome> outcomes) {

    /**
     * Some rows with something in common.
     *
     * @param rows how many of them the oracle could run
     * @param peak the errors of the peak of those that were estimated; empty where none was
     */
    record Group(int rows, Optional<ErrorStatistics> peak) {}

    AccuracyReport {
        outcomes = List.copyOf(outcomes);
    }

    int estimated() {
        return Math.toIntExact(only(Outcome.Estimated.class).count());
    }

    int skipped() {
        return Math.toIntExact(only(Outcome.Skipped.class).count());
    }

    /** The reasons for which rows were refused and how often each was given, the most frequent first. */
    Map<String, Integer> refused() {
        return Reasons.count(only(Outcome.Refused.class).map(Outcome.Refused::reason));
    }

    /** The errors of the peak; empty where no row was estimated. */
    Optional<ErrorStatistics> peak() {
        return peak(outcomes);
    }

    /** The groups by name: kinds of jobs, then families of models. */
    Map<String, Group> groups() {
        Map<String, List<Outcome>> jobs = new TreeMap<>();
        Map<String, List<Outcome>> models = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            if (!(outcome instanceof Outcome.Skipped)) {
                OracleRow row = outcome.row();
                jobs.merge(RowGroup.job(row.oracle()), List.of(outcome), AccuracyReport::joined);
                models.merge(RowGroup.model(row.modelType()), List.of(outcome), AccuracyReport::joined);
            }
        }
        Map<String, Group> groups = new LinkedHashMap<>();
        jobs.forEach((name, members) -> groups.put(name, new Group(members.size(), peak(members))));
        models.forEach((name, members) -> groups.put(name, new Group(members.size(), peak(members))));
        return groups;
    }

    private <T extends Outcome> Stream<T> only(Class<T> kind) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static List<Outcome> joined(List<Outcome> some, List<Outcome> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static Optional<ErrorStatistics> peak(List<Outcome> members) {
        return ErrorStatistics.of(members.stream()
                .filter(Outcome.Estimated.class::isInstance)
                .map(Outcome.Estimated.class::cast)
                .map(estimated -> Math.abs(estimated.comparison().peak().errorPct()))
                .toList());
    }
}
