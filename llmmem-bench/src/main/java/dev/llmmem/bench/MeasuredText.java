package dev.llmmem.bench;

import java.util.Locale;
import java.util.Map;

/** A report about published measurements, for reading. */
final class MeasuredText {

    private MeasuredText() {}

    /** The counts with their reasons, then the errors of each group. */
    static String of(MeasuredReport report) {
        StringBuilder text = new StringBuilder();
        line(text, report.outcomes().size(), "rows");
        line(text, report.compared(), "compared");
        lines(text, "incomplete", report.incomplete());
        lines(text, "not modelled", report.notModelled());
        Table table = new Table(1);
        table.row("absolute error", "rows", "mean", "median", "p95", "max");
        report.groups()
                .forEach((name, errors) -> table.row(
                        name,
                        Integer.toString(errors.count()),
                        percent(errors.mean()),
                        percent(errors.median()),
                        percent(errors.p95()),
                        percent(errors.max())));
        return text.append('\n').append(table).toString();
    }

    /** One line about a row. */
    static String of(MeasuredOutcome outcome) {
        MeasuredRow row = outcome.row();
        String name = row.id() + " (" + row.text("model") + ", " + row.text("task") + ", "
                + row.text("what_was_measured") + ") ";
        if (outcome instanceof MeasuredOutcome.Compared compared) {
            return String.format(
                    Locale.ROOT,
                    "%smeasured %.4f GiB, estimated %.4f GiB, %+.3f %%\n",
                    name,
                    row.gib(),
                    compared.estimate(),
                    compared.errorPct());
        }
        return outcome instanceof MeasuredOutcome.Incomplete incomplete
                ? name + "incomplete: " + incomplete.reason() + "\n"
                : name + "not modelled: " + ((MeasuredOutcome.NotModelled) outcome).reason() + "\n";
    }

    private static void lines(StringBuilder text, String what, Map<String, Integer> reasons) {
        line(text, reasons.values().stream().mapToInt(Integer::intValue).sum(), what);
        reasons.forEach((reason, rows) -> line(text, rows, "  " + reason));
    }

    private static void line(StringBuilder text, int rows, String what) {
        text.append(String.format(Locale.ROOT, "%5d  %s\n", rows, what));
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.3f %%", value);
    }
}
