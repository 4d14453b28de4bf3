package dev.llmmem.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A report for reading. */
final class AccuracyText {

    private AccuracyText() {}

    /** The counts, then the errors in all and of each group that has any. */
    static String of(AccuracyReport report) {
        Map<String, Integer> refused = report.refused();
        StringBuilder lines = new StringBuilder();
        lines.append(line(report.outcomes().size(), "rows"));
        lines.append(line(report.estimated(), "estimated"));
        lines.append(line(refused.values().stream().mapToInt(Integer::intValue).sum(), "refused"));
        refused.forEach((reason, rows) -> lines.append(line(rows, "  " + reason)));
        lines.append(line(report.skipped(), "skipped: the oracle could not run them"));

        Map<String, AccuracyReport.Group> groups = report.groups();
        Table errors = new Table(1);
        errors.row(
                "absolute error of the peak",
                "rows",
                "estimated",
                "mean",
                "median",
                "p95",
                "max",
                "<= 0.1 %",
                "<= 1 %");
        errors.row(errors("all", report.outcomes().size() - report.skipped(), report.peak()));
        groups.forEach((name, group) -> {
            if (group.peak().isPresent()) {
                errors.row(errors(name, group.rows(), group.peak()));
            }
        });
        return lines.append('\n').append(errors).toString();
    }

    /** One row: the peak, the phases, and what lives at the peak. */
    static String of(Outcome outcome) {
        OracleRow row = outcome.row();
        if (outcome instanceof Outcome.Refused refused) {
            return row + " refused: " + refused.reason() + "\n";
        }
        if (!(outcome instanceof Outcome.Estimated estimated)) {
            return row.id() + " skipped\n";
        }
        Table table = new Table(1);
        table.row("", "observed B", "estimated B", "difference B", "%");
        Comparison comparison = estimated.comparison();
        table.row(figure("  peak", comparison.peak()));
        comparison.phases().forEach((phase, figure) -> table.row(figure("  phase " + phase, figure)));
        comparison.alive().forEach((kind, figure) -> table.row(figure("  alive " + kind, figure)));
        return row + "\n" + table;
    }

    private static List<String> errors(String name, int rows, Optional<ErrorStatistics> errors) {
        List<String> cells = new ArrayList<>(List.of(name, count(rows)));
        errors.ifPresentOrElse(
                known -> cells.addAll(List.of(
                        count(known.count()),
                        percent(known.mean()),
                        percent(known.median()),
                        percent(known.p95()),
                        percent(known.max()),
                        share(known.within01()),
                        share(known.within1()))),
                () -> cells.add("0"));
        return cells;
    }

    private static List<String> figure(String name, Figure figure) {
        return List.of(
                name,
                Long.toString(figure.truth()),
                Long.toString(figure.estimate()),
                String.format(Locale.ROOT, "%+d", figure.difference()),
                Double.isInfinite(figure.errorPct()) ? "-" : String.format(Locale.ROOT, "%+.3f", figure.errorPct()));
    }

    private static String line(int rows, String what) {
        return String.format(Locale.ROOT, "%5d  %s\n", rows, what);
    }

    private static String count(int rows) {
        return Integer.toString(rows);
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.3f %%", value);
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }
}
